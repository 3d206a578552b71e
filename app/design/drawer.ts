import { CURRENT_VERSION } from '../../engines/document/types.ts';
import { type News, readableCopy } from './environment.ts';
import type { KeyValue } from './storage.ts';
import type { DesignSummary, LocalDesign } from './types.ts';

/** The designs of this browser, as they are kept: a record and a summary each, and which were opened last. */
export interface Drawer {
  read(id: string): Promise<LocalDesign | undefined>;
  keep(record: LocalDesign): Promise<void>;
  remove(id: string): Promise<void>;
  /** Newest first. */
  list(): Promise<DesignSummary[]>;
  rememberLast(id: string, lab: string): Promise<void>;
  /** The design opened last, of one lab or of all. */
  last(lab?: string): Promise<string | undefined>;
  /** Hears when the list may have changed, here or in another tab. */
  onChange(listener: () => void): () => void;
}

export function createDrawer(storage: KeyValue, news: News): Drawer {
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  news.subscribe(tell);
  return {
    read: (id) => storage.get<LocalDesign>(`d:${id}`),
    async keep(record) {
      await storage.setMany([
        [`d:${record.id}`, record],
        [`s:${record.id}`, summary(record)],
      ]);
      news.post({ id: record.id });
      tell();
    },
    async remove(id) {
      await storage.removeMany([`d:${id}`, `s:${id}`]);
      news.post({ id, removed: true });
      tell();
    },
    async list() {
      const keys = (await storage.keys()).filter((key) => key.startsWith('s:'));
      const found = await storage.getMany<DesignSummary>(keys);
      return found.filter((each) => each !== undefined).sort((a, b) => b.savedAt - a.savedAt || (a.id < b.id ? -1 : 1));
    },
    rememberLast: (id, lab) =>
      storage.setMany([
        ['last', id],
        [`last:${lab}`, id],
      ]),
    async last(lab) {
      const id = await storage.get<string>(lab === undefined ? 'last' : `last:${lab}`);
      return id !== undefined && (await storage.get(`s:${id}`)) !== undefined ? id : undefined;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function summary({ id, document, savedAt, origin, source }: LocalDesign): DesignSummary {
  // What a newer version calls a title is not known here.
  const { title, lab } = readableCopy(document, CURRENT_VERSION);
  return {
    id,
    title,
    lab,
    savedAt,
    ...(origin && { origin }),
    ...(source !== undefined && { source }),
  };
}

/** "Adder", or "Adder 2", "Adder 3" when the names before are taken. */
export function freeTitle(wanted: string, taken: readonly string[]): string {
  const base = wanted.trim() || 'Untitled';
  if (!taken.includes(base)) return base;
  const stem = base.replace(/ \d+$/, '');
  let number = 2;
  while (taken.includes(`${stem} ${number}`)) number++;
  return `${stem} ${number}`;
}
