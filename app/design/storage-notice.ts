import { error } from '../../engines/core/result.ts';
import type { Notice } from './types.ts';

/** What to say when the browser refuses to store: its storage is full, or forbidden to this page. */
export function storageNotice(reason: unknown, things: 'changes' | 'files'): Notice {
  const full = typeof reason === 'object' && reason !== null && (reason as Error).name === 'QuotaExceededError';
  if (full) {
    return error(
      'storage-full',
      `The storage of this browser is full, so ${things} are kept only until this tab closes.`,
      'Export the design as a file now, then delete designs that you no longer need.',
    );
  }
  return error(
    'storage-forbidden',
    `This browser does not let the studio store anything, so ${things} are kept only until this tab closes.`,
    'Export the design as a file before you close this tab. A private window, or a setting that blocks site data, causes this.',
  );
}
