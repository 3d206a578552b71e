import type { Attribute } from './types.ts';

type Attributes = Record<string, Attribute>;

/** Attributes of a node, each with ONNX's default where the node leaves it out or gives it in another kind. */
export function int(attributes: Attributes, name: string, otherwise: number): number {
  const found = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return found?.kind === 'int' ? found.value : otherwise;
}

export function float(attributes: Attributes, name: string, otherwise: number): number {
  const found = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return found?.kind === 'float' || found?.kind === 'int' ? found.value : otherwise;
}

export function ints(attributes: Attributes, name: string): number[] | undefined {
  const found = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return found?.kind === 'ints' ? found.value : undefined;
}

export function text(attributes: Attributes, name: string, otherwise: string): string {
  const found = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return found?.kind === 'string' ? found.value : otherwise;
}
