import type { Conv, Layer } from '../onnx/network.ts';
import type { CompileStyle } from './style.ts';
import type { MappedLayer, Mode } from './types.ts';

/** What unrolling decides of a mapped layer. */
export type Unrolled = Pick<MappedLayer, 'height' | 'width' | 'groups' | 'packed' | 'blocks' | 'windows' | 'unrolling'>;

interface UnrollOptions {
  style: CompileStyle;
  unrolling: 'rows' | 'table-iv';
  mode: Mode;
}

/**
 * How a convolution is laid over rows and columns. `across`: weights side by side in one crossbar; `units`: crossbars side
 * by side in one core.
 */
export function shapeConv(
  layer: Layer,
  kind: Conv,
  rows: number,
  { across, units }: { across: number; units: number },
  options: UnrollOptions,
): Unrolled {
  const [batch = 1, , outputRows = 1, outputColumns = 1] = layer.outputShape;
  const windows = batch * outputRows * outputColumns;
  const kernel = kind.kernel[0] * kind.kernel[1];
  if (kind.groups > 1 && options.style.groups === 'apart') {
    const height = (kernel * kind.inputChannels) / kind.groups;
    const width = kind.outputChannels / kind.groups;
    const packed = Math.max(1, Math.min(kind.groups, Math.floor(rows / height), Math.floor(across / width)));
    const blocks = Math.ceil(kind.groups / packed);
    return {
      height: height * packed,
      width: width * packed,
      groups: kind.groups,
      packed,
      blocks,
      windows,
      unrolling: 'rows',
    };
  }
  const dense: Unrolled = {
    height: kernel * kind.inputChannels,
    width: kind.outputChannels,
    groups: 1,
    packed: 1,
    blocks: 1,
    windows,
    unrolling: 'rows',
  };
  if (options.unrolling === 'rows' || kind.groups > 1) return dense;
  return chooseUnrolling(layer, kind, options.mode, across * units);
}

const COLUMNS: ReadonlySet<MappedLayer['unrolling']> = new Set(['half-columns', 'kernel-columns']);

/** One row of TCAD, Table IV, for a layer: what it takes and what it costs. */
export interface UnrollingCost extends Unrolled {
  /** Input cycles of a single replica. */
  cycles: number;
  /** Elements loaded from global memory by a single replica. */
  loads: number;
  /** Elements of local memory. */
  memory: number;
}

/**
 * The five legal unrollings of TCAD, Table IV, with its formulas for maps that need not be square: Fin^2 stands for input
 * pixels, Fout^2 for output pixels, Fin*Fout for input rows times output columns.
 */
export function unrollings(layer: Layer, kind: Conv): UnrollingCost[] {
  const [batch = 1, , outputRows = 1, outputColumns = 1] = layer.outputShape;
  const [, , inputRows = 1, inputColumns = 1] = layer.inputShapes[0] ?? [];
  const [kh, kw] = kind.kernel;
  const [inputs, outputs] = [kind.inputChannels, kind.outputChannels];
  const fout = batch * outputRows * outputColumns;
  const fin = batch * inputRows * inputColumns;
  const mixed = batch * inputRows * outputColumns;
  const base = { groups: 1, packed: 1 };
  const k2 = kh * kw;
  return [
    {
      ...base,
      unrolling: 'rows',
      height: inputs * k2,
      width: outputs,
      blocks: 1,
      windows: fout,
      cycles: fout,
      loads: fout * k2 * inputs,
      memory: k2 * inputs + outputs,
    },
    {
      ...base,
      unrolling: 'half-rows',
      height: inputs * kw,
      width: outputs,
      blocks: kh,
      windows: fout,
      cycles: fout,
      loads: mixed * kw * inputs,
      memory: k2 * inputs + kh * outputs,
    },
    {
      ...base,
      unrolling: 'kernel-parallel',
      height: inputs,
      width: outputs,
      blocks: k2,
      windows: fout,
      cycles: fout,
      loads: mixed * kw * inputs,
      memory: k2 * inputs + k2 * outputs,
    },
    {
      ...base,
      unrolling: 'half-columns',
      height: inputs * kw,
      width: outputs * kh,
      blocks: 1,
      windows: mixed,
      cycles: mixed,
      loads: mixed * kw * inputs,
      memory: kw * inputs + kh * outputs,
    },
    {
      ...base,
      unrolling: 'kernel-columns',
      height: inputs,
      width: outputs * k2,
      blocks: 1,
      windows: fin,
      cycles: fin,
      loads: fin * inputs,
      memory: inputs + k2 * outputs,
    },
  ];
}

/**
 * The rule of TCAD, section IV-B: fewest cycles first; ties by the least load volume in throughput mode and by the least
 * memory in latency mode; what is still equal by the other of the two, then by the table's order from its last row up
 * (an assumption: the paper says nothing of second ties). A 1 x 1 kernel has one unrolling only. Those with columns for
 * kernel positions are left out where they are wider than `widest` weights, what a core takes side by side, and for
 * batches: the parts of an output pixel must meet in one core.
 */
export function chooseUnrolling(layer: Layer, kind: Conv, mode: Mode, widest = Number.POSITIVE_INFINITY): Unrolled {
  const batch = layer.outputShape[0] ?? 1;
  const all = unrollings(layer, kind).filter(
    ({ unrolling, width }) => (width <= widest && batch === 1) || !COLUMNS.has(unrolling),
  );
  const plain = kind.kernel[0] === 1 && kind.kernel[1] === 1;
  let best = all[0]!;
  if (!plain) {
    for (const candidate of all.slice(1)) if (compare(candidate, best, mode) < 0) best = candidate;
  }
  const { cycles: _cycles, loads: _loads, memory: _memory, ...unrolled } = best;
  return unrolled;
}

function compare(a: UnrollingCost, b: UnrollingCost, mode: Mode): number {
  if (a.cycles !== b.cycles) return a.cycles - b.cycles;
  const loads = a.loads - b.loads;
  const memory = a.memory - b.memory;
  return mode === 'throughput' ? loads || memory : memory || loads;
}
