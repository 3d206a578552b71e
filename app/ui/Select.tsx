import { ChevronDown } from 'lucide-react';
import { useControlName } from './row-context.ts';

export interface SelectProps<V extends string> {
  value: V;
  onChange(value: V): void;
  options: readonly { value: V; label: string; disabled?: boolean }[];
  label?: string;
  disabled?: boolean;
  mono?: boolean;
}

/** One of a list. The browser's own list, so that keyboard, touch and screen readers know it. */
export function Select<V extends string>({ value, onChange, options, label, disabled, mono }: SelectProps<V>) {
  const name = useControlName(label);
  return (
    <span className="select">
      <select
        {...name}
        className={mono ? 'field mono' : 'field'}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value as V)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
    </span>
  );
}
