import type { ZodMiniType } from 'zod/mini';
import type { Problem } from '../core/result.ts';

/** The version of the document format that this studio writes. One number for the envelope and all slices. */
export const CURRENT_VERSION = 1;

/**
 * A design: the user's choices and nothing else. `slices` holds one entry for each system, known or not; `view` (open tab,
 * zoom, selection, pinned design) is kept apart and may be left out when sharing.
 */
export interface DesignDocument {
  version: number;
  madeWith: string;
  title: string;
  seed: number;
  lab: string;
  slices: Record<string, unknown>;
  view?: Record<string, unknown>;
}

/** A large thing, kept by content hash beside the document. */
export interface BlobRef {
  name: string;
  bytes: number;
  sha256: string;
}

/** A shipped example. Frozen for its version: a changed example gets a new version and the old one stays. */
export interface Example<S = unknown> {
  id: string;
  version: number;
  title: string;
  /** One to three sentences: what it is and what to look at. */
  about: string;
  /** The document version in whose form `slice` is written, absent: 1. It stays as it was written; migrations lift it. */
  format?: number;
  slice: S;
}

/** What a system registers: the form of its slice. Loaded with its lab; other slices travel through untouched. */
export interface SliceDefinition<S = unknown> {
  id: string;
  /** Strict objects throughout: what the schema does not know is dropped by `restore` and reported. */
  schema: ZodMiniType<S>;
  /** Frozen per version: changing one is a migration that writes the old value into older documents. */
  defaults: S;
  /** `migrations[n]` lifts a slice of version n-1 to version n. */
  migrations: Record<number, (older: unknown) => unknown>;
  examples(): Promise<Example<S>[]>;
  /** Inputs that may be taken from another slice (`{"from": "bfp"}`): kind of artefact by place, `*` for any index. */
  inputs?: Record<string, string>;
}

export interface Restored {
  document: DesignDocument;
  /** What was dropped, repaired or filled differently; empty for a sound document. Filling a default is no finding. */
  findings: Problem[];
}
