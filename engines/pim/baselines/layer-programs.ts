import type { Program, ProgramColumns } from '../program/types.ts';

const COLUMNS = [
  'op',
  'stage',
  'group',
  'layer',
  'replica',
  'ag',
  'window',
  'dst',
  'src1',
  'src2',
  'elements',
  'pair',
  'peer',
  'immediate',
  'stride',
  'repeats',
] as const satisfies (keyof ProgramColumns)[];

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
  const picked = { ...program, count: places.length, coreStart: new Int32Array(program.cores + 1) };
  for (const name of COLUMNS) {
    const from = program[name];
    const to = from.slice(0, 0).constructor as new (size: number) => typeof from;
    const column = new to(places.length);
    for (let i = 0; i < places.length; i++) column[i] = from[places[i]!]!;
    Object.assign(picked, { [name]: column });
  }
  let at = 0;
  for (let core = 0; core < program.cores; core++) {
    picked.coreStart[core] = at;
    const end = program.coreStart[core + 1]!;
    while (at < places.length && places[at]! < end) at += 1;
  }
  picked.coreStart[program.cores] = at;
  return picked;
}
