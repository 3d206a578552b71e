import type { HardwareChoice } from './hardware.ts';

/** The chip of a design with one constant changed, by its path ("array.writeCycles"). */
export function withConstant(choice: HardwareChoice, path: string, value: number): HardwareChoice {
  const base = typeof choice === 'string' ? { base: choice } : choice;
  return put(base as unknown as Record<string, unknown>, path.split('.'), value) as unknown as HardwareChoice;
}

function put(
  object: Record<string, unknown>,
  [key = '', ...rest]: readonly string[],
  value: number,
): Record<string, unknown> {
  if (rest.length === 0) return { ...object, [key]: value };
  return { ...object, [key]: put((object[key] ?? {}) as Record<string, unknown>, rest, value) };
}
