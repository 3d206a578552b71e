import type { BfpSlice } from '../../../../engines/bfp/types.ts';
import { sameJson } from '../../../../engines/document/json.ts';

/** What a run depends on: data of the user's own only with a network of their own. */
export function specOf(from: BfpSlice): BfpSlice {
  return { ...from, task: 'run', data: typeof from.model === 'string' ? null : from.data };
}

/** Whether two specs ask for the same run. */
export function sameSpec(a: BfpSlice, b: BfpSlice): boolean {
  return sameJson(specOf(a), specOf(b));
}

/** Searches, training and large networks take long: they start when they are asked to. */
export function onDemand({ search, fineTune, model }: BfpSlice): boolean {
  return search !== null || fineTune !== null || model === 'ocr' || typeof model === 'object';
}

/** What a quick listing of the layers depends on. */
export function listingSpec(from: BfpSlice): BfpSlice {
  return { ...specOf(from), task: 'layers', search: null, fineTune: null };
}
