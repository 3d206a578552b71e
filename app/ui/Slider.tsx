import type { CSSProperties } from 'react';
import { NumberInput } from './NumberInput.tsx';
import { useControlName } from './row-context.ts';
import './slider.css';
import { fromPosition, positions, type SliderScale, toPosition } from './slider-scale.ts';

export interface SliderProps extends SliderScale {
  value: number;
  /** Called at every move. */
  onChange(value: number): void;
  unit?: string;
  label?: string;
  /** Names the field beside it; the row's label, when left out, names the slider. */
  exactLabel?: string;
  disabled?: boolean;
  /** A word for a value, in place of its number, while the slider is what is read. */
  words?(value: number): string;
}

/** A number by a slider, with a field for its exact value. */
export function Slider(props: SliderProps) {
  const { value, onChange, unit, label, exactLabel = 'Exact value', disabled, words } = props;
  const name = useControlName(label);
  const range = positions(props);
  const at = toPosition(Math.min(props.max, Math.max(props.min, value)), props);
  const share = range.max > range.min ? (at - range.min) / (range.max - range.min) : 0;
  return (
    <span className="slider">
      <input
        {...name}
        type="range"
        className="slider-range"
        style={{ '--slider-share': share } as CSSProperties}
        min={range.min}
        max={range.max}
        step={range.step}
        value={at}
        disabled={disabled}
        aria-valuetext={words?.(value) ?? (unit ? `${value} ${unit}` : String(value))}
        onChange={(event) => {
          const next = fromPosition(Number(event.target.value), props);
          if (next !== value) onChange(next);
        }}
      />
      <NumberInput
        label={exactLabel}
        value={value}
        min={props.min}
        max={props.max}
        step={props.step}
        unit={unit}
        disabled={disabled}
        onChange={onChange}
      />
    </span>
  );
}
