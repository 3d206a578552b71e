import { readFile } from 'node:fs/promises';
import { byteSource } from '../../core/byte-source.ts';
import { readModel } from '../../onnx/read.ts';
import type { ElementFiles } from '../../onnx/read-elements.ts';
import type { Model } from '../../onnx/types.ts';
import type { DigitSet, Digits } from '../data/digit-file.ts';
import { loadDigitSet } from '../data/digits.ts';
import type { DigitNetwork } from './digit-networks.ts';

/** A file of `public/`, as a job's host gives it. */
export async function asset(path: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(new URL(`../../../public/${path}`, import.meta.url)));
}

const read = new Map<DigitSet, Promise<Digits>>();

/** Digits that the studio ships, unpacked once. */
export function shippedDigits(set: DigitSet): Promise<Digits> {
  const found = read.get(set) ?? unpack(set);
  read.set(set, found);
  return found;
}

async function unpack(set: DigitSet): Promise<Digits> {
  const loaded = await loadDigitSet(set, { asset });
  if (!loaded.ok) throw new Error(loaded.problems[0]!.what);
  return loaded.value;
}

export async function openBytes(bytes: Uint8Array): Promise<{ model: Model; files: ElementFiles }> {
  const source = byteSource(bytes);
  const model = await readModel(source);
  if (!model.ok) throw new Error(model.problems[0]!.what);
  return { model: model.value, files: { model: source } };
}

export async function shippedNetwork(id: DigitNetwork): Promise<{ model: Model; files: ElementFiles }> {
  return openBytes(await asset(`models/${id}.onnx`));
}
