import type { BitActivity, SimulateReport } from '../../verilog/types.ts';
import type { GateNetlist } from '../gates/types.ts';
import type { NetActivities, RecordedBit, Recording } from './types.ts';

/**
 * The activities that a simulation counted, bit by bit: it must have been run with `bits`. Names are those of the simulator, bits of vectors
 * by their declared index ("tb.dut.count[3]"), of vectors with several packed dimensions by their place from the least significant, as
 * Yosys names them.
 * @param instance path of the design's instance; empty: to be found by the names
 */
export function recordingOf(
  { activity, endTicks, precision }: Pick<SimulateReport, 'activity' | 'endTicks' | 'precision'>,
  instance = '',
): Recording {
  const ns = ticksToNs(precision);
  const bits: RecordedBit[] = [];
  for (const { path, bits: of } of activity) {
    if (!of) continue;
    const { toggles, highTicks, unknownTicks } = of;
    for (const [at, name] of namesOf(path, of).entries()) {
      bits.push({
        path: name,
        highNs: ns(highTicks[at]!),
        lowNs: ns(endTicks - highTicks[at]! - unknownTicks[at]!),
        unknownNs: ns(unknownTicks[at]!),
        toggles: toggles[at]!,
      });
    }
  }
  return { durationNs: ns(endTicks), instance, bits };
}

/** Activities of nets as if they had been recorded for so long, under every name that a net has. Toggles are rounded. */
export function recordingFrom(design: GateNetlist, activities: NetActivities, durationNs: number): Recording {
  const bits: RecordedBit[] = [];
  const taken = new Set<string>();
  for (const [net, { name, aliases }] of design.nets.entries()) {
    const highNs = activities.probability[net]! * durationNs;
    const toggles = Math.round(activities.togglesPerNs[net]! * durationNs);
    for (const alias of aliases.length > 0 ? aliases : [name.replaceAll('/', '.')]) {
      const path = `${design.top}.${alias}`;
      if (taken.has(path)) continue;
      taken.add(path);
      bits.push({ path, highNs, lowNs: durationNs - highNs, unknownNs: 0, toggles });
    }
  }
  return { durationNs, instance: design.top, bits };
}

/** Exact where a decimal number can be: divides by whole powers of ten instead of multiplying by fractions. */
function ticksToNs(precision: number): (ticks: number) => number {
  const power = precision + 9;
  return power >= 0 ? (ticks) => ticks * 10 ** power : (ticks) => ticks / 10 ** -power;
}

function namesOf(path: string, { ranges, dims, toggles }: BitActivity): string[] {
  let elements = [path];
  for (const { left, right } of dims ?? []) {
    const step = left <= right ? 1 : -1;
    const indices = Array.from({ length: Math.abs(left - right) + 1 }, (_, i) => left + step * i);
    elements = elements.flatMap((name) => indices.map((index) => `${name}[${index}]`));
  }
  const width = toggles.length / elements.length;
  const [only] = ranges;
  if (!only && width === 1) return elements;
  const declared = ranges.length === 1 ? only : undefined;
  const indexOf = (bit: number) =>
    declared ? (declared.left >= declared.right ? declared.right + bit : declared.right - bit) : bit;
  return elements.flatMap((name) => Array.from({ length: width }, (_, bit) => `${name}[${indexOf(bit)}]`));
}
