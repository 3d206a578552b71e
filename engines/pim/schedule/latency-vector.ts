import { FUNCTIONS, Op, type StageCode } from '../program/types.ts';
import type { LatencyMachine } from './latency-machine.ts';
import type { PointwiseSpec } from './latency-types.ts';

/** Where an instruction belongs. */
export interface At {
  core: number;
  stage: StageCode;
  layer: number;
  window: number;
}

const PLAIN = { relu: Op.VRELU, tanh: Op.VTANH, sigmoid: Op.VSIGM } as const;

/** The slope that `VFUN` has built in. */
const LEAK = 0.01;

/** An activation of `n` elements, from `src` to `dst` (which may be the same). */
export function pointwise(
  machine: LatencyMachine,
  at: At,
  spec: PointwiseSpec,
  dst: number,
  src: number,
  n: number,
): void {
  const { core, stage, layer, window } = at;
  const { how } = spec;
  if (how === 'relu' || how === 'tanh' || how === 'sigmoid') {
    machine.vector(core, PLAIN[how], stage, layer, window, dst, src, -1, n);
    return;
  }
  if (how === 'clip') {
    let from = src;
    if (spec.max !== undefined) {
      machine.vector(core, Op.VRSU, stage, layer, window, dst, from, -1, n, spec.max);
      from = dst;
    }
    if (spec.min !== undefined) machine.vector(core, Op.VRSL, stage, layer, window, dst, from, -1, n, spec.min);
    return;
  }
  if (how === 'leaky-relu' && spec.alpha !== undefined && spec.alpha !== LEAK) {
    const heap = machine.heaps[core]!;
    const scaled = heap.allocate(n);
    machine.vector(core, Op.VMULI, stage, layer, window, scaled, src, -1, n, spec.alpha);
    const larger = spec.alpha <= 1 ? Op.VVMAX : Op.VVMIN;
    machine.vector(core, larger, stage, layer, window, dst, src, scaled, n);
    heap.free(scaled, n);
    return;
  }
  machine.vector(core, Op.VFUN, stage, layer, window, dst, src, -1, n, FUNCTIONS.indexOf(how));
}
