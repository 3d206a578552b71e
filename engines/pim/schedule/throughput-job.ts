import type { Layer, Network } from '../../onnx/network.ts';
import { FUNCTIONS, Stage } from '../program/types.ts';
import { type Emitter, emitActivation } from './common-emit.ts';
import type { GlobalViews } from './common-views.ts';
import type { Scratch } from './throughput-fetch.ts';

/** Work of a layer without weights, in units that any core can do by themselves. */
export interface PostJob {
  layer: Layer;
  units: number;
  /** Elements that all units read and write, for sharing the work out. */
  volume: number;
  /** Writes the instructions of units `from` to `to` - 1. */
  emit(out: Emitter, scratch: Scratch, from: number, to: number): void;
}

export interface PostContext {
  network: Network;
  layout: GlobalViews;
  cores: number;
}

/** The activation that was fused into a layer. */
export function finish(out: Emitter, layer: Layer, at: number, elements: number, scratch: Scratch): void {
  if (!layer.activation) return;
  const mark = scratch.mark();
  emitActivation(out, Stage.POST, layer.activation, at, at, elements, scratch.take(elements));
  scratch.back(mark);
}

/** Places in `FUNCTIONS`. */
export const SQRT = FUNCTIONS.indexOf('sqrt');
export const RECIPROCAL = FUNCTIONS.indexOf('reciprocal');
