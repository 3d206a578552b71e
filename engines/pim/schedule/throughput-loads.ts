import type { CoreProgram } from '../program/builder.ts';
import { Op, Stage } from '../program/types.ts';

/** The released program gathers loads of fewer elements than this into loads of so many. */
const GATHERED = 64;

interface Chunk {
  from: number;
  elements: number;
  place: number;
  /** The first of the loads that it stands for, in the order of the program. */
  first: number;
}

/**
 * Gathers the short loads of one round of one core, as the released program does: sorted by their source, those that lie
 * within 64 elements become one load of 64 to a staging area, where the first of them stood, and each is then a local
 * move. `from`: the first instruction of the round; `inputEnd`: end of a layer's input in global memory; `staging`: first
 * free local address. Answers with the staging elements used.
 */
export function gatherLoads(
  program: CoreProgram,
  from: number,
  inputEnd: (layer: number) => number,
  staging: number,
): number {
  const { columns } = program;
  const byLayer = new Map<number, number[]>();
  for (let at = from; at < program.length; at++) {
    if (columns.op[at] !== Op.LD || columns.stage[at] !== Stage.INPUT || columns.elements[at]! >= GATHERED) continue;
    const list = byLayer.get(columns.layer[at]!);
    if (list) list.push(at);
    else byLayer.set(columns.layer[at]!, [at]);
  }
  if (byLayer.size === 0) return 0;
  const chunks: Chunk[] = [];
  for (const layer of [...byLayer.keys()].sort((a, b) => a - b)) {
    gatherLayer(program, byLayer.get(layer)!, inputEnd(layer), staging, chunks);
  }
  makeRoom(program, chunks);
  return chunks.length * GATHERED;
}

/** Turns a layer's short loads into local moves from chunks that it adds. */
function gatherLayer(program: CoreProgram, loads: number[], end: number, staging: number, chunks: Chunk[]): void {
  const { columns } = program;
  loads.sort((a, b) => columns.src1[a]! - columns.src1[b]! || a - b);
  let chunk: Chunk | undefined;
  for (const load of loads) {
    const source = columns.src1[load]!;
    if (!chunk || source + columns.elements[load]! - chunk.from > GATHERED) {
      const elements = Math.min(GATHERED, end - source);
      chunk = { from: source, elements, place: staging + chunks.length * GATHERED, first: load };
      chunks.push(chunk);
    }
    chunk.first = Math.min(chunk.first, load);
    columns.op[load] = Op.LMV;
    columns.stage[load] = Stage.MAIN;
    columns.src1[load] = chunk.place + source - chunk.from;
  }
}

function makeRoom(program: CoreProgram, chunks: Chunk[]): void {
  const ordered = [...chunks].sort((a, b) => a.first - b.first);
  program.insert(ordered.map((chunk) => chunk.first));
  // Growing may have replaced the columns.
  const { columns } = program;
  for (const [index, chunk] of ordered.entries()) {
    const at = chunk.first + index;
    const move = at + 1;
    columns.op[at] = Op.LD;
    columns.stage[at] = Stage.INPUT;
    for (const name of ['group', 'layer', 'replica', 'ag', 'window'] as const) columns[name][at] = columns[name][move]!;
    columns.dst[at] = chunk.place;
    columns.src1[at] = chunk.from;
    columns.src2[at] = -1;
    columns.elements[at] = chunk.elements;
    columns.pair[at] = -1;
    columns.peer[at] = -1;
    columns.immediate[at] = 0;
    columns.stride[at] = 0;
    columns.repeats[at] = 1;
  }
}
