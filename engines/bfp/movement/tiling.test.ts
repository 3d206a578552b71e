import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inlineJob } from '../../core/inline-job.ts';
import { bestTiling, dramBitsOf } from './best.ts';
import { LISTS } from './lists.ts';
import { footprint, OPERANDS, ORDERS, prunedOrders, REGISTER_ORDER, repetitions, volume } from './loops.ts';
import { MACHINES } from './machines.ts';
import { movementEntry, movementOf } from './movement.ts';
import { equalParts, registerTileOf, SOUGHT, tileSizes } from './tiles.ts';
import { bestTiles } from './tiling.ts';
import type { LayerMovement, LoopIndex, LoopLayer, Machine, OperandBits, Sizes } from './types.ts';

const DESKTOP = MACHINES[0]!;
const BITS = { inputs: 8, weights: 8, outputs: 8 };

function layer(sizes: Partial<Sizes>, stride: [number, number] = [1, 1], repeats = 1): LoopLayer {
  return { name: 'it', sizes: { b: 1, f: 1, x: 1, y: 1, c: 1, w: 1, h: 1, ...sizes }, stride, repeats };
}

function machineOf(capacities: [number, number, number], threads: number, more: Partial<Machine> = {}): Machine {
  return {
    ...DESKTOP,
    levels: DESKTOP.levels.map((level, at) => (at === 0 ? level : { ...level, capacityBits: capacities[at - 1]! })),
    threads,
    registerTile: { y: 2, f: 2 },
    ...more,
  };
}

function best(of: LoopLayer, bits: OperandBits, machine: Machine): LayerMovement {
  const found = bestTiling(of, bits, machine);
  if (!found.ok) throw new Error(found.problems[0]!.what);
  return found.value;
}

/** Every choice of tiles, orders and threads, by the plain rules: no bounds, no order of search, all kept orders. */
function exhaustive(of: LoopLayer, bits: OperandBits, machine: Machine): number[] | undefined {
  const rule = machine.inputSpan;
  const registers = registerTileOf(of, machine);
  const held = (tile: Sizes) => OPERANDS.reduce((sum, it) => sum + bits[it] * footprint(of, it, tile, rule), 0);
  const cost = (at: number, orders: readonly (readonly LoopIndex[])[], tile: Sizes, next: Sizes, threads: number) => {
    const moved = orders.map((order) =>
      OPERANDS.reduce(
        (sum, it) => sum + bits[it] * (it === 'outputs' ? 2 : 1) * volume(of, it, order, tile, next, rule),
        0,
      ),
    );
    const times = repetitions(of.sizes, next) * of.repeats;
    return Math.fround((Math.min(...moved) * times) / (at < 3 ? threads : 1) / machine.levels[at]!.bandwidth);
  };
  let tiles: Sizes[] = [{ ...of.sizes }];
  for (const [at, index] of SOUGHT.entries()) {
    tiles = tiles.flatMap((tile) => tileSizes(of, registers)[at]!.map((size) => ({ ...tile, [index]: size })));
  }
  const inside = (small: Sizes, large: Sizes) =>
    SOUGHT.every((it) => large[it] >= small[it] && (large[it] % small[it] === 0 || large[it] === of.sizes[it]));
  const at = (level: number) => tiles.filter((tile) => held(tile) <= machine.levels[level]!.capacityBits);
  const [inner, middle, outer] = [at(1), at(2), at(3)];
  const every = prunedOrders(KEPT);
  let least: number[] | undefined;
  for (let threads = 1; threads <= machine.threads; threads++) {
    for (const memory of outer) {
      const last = cost(3, every, memory, of.sizes, threads);
      for (let f = 1; f <= threads; f++) {
        for (let x = 1; x <= threads; x++) {
          const y = threads / f / x;
          if (!Number.isInteger(y)) continue;
          const part = { ...memory, f: memory.f / f, x: memory.x / x, y: memory.y / y };
          for (const l2 of middle) {
            if (!inside(l2, memory) || SOUGHT.some((it) => l2[it] > part[it])) continue;
            const second = cost(2, every, l2, part, threads);
            for (const l1 of inner) {
              if (!inside(l1, l2)) continue;
              const costs = [
                cost(0, [REGISTER_ORDER], registers, l1, threads),
                cost(1, every, l1, l2, threads),
                second,
                last,
              ].sort((a, b) => b - a);
              if (!least || lexicographic(costs, least) < 0) least = costs;
            }
          }
        }
      }
    }
  }
  return least;
}

const KEPT: LoopIndex[][] = [...Object.values(ORDERS).map((order) => [...order]), [...'wchbfxy'] as LoopIndex[]];

function lexicographic(a: readonly number[], b: readonly number[]): number {
  for (const [at, value] of a.entries()) if (value !== b[at]) return value - b[at]!;
  return 0;
}

const sorted = (costs: readonly number[]) => [...costs].sort((a, b) => b - a);

