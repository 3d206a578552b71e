import { wholeDigits } from '../core/digits.ts';
import { error, type Problem } from '../core/result.ts';
import { coreCount, type Hardware } from './hardware.ts';
import { agTable, crossbarsOf } from './partition-ags.ts';
import { firstFit } from './place-first-fit.ts';
import type { MappedLayer } from './types.ts';

/** The smallest chip of a kind that holds some layers. */
export interface SmallestChip {
  /** Cores that first fit needs. */
  cores: number;
  /** A grid of at least so many cores that keeps the chip's height, and the chips of that grid. */
  x: number;
  y: number;
  chips: number;
}

/**
 * The smallest chip of this kind (same cores, same crossbars) on which first fit places the layers: as many cores as it
 * takes when there is no end of them. With exactly so many it goes the same way, with fewer it fails.
 */
export function smallestChip(layers: readonly MappedLayer[], hardware: Hardware): SmallestChip {
  const ags = agTable(layers, hardware);
  firstFit(ags, hardware.crossbar.perCore, ags.count);
  const cores = ags.core.reduce((most, core) => Math.max(most, core + 1), 0);
  const chips = Math.max(1, hardware.chips.x * hardware.chips.y);
  const y = Math.max(1, hardware.cores.y);
  return { cores, x: Math.max(1, Math.ceil(cores / (y * chips))), y, chips };
}

/** The problem `does-not-fit`: how many crossbars are needed and how many there are, the widest need, and what would fit. */
export function doesNotFit(layers: readonly MappedLayer[], hardware: Hardware): Problem {
  const needed = crossbarsOf(layers, hardware);
  const cores = coreCount(hardware);
  const available = cores * hardware.crossbar.perCore;
  const chip = smallestChip(layers, hardware);
  const share = available > 0 ? ` (${((100 * needed) / available).toFixed(1)} %)` : '';
  const short =
    needed > available
      ? `${wholeDigits(needed - available)} too few`
      : 'enough in number, but the gaps that array groups leave in the cores are too small for the last ones';
  const what = `The network needs ${wholeDigits(needed)} crossbars and the chip has ${wholeDigits(available)}${share}: ${short}.`;
  const replicated = layers.some((layer) => layer.replication > 1);
  const many = chip.chips > 1 ? `${chip.chips} chips of ` : '';
  const larger = `The smallest chip of this kind that fits has ${wholeDigits(chip.cores)} cores of ${hardware.crossbar.perCore} crossbars (${many}${chip.x} x ${chip.y} cores)`;
  const remedy = replicated ? `${larger}; or take fewer replicas.` : `${larger}.`;
  return error('does-not-fit', what, remedy);
}
