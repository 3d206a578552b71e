import { error, type Problem } from '../../engines/core/result.ts';
import type { Notice } from './types.ts';

/** Notices that mean nothing once another design lies on the desk. */
export const OF_ONE_DESIGN = ['pen-elsewhere', 'newer-version', 'history-lost', 'blob-missing', 'blob-differs'];

export const MISSING = error(
  'design-missing',
  'This design is not kept in this browser.',
  'It may have been deleted, or made in another browser: open its share link or its exported file.',
);

export const NEWER_NAME = error(
  'newer-version',
  'This design was made by a newer version of the studio, so it is left untouched.',
  'Open it with that version to rename it.',
);

/** `done` is what cannot be done: "renamed". */
export function inUse(done: string): Notice {
  return {
    ...error(
      'design-in-use',
      `This design is open in another tab, so it cannot be ${done} here.`,
      'Close it there first.',
    ),
    severity: 'warning',
  };
}

export function deleted(title: string, undo: () => void): Notice {
  return {
    code: 'design-deleted',
    severity: 'note',
    what: `“${title}” was deleted.`,
    action: { label: 'Undo', run: undo },
  };
}

/** A few findings are shown as they are; many would bury the screen. */
export function tellFindings(findings: readonly Problem[], notify: (notice: Notice) => void): void {
  for (const finding of findings.slice(0, 3)) notify(finding);
  if (findings.length <= 3) return;
  const places = findings.slice(3).map((each) => each.where?.path ?? each.what);
  notify({
    code: 'more-findings',
    severity: 'warning',
    what: `${places.length} more places of this design were repaired: ${places.join(', ')}.`,
  });
}
