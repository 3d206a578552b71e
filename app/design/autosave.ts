import type { DesignStore } from './store.ts';

export const SAVE_DELAY_MS = 400;

export interface Autosave {
  /** Something changed: it is written when nothing more has changed for a while. */
  soon(): void;
  /** Writes what is not yet written, beginning before this returns: the page may be about to go. */
  now(): Promise<void>;
  /** Another design lies on the desk: what could not be written of the last is not written over this one. */
  forget(): void;
}

/**
 * Writes the open design after edits, and keeps the store's save state. `write` begins at once and answers when all is
 * kept; it answers undefined when this tab may not write.
 */
export function createAutosave(
  store: DesignStore,
  write: () => Promise<void> | undefined,
  troubled: () => boolean,
): Autosave {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dirty = false;
  let writing = 0;
  let last: Promise<void> = Promise.resolve();

  async function save(): Promise<void> {
    clearTimeout(timer);
    if (!dirty) return;
    const written = write();
    if (!written) {
      store.setState({ save: 'failed' });
      return;
    }
    dirty = false;
    writing++;
    last = written;
    await written;
    writing--;
    if (writing === 0 && !dirty) store.setState({ save: troubled() ? 'failed' : 'saved' });
  }

  return {
    soon() {
      dirty = true;
      if (store.getState().save !== 'saving') store.setState({ save: 'saving' });
      clearTimeout(timer);
      timer = setTimeout(save, SAVE_DELAY_MS);
    },
    async now() {
      await save();
      // A write that the timer began may still be under way.
      await last;
    },
    forget() {
      clearTimeout(timer);
      dirty = false;
    },
  };
}
