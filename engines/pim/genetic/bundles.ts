import type { Costs } from './clock.ts';
import type { Draft } from './draft.ts';
import type { LayerShape } from './shapes.ts';

/**
 * How the replicas of a layer are laid over cores. Replicas that compute neighbouring windows in one core share what they
 * load, and so do the same slices of several replicas where a replica is too large for a core: a bundle is `together`
 * replicas cut into the same parts, each core holding one part of all of them. Parts that keep the columns of a kernel row
 * together share as much as whole replicas do; the price is that their sums travel.
 */
export interface Structure {
  together: number;
  /** Cut between kernel rows. */
  byRow: boolean;
  /** Cut the channels into so many runs. */
  channelRuns: number;
}

export const PLAIN: Structure = { together: 1, byRow: false, channelRuns: 1 };

/** The slices of each part, in order of the part that holds the first slice. */
export function partsOf(shape: LayerShape, structure: Structure): number[][] {
  const parts = new Map<number, number[]>();
  for (const [slice, { pieces }] of shape.slices.entries()) {
    const row = structure.byRow ? Math.floor(pieces[0]! / shape.kernelColumns) : 0;
    const channel = shape.starts[pieces[1]!]!;
    const run = Math.floor((channel * structure.channelRuns) / shape.input.channels);
    const key = row * structure.channelRuns + run;
    const part = parts.get(key);
    if (part) part.push(slice);
    else parts.set(key, [slice]);
  }
  return [...parts.values()];
}

/** All ways to cut this layer's replicas: by kernel rows or not, channels in 1, 2, 4 ... runs. */
export function structuresOf(shape: LayerShape): Structure[] {
  const rows = shape.offsets.length / 2 / shape.kernelColumns;
  const runs = [1, 2, 4, 8].filter((count) => count === 1 || count <= shape.starts.length);
  return [false, true]
    .filter((byRow) => !byRow || rows > 1)
    .flatMap((byRow) => runs.map((channelRuns) => ({ together: 1, byRow, channelRuns })));
}

/** Most replicas of which a core holds one part each, at most `limit`; 0 where a part is larger than a core. */
export function mostTogether(shape: LayerShape, structure: Structure, perCore: number, limit: number): number {
  const largest = Math.max(
    ...partsOf(shape, structure).map((part) => part.reduce((sum, slice) => sum + shape.slices[slice]!.crossbars, 0)),
  );
  return Math.min(limit, Math.floor(perCore / largest));
}

/** Slots of the bus to the global memory that a window's inputs take, on average over a bundle in the middle of a map. */
export function loadSlotsPerWindow(shape: LayerShape, structure: Structure, costs: Costs): number {
  if (!shape.isConv) return shape.slices.reduce((sum, slice) => sum + costs.loadSlots(slice.pieces[2]!), 0);
  let slots = 0;
  for (const part of partsOf(shape, structure)) {
    const loaded = new Set<number>();
    for (let window = 0; window < structure.together; window++) {
      for (const slice of part) {
        const { pieces } = shape.slices[slice]!;
        for (let at = 0; at < pieces.length; at += 3) {
          const row = Math.floor(pieces[at]! / shape.kernelColumns);
          const column = shape.offsets[2 * pieces[at]! + 1]! + window * shape.step.columns;
          const key = ((row * 4096 + column + 64) * shape.starts.length + pieces[at + 1]!) * 4096 + pieces[at + 2]!;
          if (loaded.has(key)) continue;
          loaded.add(key);
          // Short loads are gathered: they take slots by their bytes.
          slots += Math.min(costs.loadSlots(pieces[at + 2]!), (pieces[at + 2]! * costs.elementBytes) / 64 + 0.1);
        }
      }
    }
  }
  return slots / structure.together;
}

/**
 * Places `count` replicas of a layer that is not on the chip, bundle by bundle; each part goes to the core with least
 * `work` (in ns, added to as replicas are placed) and, as `crossbarWeight` says, most room. Bundles that fit nowhere are
 * made smaller; a replica that does not fit by its parts is cut where cores end. Answers with the replicas placed.
 */
export function placeBundles(
  draft: Draft,
  layer: number,
  count: number,
  structure: Structure,
  work: Float64Array,
  each: number,
  crossbarWeight: number,
): number {
  const shape = draft.shapes[layer]!;
  const parts = partsOf(shape, structure);
  const sizes = parts.map((part) => part.reduce((sum, slice) => sum + shape.slices[slice]!.crossbars, 0));
  let average = 0;
  for (const of of work) average += of / work.length;
  const price = (core: number, free: number) =>
    work[core]! / (average + 1) + crossbarWeight * (1 - free / draft.chip.perCore);

  const bundleCores = (together: number): number[] | undefined => {
    const free = draft.free.slice();
    const chosen: number[] = [];
    for (const size of sizes) {
      let best = -1;
      for (let core = 0; core < free.length; core++) {
        if (free[core]! < together * size) continue;
        if (best < 0 || price(core, free[core]!) < price(best, free[best]!)) best = core;
      }
      if (best < 0) return undefined;
      free[best]! -= together * size;
      chosen.push(best);
    }
    return chosen;
  };

  const add = (cores: number[]): boolean => {
    if (!draft.addReplica(layer, cores)) return false;
    for (const core of cores) work[core]! += each;
    return true;
  };

  let done = 0;
  let together = structure.together;
  while (done < count) {
    together = Math.min(together, count - done);
    const chosen = bundleCores(together);
    if (chosen) {
      const cores: number[] = shape.slices.map(() => 0);
      for (const [part, slices] of parts.entries()) for (const slice of slices) cores[slice] = chosen[part]!;
      for (let replica = 0; replica < together; replica++) if (!add([...cores])) return done + replica;
      done += together;
    } else if (together > 1) together = Math.floor(together / 2);
    else {
      const cores = cutReplica(draft, shape, price);
      if (!cores || !add(cores)) return done;
      done++;
    }
  }
  return done;
}

/** A replica over several cores, each taking as much of it as has room, those with much room and little work first. */
function cutReplica(
  draft: Draft,
  shape: LayerShape,
  price: (core: number, free: number) => number,
): number[] | undefined {
  const free = draft.free.slice();
  const cores: number[] = [];
  while (cores.length < shape.slices.length) {
    let best = -1;
    let bestPrice = Number.POSITIVE_INFINITY;
    for (let core = 0; core < free.length; core++) {
      if (free[core]! < shape.slices[cores.length]!.crossbars) continue;
      const fits = Math.min(Math.max(1, Math.floor(free[core]! / shape.widest)), shape.slices.length - cores.length);
      const of = price(core, free[core]!) + 2 / fits;
      if (of < bestPrice) [best, bestPrice] = [core, of];
    }
    if (best < 0) return undefined;
    while (cores.length < shape.slices.length && free[best]! >= shape.slices[cores.length]!.crossbars) {
      free[best]! -= shape.slices[cores.length]!.crossbars;
      cores.push(best);
    }
  }
  return cores;
}
