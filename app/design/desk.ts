import type { Problem } from '../../engines/core/result.ts';
import { CURRENT_VERSION, type DesignDocument } from '../../engines/document/types.ts';
import { createAutosave } from './autosave.ts';
import { deleted, inUse, MISSING, NEWER_NAME, OF_ONE_DESIGN, tellFindings } from './desk-notices.ts';
import { createDrawer, freeTitle } from './drawer.ts';
import { createEditing, type Edited, type Editing } from './editing.ts';
import { type Environment, readableCopy } from './environment.ts';
import { History } from './history.ts';
import type { Pen } from './pens.ts';
import { resilientStorage } from './storage.ts';
import { storageNotice } from './storage-notice.ts';
import { addNotice, createDesignStore, type DesignStore, removeNotice } from './store.ts';
import type { DesignSummary, ExampleRef, LocalDesign, Notice } from './types.ts';

/** Designs left in this session whose undo is kept. */
const MOST_HISTORIES = 10;

interface CreateOptions {
  origin?: ExampleRef;
  /** What the design is made from: see `LocalDesign.source`. */
  source?: string;
  original?: Uint8Array;
}

export interface Desk extends Editing {
  store: DesignStore;
  environment: Environment;
  notify(notice: Notice): void;
  dismiss(notice: Notice): void;
  /** Puts a design of this browser on the screen. False, with a notice, when it is not there or cannot be read. */
  openDesign(id: string): Promise<boolean>;
  /** Keeps a new design under a title of its own and opens it. Answers its id. */
  createDesign(document: DesignDocument, options?: CreateOptions): Promise<string>;
  closeDesign(): Promise<void>;
  /** Newest first. */
  listDesigns(): Promise<DesignSummary[]>;
  renameDesign(id: string, title: string): Promise<boolean>;
  /** Copies a design (the open one when none is named) and opens the copy. */
  duplicateDesign(id?: string): Promise<string | undefined>;
  deleteDesign(id: string): Promise<boolean>;
  /** The design opened last, of one lab or of all. */
  lastDesign(lab?: string): Promise<string | undefined>;
  /** What is kept of a design, with the edits of this moment when it is the open one. */
  readDesign(id: string): Promise<LocalDesign | undefined>;
  /** Commits pending text and writes what is not yet written. */
  saveNow(): Promise<void>;
  /** Hears when the list of designs may have changed, here or in another tab. */
  onDesigns(listener: () => void): () => void;
}

/** What belongs to the open design beside what the screen needs. */
interface Current {
  id: string;
  source?: string;
  original?: Uint8Array;
  /** As it is kept, where the document on the screen is a readable copy of a newer one. */
  untouched?: DesignDocument;
  pen: Pen;
  history: History<Edited>;
  savedAt: number;
}

