import { pickColumns } from '../program/builder.ts';
import type { Program } from '../program/types.ts';

/**
 * A program taken apart by layer: for each layer with instructions, a program of its own in the same order, to be run
 * alone. Transfers must stay inside a layer, as they do in throughput programs.
 */
export function* layerPrograms(program: Program): Generator<{ layer: number; program: Program }> {
  const layers = program.regions.length;
  const counts = new Int32Array(layers);
  for (let k = 0; k < program.count; k++) if (program.layer[k]! >= 0) counts[program.layer[k]!]! += 1;
  const places = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let k = 0; k < program.count; k++) {
    const layer = program.layer[k]!;
    if (layer >= 0) places[layer]![counts[layer]!++] = k;
  }
  for (const [layer, its] of places.entries()) if (its.length > 0) yield { layer, program: pick(program, its) };
}

function pick(program: Program, places: Int32Array): Program {
  const coreStart = new Int32Array(program.cores + 1);
  let at = 0;
  for (let core = 0; core < program.cores; core++) {
    coreStart[core] = at;
    const end = program.coreStart[core + 1]!;
    while (at < places.length && places[at]! < end) at += 1;
  }
  coreStart[program.cores] = at;
  return { ...program, ...pickColumns(program, places), count: places.length, coreStart };
}
