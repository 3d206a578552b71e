import { sameJson } from '../../../../engines/document/json.ts';
import { slice } from '../../../../engines/pim/slice.ts';
import type { PimSlice } from '../../../../engines/pim/types.ts';

/** What a compilation depends on: the crossbar on the bench is another task's. */
export function specOf(from: PimSlice): PimSlice {
  return { ...from, task: 'compile', crossbar: slice.defaults.crossbar };
}

/** Whether two specs ask for the same compilation. */
export function sameSpec(a: PimSlice, b: PimSlice): boolean {
  return sameJson(specOf(a), specOf(b));
}

/** A search takes long: it starts when it is asked to. */
export function searches(spec: PimSlice): boolean {
  return spec.replication === 'genetic' || spec.mapping === 'genetic';
}
