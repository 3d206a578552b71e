import { useState } from 'react';
import type { FormatChoice } from '../../../../engines/bfp/types.ts';
import { formatText, parseFormat } from '../../../../engines/tensor/formats/text.ts';
import { TextInput } from '../../../ui/TextInput.tsx';
import { textOf } from '../actions.ts';

export interface FormatFieldProps {
  value: FormatChoice;
  disabled: boolean;
  label?: string;
  /** What an empty text means; left out, an empty text is refused. */
  onEmpty?(): void;
  onChange(text: string): void;
}

/** A format by its short form: "bfp6/32". A text that is none is not taken over, and says why. */
export function FormatField({ value, disabled, label, onEmpty, onChange }: FormatFieldProps) {
  const [refused, setRefused] = useState<{ text: string; fault: string; over: string }>();
  const text = textOf(value);
  // What was refused is forgotten once the format itself changes.
  const wrong = refused?.over === text ? refused : undefined;
  const known = parseFormat(text);
  return (
    <TextInput
      mono
      label={label}
      disabled={disabled}
      value={wrong?.text ?? text}
      invalid={wrong?.fault ?? (known.ok ? undefined : known.problems[0]?.what)}
      onChange={(next) => {
        if (next.trim() === '' && onEmpty) {
          setRefused(undefined);
          onEmpty();
          return;
        }
        const parsed = parseFormat(next);
        setRefused(parsed.ok ? undefined : { text: next, fault: parsed.problems[0]?.what ?? '', over: text });
        if (parsed.ok && formatText(parsed.value) !== text) onChange(formatText(parsed.value));
      }}
    />
  );
}
