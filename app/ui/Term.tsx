import { CircleHelp } from 'lucide-react';
import * as Popover from 'radix-ui/popover';
import type { ReactNode } from 'react';

/** What a term of art means, and where it comes from. */
export interface TermInfo {
  name: string;
  text: string;
  /** The paper, standard or manual that defines it. */
  source?: { title: string; url: string };
}

/**
 * A term of art: pressing it opens its explanation with a link to the source.
 * @param mark draws a small question mark beside a word that stands elsewhere, instead of the underlined word.
 */
export function Term({ term, children, mark }: { term: TermInfo; children?: ReactNode; mark?: boolean }) {
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          className={mark ? 'term-mark' : 'term'}
          aria-label={mark ? `What is ${term.name}?` : undefined}
        >
          {mark ? <CircleHelp size={13} strokeWidth={1.75} aria-hidden /> : (children ?? term.name)}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="term-card" sideOffset={6} collisionPadding={8} aria-label={term.name}>
          <strong>{term.name}</strong>
          <p>{term.text}</p>
          {term.source && (
            <a href={term.source.url} target="_blank" rel="noreferrer">
              {term.source.title}
            </a>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
