import type { EntryName } from '../../engines/core/job.ts';
import type { Result } from '../../engines/core/result.ts';
import type { Unpacked } from '../../engines/document/pack.ts';
import type { Environment, News } from './environment.ts';
import { memoryNews } from './environment.ts';
import { hashInPieces } from './hash-pieces.ts';
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
    async hash(content) {
      const size = content instanceof Blob ? content.size : content.length;
      if (size > WORKER_BYTES) {
        const result = await inWorker<string>('files/hash', { content });
        if (result?.ok) return result.value;
      }
      return hashInPieces(content);
    },
    async unpack(file) {
      const result = file.size > WORKER_BYTES ? await inWorker<Unpacked>('files/unpack', { content: file }) : undefined;
      if (result) return result;
      const { unpack } = await import('../../engines/document/pack.ts');
      return unpack(new Uint8Array(await file.arrayBuffer()));
    },
    async restore(input) {
      const [{ restore }, registry] = await Promise.all([
        import('../../engines/document/restore.ts'),
        registryWith(slicesNamed(input)),
      ]);
      return restore(input, registry);
    },
  };
}

/** A worker takes longer to start than smaller files take to read. */
const WORKER_BYTES = 2 * 1024 * 1024;

/** Undefined: there are no workers to be had (no script, no Workers), and the page does it itself. */
async function inWorker<R>(entry: EntryName, spec: unknown): Promise<Result<R> | undefined> {
  if (typeof Worker === 'undefined') return undefined;
  const { loadHost } = await import('../jobs/host-client.ts');
  const result = await (await loadHost()).run<R>(entry, spec);
  return !result.ok && /^(worker-|engine-|unknown-entry|defect)/.test(result.problems[0]!.code) ? undefined : result;
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
