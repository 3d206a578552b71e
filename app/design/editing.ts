import { error } from '../../engines/core/result.ts';
import type { DesignDocument } from '../../engines/document/types.ts';
import { History } from './history.ts';
import type { DesignStore } from './store.ts';
import { textDeltas } from './text-deltas.ts';
import type { Capture, Notice, TextDelta } from './types.ts';

/** What undo looks after: everything but the view. */
type Edited = Omit<DesignDocument, 'view'>;

export interface Editing {
  editDocument(label: string, change: (document: DesignDocument) => DesignDocument, capture?: Capture): boolean;
  editSlice<S>(id: string, label: string, change: (slice: S) => S, capture?: Capture): boolean;
  setView(key: string, value: unknown): void;
  undo(): boolean;
  redo(): boolean;
  registerFlush(flush: () => void): () => void;
  flushEditors(): void;
  /** Whether the open design may be changed from this tab. */
  isEditable(): boolean;
  onTextDelta(listener: (delta: TextDelta) => void): () => void;
  /** Shows another state of the open document that is no edit of this tab: nothing is captured and nothing saved. */
  replace(document: DesignDocument): void;
  /** Takes up the history that belongs to the document on the screen. */
  setHistory(history: History<Edited>): void;
}

/** Edits, undo and redo of the open design. `onChange` hears of every change that is to be saved. */
export function createEditing(
  store: DesignStore,
  now: () => number,
  onChange: (change: 'edit' | 'view') => void,
  notify: (notice: Notice) => void,
): Editing {
  let history = new History<Edited>();
  let flushing = false;
  const flushes = new Set<() => void>();
  const listeners = new Set<(delta: TextDelta) => void>();

  function land(document: DesignDocument, change: 'edit' | 'view'): void {
    const { design } = store.getState();
    if (!design) return;
    const before = design.document;
    store.setState({
      design: { ...design, document },
      undoLabel: history.undoLabel,
      redoLabel: history.redoLabel,
    });
    if (change === 'edit') {
      const deltas = textDeltas(edited(before), edited(document));
      for (const delta of deltas) for (const listener of [...listeners]) listener(delta);
    }
  }

  function writable(): boolean {
    const { design } = store.getState();
    if (!design) return false;
    if (design.readOnly) notify(design.readOnly);
    else if (design.pen === 'elsewhere') notify(ELSEWHERE);
    else return true;
    return false;
  }

  function editDocument(
    label: string,
    change: (document: DesignDocument) => DesignDocument,
    capture: Capture = 'now',
  ): boolean {
    if (!writable()) return false;
    flushEditors();
    const before = store.getState().design?.document;
    if (!before) return false;
    const after = change(before);
    if (after === before) return false;
    if (!history.record(label, edited(before), edited(after), capture, now())) return false;
    land(after, 'edit');
    onChange('edit');
    return true;
  }

  /** Pending text goes in first, as a step of its own, so that every other step finds the document up to date. */
  function flushEditors(): void {
    if (flushing) return;
    flushing = true;
    try {
      for (const flush of [...flushes]) flush();
    } finally {
      flushing = false;
    }
  }

  function step(direction: 'undo' | 'redo'): boolean {
    flushEditors();
    const document = store.getState().design?.document;
    if (!document || !writable()) return false;
    let result: Edited | undefined;
    try {
      result = direction === 'undo' ? history.undo(edited(document)) : history.redo(edited(document));
    } catch {
      history.clear();
      store.setState({ undoLabel: undefined, redoLabel: undefined });
      notify(HISTORY_LOST);
      return false;
    }
    if (!result) return false;
    land('view' in document ? { ...result, view: document.view } : result, 'edit');
    onChange('edit');
    return true;
  }

  return {
    editDocument,
    editSlice: <S>(id: string, label: string, change: (slice: S) => S, capture?: Capture) =>
      editDocument(
        label,
        (document) => {
          const slice = change(document.slices[id] as S);
          return slice === document.slices[id]
            ? document
            : { ...document, slices: { ...document.slices, [id]: slice } };
        },
        capture,
      ),
    setView(key, value) {
      const document = store.getState().design?.document;
      if (!document || Object.is(document.view?.[key], value)) return;
      const { [key]: _, ...others } = document.view ?? {};
      land({ ...document, view: value === undefined ? others : { ...others, [key]: value } }, 'view');
      onChange('view');
    },
    undo: () => step('undo'),
    redo: () => step('redo'),
    registerFlush(flush) {
      flushes.add(flush);
      return () => flushes.delete(flush);
    },
    flushEditors,
    isEditable() {
      const { design } = store.getState();
      return design !== undefined && design.pen === 'mine' && !design.readOnly;
    },
    onTextDelta(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replace: (document) => land(document, 'edit'),
    setHistory(next) {
      history = next;
      store.setState({ undoLabel: history.undoLabel, redoLabel: history.redoLabel });
    },
  };
}

export type { Edited };

function edited(document: DesignDocument): Edited {
  const { view: _, ...rest } = document;
  return rest;
}

const ELSEWHERE: Notice = {
  ...error(
    'pen-elsewhere',
    'This design is being edited in another tab, so nothing was changed here.',
    'Edit it in the other tab, close that tab, or make a copy here.',
  ),
  severity: 'warning',
};

const HISTORY_LOST: Notice = {
  ...error(
    'history-lost',
    'An edit that cannot be undone has since changed the same place, so earlier steps cannot be undone any more.',
    'The design itself is as you see it; nothing was changed.',
  ),
  severity: 'warning',
};