/** The desk that one design at a time lies on: opening, editing, saving, and the drawer with the others. */
export function createDesk(given: Environment): Desk {
  const store = createDesignStore();
  const notify = (notice: Notice) => addNotice(store, notice);
  const dismiss = (notice: Notice) => removeNotice(store, notice);
  const designs = resilientStorage(
    given.designs,
    (reason) => {
      if (!toldOfStorage) notify(storageNotice(reason, 'changes'));
      toldOfStorage = true;
    },
    () => {
      if (!toldOfStorage) return;
      toldOfStorage = false;
      dismissAll(['storage-full', 'storage-forbidden']);
    },
  );
  const environment: Environment = { ...given, designs };
  const drawer = createDrawer(designs, environment.news);
  const histories = new Map<string, { history: History<Edited>; savedAt: number }>();
  let toldOfStorage = false;
  let current: Current | undefined;
  /** Opening and closing happen one after the other, in the order they were asked for. */
  let queue: Promise<unknown> = Promise.resolve();

  const editing = createEditing(store, environment.now, changed, notify);
  const autosave = createAutosave(store, write, () => designs.troubled);

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = queue.then(work);
    queue = turn.catch(() => {});
    return turn;
  }

  function dismissAll(codes: readonly string[]): void {
    for (const notice of store.getState().notices) if (codes.includes(notice.code)) dismiss(notice);
  }

  function changed(change: 'edit' | 'view'): void {
    const { design } = store.getState();
    if (!design || !current || design.readOnly || design.pen !== 'mine') return;
    if (change === 'edit') current.source = undefined;
    autosave.soon();
  }

  function write(): Promise<void> | undefined {
    const record = current?.pen.mine() ? recordOfCurrent() : undefined;
    if (!record || !current) return undefined;
    current.savedAt = record.savedAt;
    return drawer.keep(record);
  }

  async function saveNow(): Promise<void> {
    editing.flushEditors();
    await autosave.now();
  }

  function recordOfCurrent(): LocalDesign | undefined {
    const { design } = store.getState();
    if (!design || !current) return undefined;
    const { source, original, untouched } = current;
    return {
      id: design.id,
      document: untouched ?? design.document,
      savedAt: untouched ? current.savedAt : environment.now(),
      ...(design.origin && { origin: design.origin }),
      ...(source !== undefined && { source }),
      ...(original && { original }),
    };
  }

  async function leave(): Promise<void> {
    if (!current) return;
    await saveNow();
    // What was typed while that was written: it would else land in the next design. This write too has begun on return.
    void saveNow();
    autosave.forget();
    current.pen.release();
    histories.delete(current.id);
    histories.set(current.id, { history: current.history, savedAt: current.savedAt });
    for (const oldest of [...histories.keys()].slice(0, -MOST_HISTORIES)) histories.delete(oldest);
    current = undefined;
    dismissAll(OF_ONE_DESIGN);
  }

  async function show(record: LocalDesign): Promise<boolean> {
    const { id } = record;
    const restored = await environment.restore(record.document);
    let document: DesignDocument;
    let readOnly: Problem | undefined;
    if (restored.ok) {
      document = restored.value.document;
      tellFindings(restored.value.findings, notify);
    } else if (restored.problems[0]?.code === 'newer-version') {
      readOnly = restored.problems[0];
      const readable = readableCopy(record.document, CURRENT_VERSION);
      const again = await environment.restore(readable);
      document = again.ok ? again.value.document : readable;
    } else {
      for (const problem of restored.problems) notify(problem);
      return false;
    }
    // Before the design on the desk is left: taking a pen may last, and what is typed meanwhile must still be saved.
    const pen = await environment.pens.take(id, (mine) => void turn(id, mine));
    await leave();
    const known = histories.get(id);
    const history = known?.savedAt === record.savedAt ? known.history : new History<Edited>();
    current = {
      id,
      source: record.source,
      original: record.original,
      untouched: readOnly ? record.document : undefined,
      pen,
      history,
      savedAt: record.savedAt,
    };
    store.setState({
      design: { id, document, origin: record.origin, pen: pen.mine() ? 'mine' : 'elsewhere', readOnly },
      save: designs.troubled ? 'failed' : 'saved',
    });
    editing.setHistory(history);
    if (restored.ok && restored.value.findings.length > 0 && pen.mine()) autosave.soon();
    // Until the pen was here another tab may have written.
    if (pen.mine()) await reload(id);
    await drawer.rememberLast(id, document.lab);
    return true;
  }

  /** The pen has come to this tab, or has gone from it. */
  async function turn(id: string, mine: boolean): Promise<void> {
    await inTurn(async () => {
      const { design } = store.getState();
      if (current?.id !== id || !design) return;
      if (!mine) {
        store.setState({ design: { ...design, pen: 'elsewhere' } });
        return;
      }
      await reload(id);
      const reloaded = store.getState().design;
      if (reloaded?.id !== id) return;
      store.setState({ design: { ...reloaded, pen: 'mine' } });
      dismissAll(['pen-elsewhere']);
    });
  }

  /** Shows the newest that is kept of the open design, when another tab wrote it. */
  async function reload(id: string): Promise<void> {
    const record = await drawer.read(id);
    if (!record || !current || current.id !== id || record.savedAt === current.savedAt) return;
    const restored = await environment.restore(record.document);
    const { design } = store.getState();
    if (!restored.ok || current?.id !== id || design?.id !== id) return;
    current.savedAt = record.savedAt;
    current.source = record.source;
    editing.replace(restored.value.document);
    current.history = new History<Edited>();
    editing.setHistory(current.history);
  }

  environment.news.subscribe((news) => {
    const { design } = store.getState();
    if (design?.id === news.id && design.pen === 'elsewhere' && !news.removed) void inTurn(() => reload(news.id));
  });

  async function openDesign(id: string): Promise<boolean> {
    return inTurn(async () => {
      if (current?.id === id) return true;
      const record = await drawer.read(id);
      if (record) return show(record);
      notify(MISSING);
      return false;
    });
  }

  async function createDesign(document: DesignDocument, options: CreateOptions = {}): Promise<string> {
    return inTurn(async () => {
      // A document of a newer version is kept as it came, its title too.
      const title = options.original
        ? document.title
        : freeTitle(
            document.title,
            (await drawer.list()).map((each) => each.title),
          );
      const record: LocalDesign = {
        ...options,
        id: environment.newId(),
        document: title === document.title ? document : { ...document, title },
        savedAt: environment.now(),
      };
      await drawer.keep(record);
      await show(record);
      return record.id;
    });
  }

  async function closeDesign(): Promise<void> {
    await inTurn(async () => {
      await leave();
      store.setState({ design: undefined, undoLabel: undefined, redoLabel: undefined });
    });
  }

  async function readDesign(id: string): Promise<LocalDesign | undefined> {
    if (current?.id !== id) return drawer.read(id);
    editing.flushEditors();
    return recordOfCurrent();
  }

  async function renameDesign(id: string, title: string): Promise<boolean> {
    const name = title.trim();
    if (name === '') return false;
    if (current?.id === id) {
      return editing.editDocument('Rename design', (document) =>
        document.title === name ? document : { ...document, title: name },
      );
    }
    const record = await drawer.read(id);
    if (!record) return false;
    if (record.document.version > CURRENT_VERSION) {
      notify(NEWER_NAME);
      return false;
    }
    if (await environment.pens.taken(id)) {
      notify(inUse('renamed'));
      return false;
    }
    const { source: _, ...rest } = record;
    await drawer.keep({ ...rest, document: { ...record.document, title: name }, savedAt: environment.now() });
    return true;
  }

  async function duplicateDesign(id = current?.id): Promise<string | undefined> {
    const record = id === undefined ? undefined : await readDesign(id);
    if (!record) return undefined;
    return createDesign(record.document, { origin: record.origin, original: record.original });
  }

  async function deleteDesign(id: string): Promise<boolean> {
    return inTurn(async () => {
      const open = current?.id === id;
      if (open ? store.getState().design?.pen !== 'mine' : await environment.pens.taken(id)) {
        notify(inUse('deleted'));
        return false;
      }
      if (open) await leave();
      const record = await drawer.read(id);
      if (open) store.setState({ design: undefined, undoLabel: undefined, redoLabel: undefined });
      if (!record) return false;
      await drawer.remove(id);
      const notice = deleted(record.document.title, () => {
        dismiss(notice);
        void drawer.keep(record).then(() => open && openDesign(id));
      });
      notify(notice);
      return true;
    });
  }

  return {
    ...editing,
    store,
    environment,
    notify,
    dismiss,
    openDesign,
    createDesign,
    closeDesign,
    listDesigns: drawer.list,
    renameDesign,
    duplicateDesign,
    deleteDesign,
    lastDesign: drawer.last,
    readDesign,
    saveNow,
    onDesigns: drawer.onChange,
  };
}
