import { useState } from 'react';
import { classes } from './classes.ts';
import './number-input.css';
import { useControlName } from './row-context.ts';

export interface NumberInputProps {
  value: number;
  onChange(value: number): void;
  min?: number;
  max?: number;
  /** What the arrow keys add, ten of it with Shift. Whole steps keep the value whole. */
  step?: number;
  unit?: string;
  label?: string;
  disabled?: boolean;
}

/** What a typed text means: the number, or the sentence that says why it is refused. */
export function readNumber(
  text: string,
  { min, max, step = 1 }: Pick<NumberInputProps, 'min' | 'max' | 'step'>,
): number | string {
  const tidy = text
    .replace(/[\s_\u202f]/g, '')
    .replace('\u2212', '-')
    .replace(',', '.');
  const value = Number(tidy);
  if (tidy === '' || !Number.isFinite(value)) return 'Type a number.';
  if (Number.isInteger(step) && !Number.isInteger(value)) return 'Type a whole number.';
  if (min !== undefined && value < min) return `At least ${min}.`;
  if (max !== undefined && value > max) return `At most ${max}.`;
  return value;
}

/** A number with its unit. Taken over when the field is left or Enter is pressed; a refused text stays and says why. */
export function NumberInput(props: NumberInputProps) {
  const { value, onChange, min, max, step = 1, unit, label, disabled } = props;
  const name = useControlName(label);
  const [draft, setDraft] = useState<string>();
  const read = draft === undefined ? value : readNumber(draft, { min, max, step });
  const wrong = typeof read === 'string' ? read : undefined;
  const commit = () => {
    if (typeof read === 'string') return;
    setDraft(undefined);
    if (read !== value) onChange(read);
  };
  const nudge = (steps: number) => {
    const from = typeof read === 'number' ? read : value;
    const digits = Math.max(decimals(step), decimals(from));
    const next = Number((from + steps * step).toFixed(digits));
    setDraft(undefined);
    onChange(Math.min(max ?? next, Math.max(min ?? next, next)));
  };
  return (
    <span className={classes('field-wrap', wrong !== undefined && 'field-invalid')}>
      <span className="field-with-unit">
        <input
          {...name}
          type="text"
          inputMode={Number.isInteger(step) ? 'numeric' : 'decimal'}
          role="spinbutton"
          aria-valuenow={value}
          aria-valuemin={min}
          aria-valuemax={max}
          aria-valuetext={unit ? `${value} ${unit}` : undefined}
          aria-invalid={wrong !== undefined || undefined}
          className="field num field-number"
          value={draft ?? String(value)}
          disabled={disabled}
          autoComplete="off"
          onChange={(event) => setDraft(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
            if (event.key === 'Escape' && draft !== undefined) {
              event.stopPropagation();
              setDraft(undefined);
            }
            if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
              event.preventDefault();
              nudge((event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1));
            }
          }}
        />
        {unit && (
          <span className="field-unit" aria-hidden>
            {unit}
          </span>
        )}
      </span>
      {wrong !== undefined && (
        <span className="field-error" role="alert">
          {wrong}
        </span>
      )}
    </span>
  );
}

function decimals(value: number): number {
  const text = String(value);
  const dot = text.indexOf('.');
  return dot < 0 || text.includes('e') ? 0 : text.length - dot - 1;
}