// Small enough to look at everything: tight caches, so that every level has something to choose.
const SMALL: [what: string, of: LoopLayer, machine: Machine][] = [
  ['all levels tight', layer({ f: 4, x: 4, y: 4, c: 4, w: 3, h: 3 }), machineOf([2200, 2900, 4000], 2)],
  ['memory holds all', layer({ f: 8, x: 3, y: 4, c: 2, w: 2, h: 2 }), machineOf([1100, 1700, 1e6], 4)],
  [
    'strided, exact span',
    layer({ f: 4, x: 6, y: 4, c: 2, w: 3, h: 3 }, [2, 2]),
    machineOf([1500, 2000, 2500], 1, { inputSpan: 'exact' }),
  ],
  ['matrices', layer({ b: 6, f: 10, c: 6 }), machineOf([500, 700, 1000], 3)],
  ['depthwise', layer({ x: 8, y: 6, w: 3, h: 3 }, [1, 1], 5), machineOf([420, 700, 900], 2)],
];

test.each(SMALL)('the search finds what looking at everything finds: %s', (_, of, machine) => {
  for (const bits of [BITS, { inputs: 5, weights: 9, outputs: 6 }]) {
    const expected = exhaustive(of, bits, machine);
    const found = bestTiles({ layer: of, bits, machine });
    expect(expected).toBeDefined();
    expect(sorted(found!.costs)).toEqual(expected);
  }
});

test('the figures of a solution are those of the plain rules at its tiles', () => {
  for (const machine of MACHINES) {
    for (const of of [LISTS[1]!.layers[0]!, LISTS[1]!.layers[11]!, layer({ b: 40, f: 6625, c: 120 })]) {
      const { levels, split, dramBits, sramBits, sizes } = best(of, { inputs: 6, weights: 4.25, outputs: 6 }, machine);
      const tiles = levels.map(({ tile }) => tile);
      const part = { ...tiles[3]!, f: tiles[3]!.f / split.f, x: tiles[3]!.x / split.x, y: tiles[3]!.y / split.y };
      const outside = [tiles[1]!, tiles[2]!, part, sizes];
      const found = bestTiles({ layer: of, bits: { inputs: 6, weights: 4.25, outputs: 6 }, machine })!;
      for (const [at, { order, volumeBits, footprintBits, capacityBits, cost }] of levels.entries()) {
        const total = volumeBits.inputs + volumeBits.weights + volumeBits.outputs;
        const weights = volume(of, 'weights', order, tiles[at]!, outside[at]!, machine.inputSpan);
        expect(volumeBits.weights).toBeCloseTo(weights * repetitions(sizes, outside[at]!) * 4.25, 3);
        expect(footprintBits.inputs + footprintBits.weights + footprintBits.outputs).toBeLessThanOrEqual(capacityBits);
        expect(cost * (at < 3 ? split.f * split.x * split.y : 1) * machine.levels[at]!.bandwidth).toBeCloseTo(total, 2);
        expect(Math.fround(cost) / found.costs[at]!).toBeCloseTo(1, 6);
        for (const index of SOUGHT) expect(tiles[at]![index]).toBeLessThanOrEqual(outside[at]![index]);
      }
      const volumes = levels.map(({ volumeBits: { inputs, weights, outputs } }) => inputs + weights + outputs);
      expect([dramBits, sramBits]).toEqual([volumes[3], volumes[0]! + volumes[1]! + volumes[2]!]);
    }
  }
});

const anyLayer = fc
  .record({
    f: fc.integer({ min: 1, max: 96 }),
    x: fc.integer({ min: 1, max: 20 }),
    c: fc.integer({ min: 1, max: 96 }),
    w: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ f, x, c, w }) => layer({ f, x, y: x, c, w, h: w }));

test('more capacity, at any level, never makes the costs worse', () => {
  fc.assert(
    fc.property(anyLayer, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 14 }), (of, level, bits) => {
      const q = { inputs: bits, weights: bits, outputs: bits };
      const tight = machineOf([20_000, 60_000, 200_000], 4);
      const levels = tight.levels.map((it, at) => (at === level ? { ...it, capacityBits: it.capacityBits * 3 } : it));
      const before = bestTiles({ layer: of, bits: q, machine: tight });
      const after = bestTiles({ layer: of, bits: q, machine: { ...tight, levels } });
      if (before) expect(lexicographic(sorted(after!.costs), sorted(before.costs))).toBeLessThanOrEqual(0);
    }),
    { numRuns: 20 },
  );
});

test('fewer bits never cost more, and twice the bits move exactly twice as much at the same tiles', () => {
  fc.assert(
    fc.property(anyLayer, fc.integer({ min: 2, max: 7 }), (of, bits) => {
      const machine = machineOf([30_000, 90_000, 300_000], 2);
      const q = { inputs: bits, weights: bits, outputs: bits };
      const twice = { inputs: 2 * bits, weights: 2 * bits, outputs: 2 * bits };
      const narrow = bestTiles({ layer: of, bits: q, machine });
      const wide = bestTiles({ layer: of, bits: twice, machine });
      if (!narrow || !wide) return;
      expect(lexicographic(sorted(narrow.costs), sorted(wide.costs))).toBeLessThanOrEqual(0);
      // Twice the bits in twice the room is the same problem, at twice the cost.
      const roomy = { ...machine, levels: machine.levels.map((it) => ({ ...it, capacityBits: 2 * it.capacityBits })) };
      const scaled = best(of, twice, roomy);
      expect(scaled.levels.map(({ tile }) => tile)).toEqual(best(of, q, machine).levels.map(({ tile }) => tile));
      expect(scaled.dramBits).toBe(2 * best(of, q, machine).dramBits);
    }),
    { numRuns: 20 },
  );
});

