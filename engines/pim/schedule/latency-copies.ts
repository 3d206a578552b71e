import { Stage } from '../program/types.ts';
import type { LatencyMachine } from './latency-machine.ts';
import type { Store } from './latency-types.ts';

/** Loads a pixel of a network's input into a core, unless it is there or needed no more. */
export function loadPixel(machine: LatencyMachine, store: Store, slot: number, pixel: number, layer: number): void {
  if (store.address[slot]![pixel]! >= 0 || store.uses[slot]![pixel]! === 0) return;
  const core = store.cores[slot]!;
  const low = store.low[slot]!;
  const elements = store.high[slot]! - low;
  const address = place(machine, store, slot, pixel, elements);
  const { from } = store;
  machine.load(
    core,
    Stage.INPUT,
    layer,
    address,
    machine.layout.regions[from.layer]! + pixel * from.channels + low,
    elements,
  );
}

/** Makes room for a copy of a pixel in a core. */
export function place(machine: LatencyMachine, store: Store, slot: number, pixel: number, elements: number): number {
  const heap = machine.heaps[store.cores[slot]!]!;
  let address: number;
  if (store.isBlock) {
    const width = store.highest - store.lowest;
    if (store.block[slot]! < 0) store.block[slot] = heap.allocate(store.from.pixels * width);
    address = store.block[slot]! + pixel * width;
  } else address = heap.allocate(elements);
  store.address[slot]![pixel] = address;
  return address;
}
