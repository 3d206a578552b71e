import type { Desk } from './desk.ts';

/** What the desk needs to know of its page. */
export interface PageEvents {
  on(
    event: 'pagehide' | 'pageshow' | 'visibilitychange' | 'beforeunload',
    listener: (event: Event) => void,
  ): () => void;
  hidden(): boolean;
}

/**
 * Saves when the page goes or is put in the background, and warns before it goes while changes are kept only in memory.
 * Answers with the function that stops it.
 */
export function watchPage(desk: Desk, page: PageEvents): () => void {
  const stops = [
    page.on('pagehide', () => {
      // The write is under way when this returns; the pen goes after it.
      void desk.saveNow();
      desk.environment.pens.sleep();
    }),
    page.on('pageshow', (event) => {
      if ((event as PageTransitionEvent).persisted) desk.environment.pens.wake();
    }),
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
      target.addEventListener(event, listener);
      return () => target.removeEventListener(event, listener);
    },
    hidden: () => document.visibilityState === 'hidden',
  };
}