test('a layer that memory holds moves every value once, and that is known without a search', () => {
  for (const of of LISTS[1]!.layers) {
    const { b, f, x, y, c, w, h } = of.sizes;
    const compulsory = 8 * b * c * (x + w) * (y + h) + 4 * f * c * w * h + 2 * 8 * b * f * x * y;
    const bits = { inputs: 8, weights: 4, outputs: 8 };
    expect(dramBitsOf(of, bits, DESKTOP)).toEqual({ ok: true, value: compulsory });
    expect(best(of, bits, DESKTOP).dramBits).toBe(compulsory);
  }
});

test('where memory is short the shortcut answers with the search', () => {
  const of = layer({ f: 64, x: 28, y: 28, c: 64, w: 3, h: 3 });
  const machine = machineOf([100_000, 200_000, 300_000], 2);
  const found = best(of, BITS, machine);
  expect(dramBitsOf(of, BITS, machine)).toEqual({ ok: true, value: found.dramBits });
  expect(found.dramBits).toBeGreaterThan(8 * (64 * 31 * 31 + 64 * 64 * 9 + 2 * 64 * 28 * 28));
  expect(found.levels[3]!.binds).toBe(true);
});

test('a capacity binds when more of it would lower the cost of its level', () => {
  const found = best(LISTS[1]!.layers[1]!, { inputs: 8.25, weights: 8.25, outputs: 8.25 }, DESKTOP);
  const binding = found.levels.filter(({ binds }) => binds).map(({ level }) => level);
  expect(binding).toEqual(['l1']);
  const levels = DESKTOP.levels.map((it) => (it.level === 'l1' ? { ...it, capacityBits: 8 * it.capacityBits } : it));
  const roomy = best(LISTS[1]!.layers[1]!, { inputs: 8.25, weights: 8.25, outputs: 8.25 }, { ...DESKTOP, levels });
  expect(roomy.levels[1]!.cost).toBeLessThan(found.levels[1]!.cost);
});

test('what cannot be held is said with level and layer', () => {
  const result = bestTiling(layer({ f: 16, y: 6, c: 4 }), { inputs: 64, weights: 64, outputs: 64 }, DESKTOP);
  expect(result.ok).toBe(false);
  expect(!result.ok && result.problems[0]).toMatchObject({ code: 'bfp.machine.too-small' });
  expect(!result.ok && result.problems[0]!.what).toMatch(/registers.*layer it/);
  expect(bestTiling(layer({ f: 0 }), BITS, DESKTOP)).toMatchObject({ ok: false });
  expect(bestTiling(layer({}), { ...BITS, weights: Number.NaN }, DESKTOP)).toMatchObject({ ok: false });
});

test('sizes of tiles cut a layer into equal parts', () => {
  expect(equalParts(56, 1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 19, 28, 56]);
  expect(equalParts(56, 6)).toEqual([6, 12, 18, 24, 30, 56]);
  expect(tileSizes(layer({ c: 64, f: 10 }), registerTileOf(layer({ c: 64, f: 10 }), DESKTOP))).toEqual([
    [1],
    [10],
    [1],
    [1],
    [1, 2, 4, 8, 16, 32, 64],
  ]);
});

test('the entry answers for a list, a model of the zoo and layers of its own', async () => {
  const spec = { bits: BITS, machine: 'bitq-desktop' };
  const published = await movementEntry({ ...spec, model: 'resnet18-as-published' }, inlineJob());
  expect(published.ok && published.value.totals).toMatchObject({ layers: 20, macs: 1_293_336_576, weights: 6_522_048 });
  const lenet = await movementEntry({ ...spec, model: 'lenet5' }, inlineJob());
  expect(lenet.ok && lenet.value.layers.length).toBeGreaterThan(3);
  const own = await movementEntry({ ...spec, layers: [layer({ f: 16, y: 6, x: 6 })] }, inlineJob());
  expect(own.ok && own.value.layers[0]!.macs).toBe(16 * 36);
  expect(await movementEntry({ ...spec, model: 'resnet19' }, inlineJob())).toMatchObject({ ok: false });
  expect(await movementEntry(spec, inlineJob())).toMatchObject({ ok: false });
});

test('a cancelled job ends between layers', async () => {
  const stop = new AbortController();
  stop.abort();
  const fresh = { inputs: 7.123, weights: 7.123, outputs: 7.123 };
  await expect(movementOf(LISTS[2]!.layers, fresh, DESKTOP, { signal: stop.signal })).rejects.toThrow();
});
