import { RotateCcw } from 'lucide-react';
import { MACHINES } from '../../../../engines/bfp/movement/machines.ts';
import type { BfpSlice } from '../../../../engines/bfp/types.ts';
import { Button } from '../../../ui/Button.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { NumberInput } from '../../../ui/NumberInput.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Select } from '../../../ui/Select.tsx';
import { edit, set } from '../actions.ts';
import { terms, texts } from '../texts.ts';
import { baseOf, type MachinePath, overrideAt, presetOf, valueAt, withOverride } from './machine.ts';

const words = texts.machine;
const KIB = 8 * 1024;

interface FieldInfo {
  path: MachinePath;
  label: string;
  unit?: string;
  /** Bits of the document in one of the field. */
  scale?: number;
  step?: number;
  bandwidth?: boolean;
}

const WHOLE: readonly FieldInfo[] = [
  { path: { key: 'threads' }, label: words.threads },
  { path: { key: 'dramPjPerWord' }, label: words.dram, unit: 'pJ', step: 0.1 },
  { path: { key: 'sramPjPerWord' }, label: words.sram, unit: 'pJ', step: 0.1 },
];

/** The machine that data movement is counted on: a preset, and every number of it, each with its way back. */
export function MachinePanel({ slice, editable }: { slice: BfpSlice; editable: boolean }) {
  const choice = slice.machine;
  const base = baseOf(choice);
  const preset = presetOf(choice);
  const fields: FieldInfo[] = [
    ...(preset?.levels ?? []).flatMap(({ level }): FieldInfo[] => [
      {
        path: { level, key: 'capacityBits' },
        label: words.capacityOf(words.levels[level]),
        unit: 'KiB',
        scale: KIB,
        step: 0.5,
      },
      { path: { level, key: 'bandwidth' }, label: words.bandwidthOf(words.levels[level]), step: 0.5, bandwidth: true },
    ]),
    ...WHOLE,
  ];
  const changes = fields.filter(({ path }) => overrideAt(choice, path) !== undefined).length;
  return (
    <Section title={words.title} foldable lesson="machine">
      <div className="wide-control">
        <Select
          label={words.title}
          disabled={!editable}
          value={base}
          onChange={(next) => set(texts.edits.machine, 'machine', next)}
          options={[
            ...(preset ? [] : [{ value: base, label: words.unknown(base) }]),
            ...MACHINES.map(({ id, title }) => ({ value: id, label: title })),
          ]}
        />
      </div>
      {changes > 0 && editable && (
        <div className="bfp-line bfp-changed">
          <span>{words.changed(changes)}</span>
          <Button
            size="small"
            variant="ghost"
            icon={RotateCcw}
            label={words.resetAll}
            onClick={() => set(texts.edits.resetMachine, 'machine', base)}
          />
        </div>
      )}
      {preset && (
        <details className="bfp-more" open={changes > 0 || undefined}>
          <summary>{words.numbers}</summary>
          <div className="params">
            {fields.map((field) => (
              <Field key={JSON.stringify(field.path)} field={field} slice={slice} editable={editable} />
            ))}
          </div>
        </details>
      )}
    </Section>
  );
}

function Field({ field, slice, editable }: { field: FieldInfo; slice: BfpSlice; editable: boolean }) {
  const { path, label, unit, scale = 1, step = 1, bandwidth } = field;
  const choice = slice.machine;
  const own = valueAt(presetOf(choice), path);
  const override = overrideAt(choice, path);
  const put = (value: number | undefined) =>
    edit(texts.edits.machine, (was) => ({ ...was, machine: withOverride(was.machine, path, value) }));
  return (
    <Row
      label={label}
      term={bandwidth ? terms.bandwidth : undefined}
      note={override === undefined ? undefined : words.preset(formatNumber(own / scale, unit))}
    >
      <NumberInput
        value={(override ?? own) / scale}
        min={path.key === 'threads' ? 1 : 0}
        max={path.key === 'threads' ? 256 : undefined}
        step={step}
        unit={unit}
        disabled={!editable}
        onChange={(next) => put(next * scale)}
      />
      {override !== undefined && editable && (
        <IconButton size="small" icon={RotateCcw} label={words.reset(label)} onClick={() => put(undefined)} />
      )}
    </Row>
  );
}
