import { error, fail, ok, type Result } from '../core/result.ts';
import type { Network } from '../onnx/network.ts';
import { coreCount, type Hardware } from './hardware.ts';
import { crossbarsPerReplica } from './partition-ags.ts';
import { WaitingHeap } from './replicate-heap.ts';
import type { CompileStyle } from './style.ts';
import type { MappedLayer, ReplicationMethod } from './types.ts';

export interface ReplicateOptions {
  style: CompileStyle;
  method: Exclude<ReplicationMethod, 'genetic'>;
  /** 'manual': replicas by name of layer; a layer left out has one. */
  replicas?: Record<string, number>;
}

/** Spare room that W0H0 and uniform leave, as a single-precision number like the released program's (facts 1.4). */
const MARGIN = Math.fround(1.2);

/**
 * Stage 2a: how many replicas each layer gets; the layers are copied with `replication` set. The three heuristics are those
 * of the released program (facts 1.4):
 *
 * - balance: again and again one more replica for the layer whose replicas have most windows left, until the style's share
 *   of the crossbars that FC layers leave is spent. The released style does not take the first copies off that budget, so
 *   the sum may exceed the chip; ours does.
 * - w0h0: in proportion to the windows over the second smallest number of windows, times what fits with a margin of 1.2.
 * - uniform: the same for every convolution, with the same margin.
 *
 * A layer never has more replicas than windows. FC layers have one, unless the style replicates those of several rows.
 * Whether it all fits is found out by `place`. Where w0h0 or uniform come out at no replica at all, which ends the released
 * program, every layer has one. Fails in manual mode where a name or a number is wrong.
 */
export function replicate(
  layers: readonly MappedLayer[],
  network: Network,
  hardware: Hardware,
  options: ReplicateOptions,
): Result<MappedLayer[]> {
  const sizes = layers.map((layer) => crossbarsPerReplica(layer, hardware));
  const isCandidate = layers.map((layer) => replicable(layer, network, options.style));
  const state: State = { layers, sizes, isCandidate, hardware, style: options.style };
  const counts = options.method === 'manual' ? manual(layers, options.replicas ?? {}) : METHODS[options.method](state);
  if (!counts.ok) return counts;
  return ok(
    layers.map((layer, index) => ({
      ...layer,
      replication: Math.min(counts.value[index]!, Math.max(1, layer.windows)),
    })),
  );
}

interface State {
  layers: readonly MappedLayer[];
  /** Crossbars of one replica. */
  sizes: number[];
  isCandidate: boolean[];
  hardware: Hardware;
  style: CompileStyle;
}

const METHODS: Record<'balance' | 'w0h0' | 'uniform', (state: State) => Result<number[]>> = {
  balance,
  w0h0,
  uniform,
};

/** Whether more than one replica of a layer is worth anything in this style. */
export function replicable(layer: MappedLayer, network: Network, style: CompileStyle): boolean {
  const isFc = network.layers[layer.layer]!.kind.op === 'fc';
  return isFc ? style.replicateFc && layer.windows > 1 : true;
}

/** Crossbars that the layers which are never replicated leave. */
function budget({ sizes, isCandidate, hardware }: State): number {
  const fixed = sizes.reduce((sum, size, index) => sum + (isCandidate[index] ? 0 : size), 0);
  return coreCount(hardware) * hardware.crossbar.perCore - fixed;
}

function balance(state: State): Result<number[]> {
  const { layers, sizes, isCandidate, style } = state;
  const counts = layers.map(() => 1);
  const heap = new WaitingHeap();
  let left = budget(state);
  for (const [index, layer] of layers.entries()) {
    if (!isCandidate[index]) continue;
    heap.push({ mapped: index, windows: layer.windows });
    if (style.balanceBudget === 'all') left -= sizes[index]!;
  }
  const keep = style.balanceBudget === 'half' ? Math.trunc(left * 0.5) : -1;
  for (;;) {
    const top = heap.top;
    if (top === undefined || top.windows <= 1) break;
    const size = sizes[top.mapped]!;
    const fits = style.balanceBudget === 'half' ? left > size && left > keep : left >= size;
    if (!fits) break;
    heap.pop();
    counts[top.mapped]!++;
    left -= size;
    heap.push({ mapped: top.mapped, windows: perReplica(layers[top.mapped]!.windows, counts[top.mapped]!) });
  }
  return ok(counts);
}

/** ceil(windows / replicas) in single precision, which is where the released program's figures come from. */
export function perReplica(windows: number, replicas: number): number {
  return Math.ceil(Math.fround(Math.fround(windows) / Math.fround(replicas)));
}

function w0h0(state: State): Result<number[]> {
  const { layers, isCandidate } = state;
  const distinct = [...new Set(layers.filter((_, index) => isCandidate[index]).map((layer) => layer.windows))];
  distinct.sort((a, b) => a - b);
  const baseline = distinct[1] ?? distinct[0] ?? 1;
  return inProportion(
    state,
    layers.map((layer) => Math.ceil(layer.windows / baseline)),
  );
}

function uniform(state: State): Result<number[]> {
  return inProportion(
    state,
    state.layers.map(() => 1),
  );
}

function inProportion(state: State, ratios: number[]): Result<number[]> {
  const { layers, sizes, isCandidate } = state;
  const once = sizes.reduce((sum, size, index) => sum + (isCandidate[index] ? ratios[index]! * size : 0), 0);
  const times = once === 0 ? 1 : Math.floor(budget(state) / once / MARGIN);
  return ok(layers.map((_, index) => (isCandidate[index] ? Math.max(1, times * ratios[index]!) : 1)));
}

function manual(layers: readonly MappedLayer[], replicas: Record<string, number>): Result<number[]> {
  const names = new Set(layers.map((layer) => layer.name));
  for (const [name, count] of Object.entries(replicas)) {
    const path = `slices.pim.replicas.${name}`;
    if (!names.has(name)) {
      const what = `There is no layer "${name}" with weights that could be replicated.`;
      return fail(error('unknown-layer', what, 'Name a convolution or FC layer of the network.', { path }));
    }
    if (!Number.isInteger(count) || count < 1) {
      const what = `Layer "${name}" cannot have ${count} replicas.`;
      return fail(error('bad-replicas', what, 'Give a whole number of at least 1.', { path }));
    }
  }
  return ok(layers.map((layer) => replicas[layer.name] ?? 1));
}
