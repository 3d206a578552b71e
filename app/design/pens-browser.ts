import { memoryPens, type Pen, type Pens } from './pens.ts';
import { heartbeatPens, type PenMedium, type PenMessage } from './pens-heartbeat.ts';

/** Web Locks where the browser has them, signatures in shared storage where not, and no guard where there is neither. */
export function browserPens(tab: string, now: () => number): Pens {
  if (typeof window === 'undefined') return memoryPens();
  if (navigator.locks) return lockPens(navigator.locks);
  const medium = browserMedium();
  return medium ? heartbeatPens(medium, tab, now) : memoryPens();
}

function lockPens(locks: LockManager): Pens {
  const name = (id: string) => `crossbar-pen:${id}`;
  return {
    async take(id, onTurn): Promise<Pen> {
      const waiting = new AbortController();
      let mine = false;
      let giveBack = () => {};
      const held = new Promise<void>((resolve) => {
        giveBack = resolve;
      });
      await new Promise<void>((answer) => {
        locks
          .request(name(id), { ifAvailable: true }, (lock) => {
            mine = lock !== null;
            answer();
            return mine ? held : undefined;
          })
          .catch(() => {
            // A page without an origin of its own has no locks, and shares its designs with nobody.
            mine = true;
            answer();
          });
      });
      if (!mine) {
        locks
          .request(name(id), { signal: waiting.signal }, () => {
            mine = true;
            onTurn(true);
            return held;
          })
          .catch(() => {});
      }
      return {
        mine: () => mine,
        release() {
          mine = false;
          waiting.abort();
          giveBack();
        },
      };
    },
    async taken(id) {
      const { held = [] } = await locks.query().catch(() => ({ held: [] as LockInfo[] }));
      return held.some((lock) => lock.name === name(id));
    },
    // The browser takes the locks of a page that goes, and does not put aside one that holds any.
    sleep() {},
    wake() {},
  };
}

function browserMedium(): PenMedium | undefined {
  let storage: Storage;
  try {
    storage = window.localStorage;
    storage.setItem('crossbar-pen', '');
    storage.removeItem('crossbar-pen');
  } catch {
    return undefined;
  }
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('crossbar-pens');
  return {
    read: (key) => storage.getItem(key),
    write(key, value) {
      try {
        storage.setItem(key, value);
      } catch {
        // Full: the signature that is there grows old, and the pen is then free to whoever can write.
      }
    },
    remove: (key) => storage.removeItem(key),
    post: (message) => channel?.postMessage(message),
    onMessage: (listener) =>
      channel?.addEventListener('message', (event) => listener((event as MessageEvent<PenMessage>).data)),
  };
}
