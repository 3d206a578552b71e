import { useId } from 'react';
import { useControlName } from './row-context.ts';

export interface SegmentedProps<V extends string> {
  value: V;
  onChange(value: V): void;
  options: readonly { value: V; label: string; disabled?: boolean }[];
  label?: string;
}

/** One of two to four, all visible. */
export function Segmented<V extends string>({ value, onChange, options, label }: SegmentedProps<V>) {
  const group = useId();
  const name = useControlName(label);
  return (
    <div {...name} role="radiogroup" className="seg">
      {options.map((option) => (
        <label key={option.value} className="seg-option">
          <input
            type="radio"
            name={group}
            checked={option.value === value}
            disabled={option.disabled}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}
