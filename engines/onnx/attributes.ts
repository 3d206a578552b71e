import type { Attribute } from './types.ts';

type Attributes = Record<string, Attribute>;

/** Attributes of a node, each with ONNX's default where the node leaves it out or gives it in another kind. */
export function int(attributes: Attributes, name: string, otherwise: number): number {
  const found = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return found?.kind === 'int' ? found.value : otherwise;
}

export function float(attributes: Attributes, name: string, otherwise: number): number {
  const found = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (found?.kind === 'int') return found.value;
  return found?.kind === 'float' ? shortest(found.value) : otherwise;
}

/** The shortest decimal that is the same single-precision number: 0.0001, where a file gives 0.00009999999747378752. */
export function shortest(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(single.toPrecision(digits));
    if (Math.fround(candidate) === single) return candidate;
  }
  return single;
}

export function ints(attributes: Attributes, name: string): number[] | undefined {
  const found = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return found?.kind === 'ints' ? found.value : undefined;
}

export function text(attributes: Attributes, name: string, otherwise: string): string {
  const found = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return found?.kind === 'string' ? found.value : otherwise;
}
