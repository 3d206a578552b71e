import { fail, ok, type Result } from '../core/result.ts';
import { doesNotFit } from './fit.ts';
import { coreCount, type Hardware } from './hardware.ts';
import { agTable } from './partition-ags.ts';
import { firstFit } from './place-first-fit.ts';
import type { MappedLayer, Mapping } from './types.ts';

/**
 * Stage 2b, first fit (facts 1.4): in order of layer, replica, column part and slice, every array group goes to the
 * lowest-numbered core with enough free crossbars. `method` is the text of `Mapping.method`. Fails with `does-not-fit`,
 * which says by how much and which chip of this kind would do.
 */
export function place(layers: readonly MappedLayer[], hardware: Hardware, method: string): Result<Mapping> {
  const ags = agTable(layers, hardware);
  const cores = coreCount(hardware);
  if (!firstFit(ags, hardware.crossbar.perCore, cores)) return fail(doesNotFit(layers, hardware));
  return ok({ layers: [...layers], ags, method });
}
