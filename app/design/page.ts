import type { Desk } from './desk.ts';

/** What the desk needs to know of its page. */
export interface PageEvents {
  on(event: 'pagehide' | 'visibilitychange' | 'beforeunload', listener: (event: Event) => void): () => void;
  hidden(): boolean;
}

/**
 * Saves when the page goes or is put in the background, and warns before it goes while changes are kept only in memory.
 * Answers with the function that stops it.
 */
export function watchPage(desk: Desk, page: PageEvents): () => void {
  const stops = [
    page.on('pagehide', () => void desk.saveNow()),
    page.on('visibilitychange', () => {
      if (page.hidden()) void desk.saveNow();
    }),
    page.on('beforeunload', (event) => {
      void desk.saveNow();
      if (desk.store.getState().save === 'failed') event.preventDefault();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

export function windowEvents(): PageEvents {
  return {
    on(event, listener) {
      const target = event === 'visibilitychange' ? document : window;
      // Capturing, so that saving comes before the pen is given back.
      target.addEventListener(event, listener, { capture: true });
      return () => target.removeEventListener(event, listener, { capture: true });
    },
    hidden: () => document.visibilityState === 'hidden',
  };
}
