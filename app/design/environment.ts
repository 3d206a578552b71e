import type { Result } from '../../engines/core/result.ts';
import type { Unpacked } from '../../engines/document/pack.ts';
import type { DesignDocument, Restored } from '../../engines/document/types.ts';
import type { Pens } from './pens.ts';
import type { KeyValue } from './storage.ts';

/** News between the tabs of this browser: a design was saved or removed. */
export interface News {
  post(news: { id: string; removed?: boolean }): void;
  subscribe(listener: (news: { id: string; removed?: boolean }) => void): () => void;
}

/** What the desk needs of the world; tests give their own. */
export interface Environment {
  designs: KeyValue;
  blobs: KeyValue;
  pens: Pens;
  news: News;
  /** Milliseconds since 1970. */
  now(): number;
  newId(): string;
  /** SHA-256 in hex. Off the page's thread where that is worth it. */
  hash(content: Uint8Array | Blob): Promise<string>;
  /** Reads an exported file. Off the page's thread where that is worth it. */
  unpack(file: Blob): Promise<Result<Unpacked>>;
  /** Restores a document of any age, with the slices it names registered. */
  restore(input: unknown): Promise<Result<Restored>>;
}

/** A document that can be shown, though not edited, of one that `restore` refuses for its newer version. */
export function readableCopy(input: unknown, currentVersion: number): DesignDocument {
  const raw = (typeof input === 'object' && input !== null ? input : {}) as Partial<DesignDocument>;
  const slices = typeof raw.slices === 'object' && raw.slices !== null ? raw.slices : {};
  return {
    version: currentVersion,
    madeWith: String(raw.madeWith ?? ''),
    title: String(raw.title ?? 'Design'),
    seed: typeof raw.seed === 'number' ? raw.seed : 0,
    lab: String(raw.lab ?? Object.keys(slices)[0] ?? ''),
    slices,
  };
}

/** News among the desks of one page: for tests. */
export function memoryNews(): () => News {
  const tabs = new Set<Set<(news: { id: string; removed?: boolean }) => void>>();
  return () => {
    const mine = new Set<(news: { id: string; removed?: boolean }) => void>();
    tabs.add(mine);
    return {
      post(news) {
        for (const tab of tabs) if (tab !== mine) for (const listener of tab) listener(news);
      },
      subscribe(listener) {
        mine.add(listener);
        return () => mine.delete(listener);
      },
    };
  };
}
