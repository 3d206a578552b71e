import type { Problem } from '../../engines/core/result.ts';
import type { DesignDocument } from '../../engines/document/types.ts';

/** The shipped example that a design came from. */
export interface ExampleRef {
  id: string;
  version: number;
}

/**
 * How undo captures an edit: `now` is a step of its own; `merge` joins the step before it when that has the same label
 * and is less than two seconds old (a slider being dragged); `never` is no step at all.
 */
export type Capture = 'now' | 'merge' | 'never';

/** What is kept of a design in this browser. Id, origin and time are not part of the document. */
export interface LocalDesign {
  id: string;
  document: DesignDocument;
  origin?: ExampleRef;
  /** Milliseconds since 1970. */
  savedAt: number;
  /**
   * What the design was made from (a link, an example) while nobody has edited it: opening the same thing again finds
   * this design instead of making its twin.
   */
  source?: string;
  /** The file a design of a newer version came from, kept to be exported unchanged. */
  original?: Uint8Array;
}

/** A line of the list of designs. */
export interface DesignSummary {
  id: string;
  title: string;
  lab: string;
  savedAt: number;
  origin?: ExampleRef;
  source?: string;
}

/** The design on the screen. */
export interface OpenDesign {
  id: string;
  document: DesignDocument;
  origin?: ExampleRef;
  /** `elsewhere`: another tab edits this design; here it can be looked at and copied. */
  pen: 'mine' | 'elsewhere';
  /** Why it cannot be edited whoever has the pen (made by a newer version). */
  readOnly?: Problem;
}

/** A problem or a piece of news for the user, with at most one thing to do about it. */
export interface Notice extends Problem {
  action?: { label: string; run(): void };
}

type SaveState = 'saved' | 'saving' | 'failed';

export interface DesignState {
  design: OpenDesign | undefined;
  /** What undo would take back; undefined when there is nothing. */
  undoLabel?: string;
  redoLabel?: string;
  save: SaveState;
  notices: Notice[];
}

/** Replaces `remove` characters at `offset` (of the text before the whole change) by `insert`. */
interface TextEdit {
  offset: number;
  remove: number;
  insert: string;
}

/**
 * A change of one text of the document, for the editor that shows it. Sent for every change, whoever made it: an editor
 * whose text already equals `text` ignores it, any other applies `edits` as edit operations (never by setting the
 * whole text, which would lose the caret, the folds and the editor's own undo).
 */
export interface TextDelta {
  /** Where the text is, by keys; an array element that has a `path` goes by it: `slices, rtl, files, top.v, text`. */
  path: readonly string[];
  /** Ascending, not overlapping, all offsets in the text before. */
  edits: readonly TextEdit[];
  /** The whole text afterwards. */
  text: string;
}
