import { useControlName } from './row-context.ts';

export interface SwitchProps {
  checked: boolean;
  onChange(checked: boolean): void;
  label?: string;
  disabled?: boolean;
}

/** On or off, at once. */
export function Switch({ checked, onChange, label, disabled }: SwitchProps) {
  const name = useControlName(label);
  return (
    <input
      {...name}
      type="checkbox"
      role="switch"
      aria-checked={checked}
      className="switch"
      checked={checked}
      disabled={disabled}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
}
