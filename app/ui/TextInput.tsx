import { useEffect, useRef, useState } from 'react';
import { classes } from './classes.ts';
import { useControlName } from './row-context.ts';

export interface TextInputProps {
  value: string;
  /** Called when the field is left or Enter is pressed, and on every key with `live`. */
  onChange(value: string): void;
  label?: string;
  placeholder?: string;
  /** Set in the mono font: names, paths, code. */
  mono?: boolean;
  live?: boolean;
  disabled?: boolean;
  /** What is wrong with the value; the field is drawn as wrong and says so. */
  invalid?: string;
  autoFocus?: boolean;
  type?: 'text' | 'search';
  onEnter?(): void;
}

/** A line of text. Escape takes back what was typed since the field was entered. */
export function TextInput(props: TextInputProps) {
  const { value, onChange, label, live, invalid, onEnter } = props;
  const name = useControlName(label);
  const [draft, setDraft] = useState<string>();
  const before = useRef(value);
  const field = useRef<HTMLInputElement>(null);
  const { autoFocus } = props;
  useEffect(() => {
    if (autoFocus) field.current?.select();
  }, [autoFocus]);
  const commit = () => {
    if (draft !== undefined && draft !== value) onChange(draft);
    setDraft(undefined);
  };
  return (
    <span className={classes('field-wrap', invalid !== undefined && 'field-invalid')}>
      <input
        {...name}
        ref={field}
        type={props.type ?? 'text'}
        className={classes('field', props.mono && 'mono')}
        value={draft ?? value}
        placeholder={props.placeholder}
        disabled={props.disabled}
        aria-invalid={invalid !== undefined || undefined}
        aria-describedby={invalid === undefined ? undefined : `${name.id}e`}
        spellCheck={false}
        autoComplete="off"
        onFocus={() => {
          before.current = value;
        }}
        onChange={(event) => {
          if (live) onChange(event.target.value);
          else setDraft(event.target.value);
        }}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            commit();
            onEnter?.();
          }
          if (event.key === 'Escape' && (draft ?? value) !== before.current) {
            event.stopPropagation();
            if (live) onChange(before.current);
            setDraft(undefined);
          }
        }}
      />
      {invalid !== undefined && (
        <span id={`${name.id}e`} className="field-error" role="alert">
          {invalid}
        </span>
      )}
    </span>
  );
}
