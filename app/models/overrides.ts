/** A preset, or a preset with changes, as labs with chips keep them in a design. */
type Choice = string | { base: string };

/** The preset that a choice starts from; undefined for a choice of another form. */
export function baseOf(choice: string | object): string | undefined {
  if (typeof choice === 'string') return choice;
  return 'base' in choice ? (choice.base as string) : undefined;
}

/** What a choice says at a place ("crossbar", "rows"), when it departs from its preset there. */
export function overrideAt(choice: string | object, path: readonly string[]): unknown {
  if (typeof choice === 'string' || !('base' in choice)) return undefined;
  return at(choice, path);
}

/** The choice with a value at a place; `undefined` goes back to the preset's. A choice without departures is its name. */
export function withOverride<C extends Choice>(
  choice: C | string,
  path: readonly string[],
  value: unknown,
): C | string {
  const next = typeof choice === 'string' ? { base: choice } : choice;
  const changed = put(next as unknown as Record<string, unknown>, path, value) as unknown as { base: string };
  return Object.keys(changed).length === 1 ? changed.base : (changed as C);
}

function put(
  into: Record<string, unknown>,
  [key, ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  if (key === undefined) return into;
  let own = value;
  if (rest.length > 0) {
    const inner = put((into[key] ?? {}) as Record<string, unknown>, rest, value);
    own = Object.keys(inner).length > 0 ? inner : undefined;
  }
  const { [key]: _, ...others } = into;
  return own === undefined ? others : { ...others, [key]: own };
}

/** The value of a plain object at a place. */
export function at(object: object, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}
