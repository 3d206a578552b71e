import type { DeepPartial, Hardware } from '../hardware.ts';
import { defaultEnergy } from './energy.ts';

/** 200 ns each for reading, every bit of an activation, conversion, shift-add and writing: what the released program intends. */
export function intendedLatencyNs(activationBits: number): number {
  return 200 * (4 + activationBits);
}

/** Energies of a chip by the shape of its arrays. */
export function energyOf(hardware: Pick<Hardware, 'crossbar' | 'activationBits' | 'weightBits'>): Hardware['energy'] {
  const { perCore, rows, columns, cells, cellBits, dacBits } = hardware.crossbar;
  const cellsPerWeight = cells === 'logical' ? Math.ceil(hardware.weightBits / cellBits) : 1;
  return defaultEnergy({ perCore, rows, columns, cellsPerWeight, activationBits: hardware.activationBits, dacBits });
}

/** What follows anew from a changed shape or precision: nothing where neither differs. */
export function derivedFigures(before: Hardware, after: Hardware): DeepPartial<Hardware> {
  const figures: DeepPartial<Hardware> = {};
  if (after.activationBits !== before.activationBits) figures.mvmLatencyNs = intendedLatencyNs(after.activationBits);
  const then = energyOf(before);
  const now = energyOf(after);
  if (!sound(now)) return figures;
  const entries = (Object.keys(now) as (keyof typeof now)[]).filter((key) => now[key] !== then[key]);
  if (entries.length > 0) figures.energy = Object.fromEntries(entries.map((key) => [key, now[key]]));
  return figures;
}

/** A shape with zeros gives no energies; the check of the hardware says what is wrong. */
function sound(energy: Hardware['energy']): boolean {
  return Object.values(energy).every(Number.isFinite);
}
