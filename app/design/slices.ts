import type { Registry } from '../../engines/document/registry.ts';
import type { SliceDefinition } from '../../engines/document/types.ts';

/** Finds the slice definition of a system, or undefined when this studio has no such system. */
type SliceLoader = (id: string) => Promise<SliceDefinition | undefined>;

let loader: SliceLoader = async () => undefined;
let registry: Promise<Registry> | undefined;
let loaded: Registry | undefined;

/** Called once by the shell, which alone knows the labs. */
export function provideSlices(load: SliceLoader): void {
  loader = load;
}

/** The registry with the named slices in it, as far as this studio knows them. */
export async function registryWith(ids: readonly string[]): Promise<Registry> {
  registry ??= import('../../engines/document/registry.ts').then(
    ({ createRegistry }) => {
      loaded = createRegistry();
      return loaded;
    },
    (reason) => {
      // A script that did not arrive is asked for again the next time.
      registry = undefined;
      throw reason;
    },
  );
  const found = await registry;
  await Promise.all(
    ids.map(async (id) => {
      if (found.get(id)) return;
      const definition = await loader(id);
      if (definition && !found.get(id)) found.register(definition);
    }),
  );
  return found;
}

/** The defaults of a slice that is loaded. */
export function loadedDefaults(id: string): unknown {
  return loaded?.get(id)?.defaults;
}

/** The slices that a document of any age names, its lab's among them. */
export function slicesNamed(input: unknown): string[] {
  if (typeof input !== 'object' || input === null) return [];
  const { lab, slices } = input as { lab?: unknown; slices?: unknown };
  const ids = typeof slices === 'object' && slices !== null ? Object.keys(slices) : [];
  return [...new Set(typeof lab === 'string' ? [lab, ...ids] : ids)];
}
