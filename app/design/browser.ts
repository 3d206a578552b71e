import type { Environment, News } from './environment.ts';
import { memoryNews } from './environment.ts';
import { browserPens } from './pens-browser.ts';
import { registryWith, slicesNamed } from './slices.ts';
import { browserStorage } from './storage-browser.ts';

/** The world of a browser tab; in Node (tests of what builds on the desk) everything stays in memory. */
export function browserEnvironment(): Environment {
  return {
    designs: browserStorage('crossbar-designs'),
    blobs: browserStorage('crossbar-blobs'),
    pens: browserPens(newId(), Date.now),
    news: browserNews(),
    now: Date.now,
    newId,
    async restore(input) {
      const [{ restore }, registry] = await Promise.all([
        import('../../engines/document/restore.ts'),
        registryWith(slicesNamed(input)),
      ]);
      return restore(input, registry);
    },
  };
}

/** Ten characters, 50 bits. `crypto.randomUUID` is missing on plain http; `getRandomValues` is not. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => '0123456789abcdefghjkmnpqrstvwxyz'[byte & 31]).join('');
}

function browserNews(): News {
  if (typeof window === 'undefined' || typeof BroadcastChannel === 'undefined') return memoryNews()();
  const channel = new BroadcastChannel('crossbar-designs');
  return {
    post: (news) => channel.postMessage(news),
    subscribe(listener) {
      const hear = (event: MessageEvent) => listener(event.data as { id: string; removed?: boolean });
      channel.addEventListener('message', hear);
      return () => channel.removeEventListener('message', hear);
    },
  };
}
