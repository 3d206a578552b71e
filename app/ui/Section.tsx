import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { classes } from './classes.ts';

export interface SectionProps {
  title: string;
  /** On the right of the title: a count, a small button. */
  aside?: ReactNode;
  /** Can be folded; `folded` says how it starts. */
  foldable?: boolean;
  folded?: boolean;
  /** The name by which a lesson points at it. */
  lesson?: string;
  children: ReactNode;
}

/** A titled part of a panel, divided from the next by a line. */
export function Section({ title, aside, foldable, folded = false, lesson, children }: SectionProps) {
  const [open, setOpen] = useState(!folded);
  return (
    <section className="sec" data-lesson={lesson}>
      <div className="sec-head">
        <h2 className="sec-title">
          {foldable ? (
            <button type="button" className="sec-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
              <ChevronRight size={14} aria-hidden className={classes('sec-chevron', open && 'sec-chevron-open')} />
              {title}
            </button>
          ) : (
            title
          )}
        </h2>
        {aside !== undefined && <div className="sec-aside">{aside}</div>}
      </div>
      {(open || !foldable) && <div className="sec-body">{children}</div>}
    </section>
  );
}
