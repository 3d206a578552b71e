import { RotateCcw } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Hardware, HardwareChoice } from '../../../../engines/pim/hardware.ts';
import { PRESETS, resolveHardware } from '../../../../engines/pim/presets.ts';
import type { PimSlice } from '../../../../engines/pim/types.ts';
import { baseOf, overrideAt, withOverride } from '../../../models/overrides.ts';
import { Button } from '../../../ui/Button.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Select } from '../../../ui/Select.tsx';
import { TextInput } from '../../../ui/TextInput.tsx';
import { edit, set, valueAt } from '../actions.ts';
import { usePim } from '../state.ts';
import { terms, texts } from '../texts.ts';
import { type HardwareField, hardwareGroups, readNumber } from './hardware-fields.ts';

const words = texts.hardware;
/** A choice whose parameters can be changed one by one. */
type Preset = Exclude<HardwareChoice, { pimcompConfig: unknown }>;

/** The chip of a choice, with what follows from changed sizes (time and energy of a product); undefined for an impossible one. */
function resolved(choice: PimSlice['hardware']): Hardware | undefined {
  const result = resolveHardware(choice);
  return result.ok ? result.value : undefined;
}

/** The chip: a preset, and every parameter of it, each with its way back. */
export function HardwarePanel({ slice, editable }: { slice: PimSlice; editable: boolean }) {
  const choice = slice.hardware;
  const base = baseOf(choice);
  const preset = base === undefined ? undefined : PRESETS[base];
  const imported = usePim((state) => (base === undefined ? state.result?.report.hardware : undefined));
  const hardware = useMemo(
    () => (preset ? (resolved(choice) ?? preset.hardware) : imported),
    [choice, preset, imported],
  );
  const changes = useMemo(
    () => hardwareGroups.flatMap(({ fields }) => fields).filter(({ path }) => overrideAt(choice, path) !== undefined),
    [choice],
  );
  return (
    <Section title={words.title} lesson="hardware" aside={hardware && <Cores choice={choice} hardware={hardware} />}>
      <div className="wide-control">
        <Select
          label={words.title}
          disabled={!editable}
          value={base ?? ''}
          onChange={(next) => next !== '' && set(texts.edits.hardware, 'hardware', next)}
          options={[
            ...(base === undefined ? [{ value: '', label: words.imported }] : []),
            ...(base !== undefined && !preset ? [{ value: base, label: words.unknown(base) }] : []),
            ...Object.keys(PRESETS).map((id) => ({ value: id, label: id })),
          ]}
        />
      </div>
      {preset && (
        <p className="hint" title={preset.source}>
          {preset.about}
        </p>
      )}
      {base === undefined && <p className="hint">{words.importedAbout}</p>}
      {changes.length > 0 && editable && (
        <div className="pim-changes">
          <span>{words.changed(changes.length)}</span>
          <Button
            size="small"
            variant="ghost"
            icon={RotateCcw}
            label={words.resetAll}
            onClick={() => base !== undefined && set(texts.edits.resetHardware, 'hardware', base)}
          />
        </div>
      )}
      {hardware && (
        <div className="pim-groups">
          {hardwareGroups.map((group) => (
            <Group key={group.id} {...group} hardware={hardware} choice={choice} editable={editable && !!preset} />
          ))}
        </div>
      )}
    </Section>
  );
}

function Cores({ choice, hardware }: { choice: PimSlice['hardware']; hardware: Hardware }) {
  const at = (path: readonly [string, string]) => Number(overrideAt(choice, path) ?? valueAt(hardware, path));
  const cores = at(['chips', 'x']) * at(['chips', 'y']) * at(['cores', 'x']) * at(['cores', 'y']);
  return (
    <span className="num">{words.size(formatNumber(cores), formatNumber(cores * at(['crossbar', 'perCore'])))}</span>
  );
}

interface GroupProps {
  title: string;
  open?: boolean;
  fields: readonly HardwareField[];
  hardware: Hardware;
  choice: PimSlice['hardware'];
  editable: boolean;
}

function Group({ title, open = false, fields, hardware, choice, editable }: GroupProps) {
  const changed = fields.filter(({ path }) => overrideAt(choice, path) !== undefined).length;
  const [unfolded, setUnfolded] = useState(open || changed > 0);
  return (
    <details className="pim-group" open={unfolded} onToggle={(event) => setUnfolded(event.currentTarget.open)}>
      <summary>
        {title}
        {changed > 0 && <span className="pim-changed">{words.changed(changed)}</span>}
      </summary>
      {unfolded && (
        <div className="params">
          {fields.map((field) => (
            <Field key={field.path.join('.')} field={field} hardware={hardware} choice={choice} editable={editable} />
          ))}
        </div>
      )}
    </details>
  );
}

interface FieldProps {
  field: HardwareField;
  hardware: Hardware;
  choice: PimSlice['hardware'];
  editable: boolean;
}

function Field({ field, hardware, choice, editable }: FieldProps) {
  const { path, label, unit, choices, scale = 1 } = field;
  const [refused, setRefused] = useState<{ text: string; fault: string }>();
  const override = overrideAt(choice, path) as string | number | undefined;
  const own = useMemo(() => {
    if (override === undefined) return valueAt(hardware, path);
    const without = resolved(withOverride(choice as Preset, path, undefined));
    return without && valueAt(without, path);
  }, [hardware, choice, path, override]);
  const value = override ?? own ?? '';
  const put = (next: string | number | undefined) =>
    edit(next === undefined ? texts.edits.resetParameter(label) : texts.edits.parameter(label), (was) => ({
      ...was,
      hardware: withOverride(was.hardware as Preset, path, next === own ? undefined : next),
    }));
  const shown = (of: string | number) => (typeof of === 'number' ? formatPlain(of / scale) : of);
  const note =
    override === undefined || own === undefined
      ? undefined
      : words.preset(
          choices?.find((each) => each.value === own)?.label ?? `${shown(own)}${unit ? `\u202f${unit}` : ''}`,
        );
  return (
    <Row label={label} term={terms[path.join('.') as keyof typeof terms]} note={note}>
      {choices ? (
        <Select disabled={!editable} value={String(value)} onChange={put} options={choices} />
      ) : (
        <TextInput
          disabled={!editable}
          value={refused?.text ?? shown(value)}
          invalid={refused?.fault}
          onChange={(text) => {
            const read = text.trim() === '' ? undefined : readNumber(text, field);
            setRefused(typeof read === 'string' ? { text, fault: read } : undefined);
            if (typeof read !== 'string') put(read);
          }}
        />
      )}
      {unit && <span className="pim-unit">{unit}</span>}
      {override !== undefined && editable && (
        <IconButton
          size="small"
          icon={RotateCcw}
          label={words.reset(label)}
          onClick={() => {
            setRefused(undefined);
            put(undefined);
          }}
        />
      )}
    </Row>
  );
}

/** A number as it is typed: all its digits, no groups. */
function formatPlain(value: number): string {
  return String(Number(value.toPrecision(12)));
}
