import { Op, type Program, type Trace } from '../program/types.ts';
import type { Evaluation } from './types.ts';

export type Unit = 'mvm' | 'vector' | 'transfer' | 'memory';

/** In which unit of a core an instruction spends its time: moves inside the local memory count as memory. */
export function unitOf(op: number): Unit {
  switch (op) {
    case Op.MVMUL:
      return 'mvm';
    case Op.SEND:
    case Op.RECV:
      return 'transfer';
    case Op.LD:
    case Op.ST:
    case Op.LMV:
    case Op.LLDI:
      return 'memory';
    default:
      return 'vector';
  }
}

/** By layer: first start, last end, and the sums of its instructions' times. A layer without instructions has 0 .. 0. */
export function tallyLayers(program: Program, trace: Trace, layerPj: Float64Array): Evaluation['layers'] {
  const count = layerPj.length;
  const layers = {
    startNs: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
    endNs: new Float64Array(count),
    mvmNs: new Float64Array(count),
    vectorNs: new Float64Array(count),
    transferNs: new Float64Array(count),
    memoryNs: new Float64Array(count),
    mvms: new Int32Array(count),
    energyPj: layerPj,
  };
  const sums = { mvm: layers.mvmNs, vector: layers.vectorNs, transfer: layers.transferNs, memory: layers.memoryNs };
  for (let k = 0; k < program.count; k++) {
    const layer = program.layer[k]!;
    if (layer < 0) continue;
    const start = trace.startNs[k]!;
    const end = trace.endNs[k]!;
    if (start < layers.startNs[layer]!) layers.startNs[layer] = start;
    if (end > layers.endNs[layer]!) layers.endNs[layer] = end;
    const unit = unitOf(program.op[k]!);
    sums[unit][layer]! += end - start;
    if (unit === 'mvm') layers.mvms[layer]! += 1;
  }
  for (let layer = 0; layer < count; layer++)
    if (layers.startNs[layer] === Number.POSITIVE_INFINITY) layers.startNs[layer] = 0;
  return layers;
}

/** Time in which at least one instruction of the core ran. */
export function busyNs(trace: Trace, from: number, to: number): number {
  const starts = trace.startNs.slice(from, to).sort();
  const ends = trace.endNs.slice(from, to).sort();
  let busy = 0;
  let open = 0;
  let since = 0;
  let e = 0;
  for (let s = 0; s < starts.length; s++) {
    while (ends[e]! <= starts[s]! && e < s) {
      open -= 1;
      if (open === 0) busy += ends[e]! - since;
      e += 1;
    }
    if (open === 0) since = starts[s]!;
    open += 1;
  }
  return starts.length === 0 ? 0 : busy + ends[ends.length - 1]! - since;
}
