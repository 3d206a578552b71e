import { safeParse } from 'zod/mini';
import type { Lifts } from './migrate.ts';
import { CURRENT_VERSION, type SliceDefinition } from './types.ts';

/** The slices that are loaded, and the document version that they are written for. */
export interface Registry {
  readonly version: number;
  /** `envelope[n]` lifts a whole document of version n-1 to version n, before its slices are lifted. */
  readonly envelope: Lifts;
  /**
   * Adds the slice of a system; a second call with the same id replaces the first.
   * @throws when the definition's own defaults do not fit its schema, which is a defect.
   */
  register<S>(definition: SliceDefinition<S>): void;
  get(id: string): SliceDefinition | undefined;
  all(): SliceDefinition[];
}

export interface RegistryOptions {
  /** Tests only: a studio of another document version. */
  version?: number;
  /** Tests only: migrations of the envelope. */
  envelope?: Lifts;
}

/** Changes of the envelope itself, by the version that they lead to. None so far. */
const ENVELOPE_LIFTS: Lifts = {};

export function createRegistry(options: RegistryOptions = {}): Registry {
  const definitions = new Map<string, SliceDefinition>();
  return {
    version: options.version ?? CURRENT_VERSION,
    envelope: options.envelope ?? ENVELOPE_LIFTS,
    register<S>(definition: SliceDefinition<S>) {
      const parsed = safeParse(definition.schema, definition.defaults);
      if (!parsed.success) {
        throw new Error(`The defaults of slice "${definition.id}" do not fit its schema: ${parsed.error.message}`);
      }
      definitions.set(definition.id, definition as SliceDefinition);
    },
    get: (id) => definitions.get(id),
    all: () => [...definitions.values()],
  };
}
