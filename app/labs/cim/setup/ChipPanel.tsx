import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { ConstantSource } from '../../../../engines/cim/hardware.ts';
import { PRESETS } from '../../../../engines/cim/presets/index.ts';
import type { CimSlice } from '../../../../engines/cim/types.ts';
import { at, baseOf, overrideAt } from '../../../models/overrides.ts';
import { Badge } from '../../../ui/Badge.tsx';
import { Button } from '../../../ui/Button.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { NumberInput } from '../../../ui/NumberInput.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Slider } from '../../../ui/Slider.tsx';
import { Term } from '../../../ui/Term.tsx';
import { editHardware, set } from '../actions.ts';
import { texts } from '../texts.ts';
import { CONSTANT_GROUPS } from './constant-groups.ts';
import type { PartProps } from './ModelPanel.tsx';

const words = texts.chip;

/** The chip: a preset, and every constant of it with where it comes from; those that are ours have sliders. */
export function ChipPanel({ slice, editable }: PartProps) {
  const choice = slice.hardware;
  const base = baseOf(choice) ?? '';
  const preset = PRESETS[base];
  const changed = preset?.constants.filter(({ path }) => overrideAt(choice, path.split('.')) !== undefined) ?? [];
  return (
    <Section title={words.title} lesson="chip">
      <div className="wide-control">
        <Select
          label={words.title}
          disabled={!editable}
          value={base}
          onChange={(next) => set(texts.edits.chip, 'hardware', next)}
          options={[
            ...(preset ? [] : [{ value: base, label: words.unknown(base) }]),
            ...Object.values(PRESETS).map(({ id, title }) => ({ value: id, label: title })),
          ]}
        />
      </div>
      {preset && <p className="hint">{preset.about}</p>}
      {changed.length > 0 && editable && (
        <div className="cim-changes">
          <span>{words.changed(changed.length)}</span>
          <Button
            size="small"
            variant="ghost"
            icon={RotateCcw}
            label={words.resetAll}
            onClick={() => set(texts.edits.resetChip, 'hardware', base)}
          />
        </div>
      )}
      {preset &&
        CONSTANT_GROUPS.map(({ id, title, open, holds }) => (
          <Group
            key={`${base}${id}`}
            title={title}
            open={open}
            constants={preset.constants.filter(({ path }) => holds(path))}
            choice={choice}
            editable={editable}
          />
        ))}
    </Section>
  );
}

interface GroupProps {
  title: string;
  open: boolean;
  constants: readonly ConstantSource[];
  choice: CimSlice['hardware'];
  editable: boolean;
}

function Group({ title, open, constants, choice, editable }: GroupProps) {
  const changed = constants.filter(({ path }) => overrideAt(choice, path.split('.')) !== undefined).length;
  const [unfolded, setUnfolded] = useState(open || changed > 0);
  if (constants.length === 0) return null;
  return (
    <details className="cim-group" open={unfolded} onToggle={(event) => setUnfolded(event.currentTarget.open)}>
      <summary>
        {title}
        {changed > 0 && <span className="cim-changed">{words.changed(changed)}</span>}
      </summary>
      {unfolded && (
        <div className="params">
          {constants.map((constant) => (
            <Constant key={constant.path} constant={constant} choice={choice} editable={editable} />
          ))}
        </div>
      )}
    </details>
  );
}

interface ConstantProps {
  constant: ConstantSource;
  choice: CimSlice['hardware'];
  editable: boolean;
}

/** A constant with its source. What the papers do not say has a slider between the bounds that make sense. */
function Constant({ constant, choice, editable }: ConstantProps) {
  const { path, label, unit, source, reason, low, high, log } = constant;
  const place = path.split('.');
  const own = Number(at(PRESETS[baseOf(choice) ?? '']!.hardware, place));
  const override = overrideAt(choice, place) as number | undefined;
  const value = override ?? own;
  const put = (next: number) => editHardware(path, label, next === own ? undefined : next, 'merge');
  const whole = Number.isInteger(own) && Number.isInteger(low) && (high - low > 8 || unit === '');
  const row = (
    <Row
      label={label}
      term={{ name: label, text: reason }}
      note={override === undefined ? undefined : words.preset(formatNumber(own, unit))}
      lesson={path}
    >
      {source === 'ours' ? (
        <Slider
          value={value}
          min={low}
          max={high}
          step={whole ? 1 : (high - low) / 200}
          {...(log && { scale: 'log' as const })}
          unit={unit}
          disabled={!editable}
          onChange={put}
        />
      ) : (
        <NumberInput value={value} min={0} step={whole ? 1 : 0.001} unit={unit} disabled={!editable} onChange={put} />
      )}
      <Term term={{ name: words.sources[source], text: reason }}>
        <Badge tone={source === 'ours' ? 'warn' : 'plain'}>{words.sources[source]}</Badge>
      </Term>
      {override !== undefined && editable && (
        <IconButton
          size="small"
          icon={RotateCcw}
          label={words.reset(label)}
          onClick={() => editHardware(path, label, undefined)}
        />
      )}
    </Row>
  );
  return source === 'ours' ? <div className="cim-assumed">{row}</div> : row;
}
