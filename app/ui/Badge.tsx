import type { ReactNode } from 'react';
import { classes } from './classes.ts';

/** A small tag beside a word: a count, a state. */
export function Badge({
  tone = 'plain',
  children,
}: {
  tone?: 'plain' | 'accent' | 'good' | 'warn' | 'bad';
  children: ReactNode;
}) {
  return <span className={classes('badge', `badge-${tone}`)}>{children}</span>;
}
