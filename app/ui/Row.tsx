import { type ReactNode, useId, useMemo } from 'react';
import { RowContext } from './row-context.ts';
import { Term, type TermInfo } from './Term.tsx';

export interface RowProps {
  label: string;
  /** Explains the label when it is a term of art. */
  term?: TermInfo;
  /** Under the row: what the value means, or what is wrong with it. */
  note?: ReactNode;
  lesson?: string;
  children: ReactNode;
}

/** A line of a form: the label on the left, its control on the right. */
export function Row({ label, term, note, lesson, children }: RowProps) {
  const id = useId();
  const names = useMemo(() => ({ control: `${id}c`, label: `${id}l` }), [id]);
  return (
    <RowContext value={names}>
      <div className="row" data-lesson={lesson}>
        <span className="row-label">
          <label id={names.label} htmlFor={names.control}>
            {label}
          </label>
          {term && <Term term={term} mark />}
        </span>
        <span className="row-control">{children}</span>
        {note && <span className="row-note">{note}</span>}
      </div>
    </RowContext>
  );
}
