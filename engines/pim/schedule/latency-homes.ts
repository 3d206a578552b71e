import type { Unit } from './latency-types.ts';

/**
 * Chooses the core of each window of a layer without weights: the one that makes most of the elements it reads (TCAD,
 * section IV-C), the lowest-numbered of several. What reads only the network's input is spread over the cores.
 */
export function chooseHomes(unit: Unit, cores: number): void {
  const weights = new Int32Array(cores);
  const touched: number[] = [];
  const count = (core: number, elements: number) => {
    if (core < 0) return;
    if (weights[core] === 0) touched.push(core);
    weights[core] = weights[core]! + elements;
  };
  const under = new Int32Array(
    Math.max(0, ...unit.operands.map(({ need }) => (need.how === 'window' ? need.pixels.positions : 0))),
  );
  for (let window = 0; window < unit.pixels; window++) {
    for (const { from, need, store } of unit.operands) {
      if (store.isBlock) continue;
      const { home, channels } = from;
      if (need.how === 'same') count(home[window]!, channels);
      else if (need.how === 'all') for (const core of home) count(core, channels);
      else if (need.how === 'listed') {
        for (let at = need.start[window]!; at < need.start[window + 1]!; at++) count(home[need.pixel[at]!]!, channels);
      } else {
        need.pixels.pixelsOf(window, under);
        for (let position = 0; position < need.pixels.positions; position++)
          if (under[position]! >= 0) count(home[under[position]!]!, channels);
      }
    }
    let best = touched.length > 0 ? touched[0]! : window % cores;
    for (const core of touched) {
      if (weights[core]! > weights[best]! || (weights[core] === weights[best] && core < best)) best = core;
    }
    unit.home[window] = best;
    for (const core of touched) weights[core] = 0;
    touched.length = 0;
  }
}
