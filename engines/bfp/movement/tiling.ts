import { REGISTER_ORDER, repetitions, volume } from './loops.ts';
import { multiplesOf, registerTileOf, SOUGHT, tileSizes } from './tiles.ts';
import type { InputSpan, LoopLayer, Machine, MemoryLevel, OperandBits, Sizes } from './types.ts';

/*
 * The tiles of a layer. The released program hands a nonlinear problem for every presumed bottleneck to a solver of real
 * numbers, freezes what the worst level needs, goes on with the next, and floors what it found. The same aim stated once:
 * the costs of the four levels, largest first, shall be as small as they can be (lexicographically). Over whole-number tiles
 * that is a finite problem, and solved exactly here by branch and bound:
 *
 * - the cost of the registers depends on the L1 tile's input channels only; that of L1 on the L1 and L2 tiles; that of L2 on
 *   the L2 tile and a thread's part of the tile in memory; that of memory on the tile in memory;
 * - L1 tiles are tried in the order of a lower bound of all four costs (everything outside as large as the layer), and the
 *   search ends where the bound is no better than the best found.
 */

/** A tile's size by sought index (b, f, x, y, c). */
type Tile = readonly [b: number, f: number, x: number, y: number, c: number];

export interface Tiling {
  /** Registers, L1, L2, memory. */
  tiles: [Sizes, Sizes, Sizes, Sizes];
  /** One thread's part of the tile in memory; its ratio is kept, so it need not be whole. */
  threadTile: Sizes;
  split: { f: number; x: number; y: number };
  threads: number;
  /** Of all repeats, in the order of the levels. */
  costs: [number, number, number, number];
}

export interface TilingProblem {
  layer: LoopLayer;
  bits: OperandBits;
  machine: Machine;
}

/** Costs that differ by less than one in sixteen million are the same: rounding must not choose between tiles. */
const same = Math.fround;

/** The level whose capacity holds not even the smallest tile; undefined: all do. */
export function tooSmall({ layer, bits, machine }: TilingProblem): MemoryLevel | undefined {
  const registers = registerTileOf(layer, machine);
  const least = new LevelCosts(layer, bits, machine);
  if (least.held(registers) > machine.levels[0]!.capacityBits) return 'registers';
  const smallest = { ...registers, w: layer.sizes.w, h: layer.sizes.h };
  return machine.levels.slice(1).find(({ capacityBits }) => least.held(smallest) > capacityBits)?.level;
}

/** The whole layer fits in memory: every value crosses the outer border once (outputs twice), whatever the tiles. */
export function fitsMemory({ layer, bits, machine }: TilingProblem): boolean {
  return new LevelCosts(layer, bits, machine).held(layer.sizes) <= machine.levels[3]!.capacityBits;
}

/** The best tiles. Undefined: some level holds not even the smallest tile (`tooSmall` says which). */
export function bestTiles(problem: TilingProblem): Tiling | undefined {
  if (tooSmall(problem)) return undefined;
  const search = new TilingSearch(problem);
  for (let threads = problem.machine.threads; threads >= 1; threads--) search.withThreads(threads);
  return search.best;
}

/** Is `a`, of four costs in any order, worse than or equal to `b`, sorted largest first? */
function noBetter(a0: number, a1: number, a2: number, a3: number, b: readonly number[]): boolean {
  const largest = Math.max(a0, a1, a2, a3);
  if (largest !== b[0]) return largest > b[0]!;
  const sorted = sortedCosts(a0, a1, a2, a3);
  for (let at = 1; at < 4; at++) if (sorted[at] !== b[at]) return sorted[at]! > b[at]!;
  return true;
}

function sortedCosts(a0: number, a1: number, a2: number, a3: number): number[] {
  return [a0, a1, a2, a3].sort((a, b) => b - a);
}

/** Footprints and traffic in bits, written out by index: the same numbers as `volume` gives, fast enough for millions. */
class LevelCosts {
  private readonly sizes: Sizes;
  private readonly rule: InputSpan;
  readonly inputs: number;
  readonly weights: number;
  readonly outputs: number;

  constructor(
    private readonly layer: LoopLayer,
    private readonly bits: OperandBits,
    machine: Machine,
  ) {
    this.sizes = layer.sizes;
    this.rule = machine.inputSpan;
    const { b, f, x, y, c, w, h } = this.sizes;
    this.inputs = bits.inputs * b * c;
    this.weights = bits.weights * f * c * w * h;
    this.outputs = 2 * bits.outputs * b * f * x * y;
  }

  private across(t: number, k: number, size: number, window: number, stride: number): number {
    if (size === 1 && window === 1) return 1;
    return this.rule === 'published' ? t + k : Math.min((t - 1) * stride + k, t * k);
  }

  /** Bits that a tile holds. */
  held({ b, f, x, y, c, w, h }: Sizes): number {
    const { sizes, stride } = this.layer;
    const wide = this.across(x, w, sizes.x, sizes.w, stride[0]);
    const high = this.across(y, h, sizes.y, sizes.h, stride[1]);
    return (
      this.bits.inputs * b * c * wide * high + this.bits.weights * f * c * w * h + this.bits.outputs * b * f * x * y
    );
  }

  /** Columns of the input brought in all, when tiles are `x` wide. */
  wide(x: number): number {
    const { sizes, stride } = this.layer;
    return (this.across(x, sizes.w, sizes.x, sizes.w, stride[0]) * sizes.x) / x;
  }

  high(y: number): number {
    const { sizes, stride } = this.layer;
    return (this.across(y, sizes.h, sizes.y, sizes.h, stride[1]) * sizes.y) / y;
  }

  /** Traffic of one level under the best of the five orders, in bits, of one nest. */
  least(t: Tile, next: Tile): number {
    const { b, f, x, y, c } = this.sizes;
    const wide = this.wide(t[2]);
    const high = this.high(t[3]);
    const widest = this.wide(next[2]);
    const highest = this.high(next[3]);
    const weights = this.weights * (x / t[2]) * (y / t[3]) * (b / t[0]);
    const outputs = this.outputs * (c / t[4]);
    const inputs = this.inputs * (f / t[1]);
    const reused = this.inputs * (f / next[1]);
    const slid = this.weights * (x / next[2]) * (y / next[3]) * (b / next[0]) + outputs;
    return Math.min(
      inputs * wide * high + weights + this.outputs * (c / next[4]),
      inputs * widest * high + slid,
      inputs * wide * highest + slid,
      reused * widest * high + weights + outputs,
      reused * wide * highest + weights + outputs,
    );
  }
}

class TilingSearch {
  best: Tiling | undefined;
  /** Its costs, largest first. */
  private bestCosts: number[] = [Infinity, Infinity, Infinity, Infinity];
  private readonly costs: LevelCosts;
  private readonly registers: Sizes;
  private readonly sizes: number[][];
  private readonly multiples: number[][][];
  private readonly whole: Tile;
  /** Tiles in memory that can be best, by what they bring through the outer border, least first. */
  private readonly outer: { tile: Tile; cost: number }[];
  /** L1 tiles that fit, as places in `sizes`. */
  private readonly inner: number[][];

  constructor(private readonly problem: TilingProblem) {
    const { layer, bits, machine } = problem;
    this.costs = new LevelCosts(layer, bits, machine);
    this.registers = registerTileOf(layer, machine);
    this.sizes = tileSizes(layer, this.registers);
    this.multiples = this.sizes.map(multiplesOf);
    this.whole = SOUGHT.map((index) => layer.sizes[index]) as unknown as Tile;
    const perBit = layer.repeats / machine.levels[3]!.bandwidth;
    const outer = fitsMemory(problem)
      ? [this.whole]
      : this.fitting(machine.levels[3]!.capacityBits).map((places) => this.at(places));
    this.outer = outer
      .map((tile) => ({ tile, cost: same(this.costs.least(tile, this.whole) * perBit) }))
      .sort((a, b) => a.cost - b.cost);
    this.inner = this.fitting(machine.levels[1]!.capacityBits);
  }

  /** Tries all tiles when so many threads work at once. */
  withThreads(threads: number): void {
    const splits = splitsOf(threads, this.whole, this.registers);
    if (splits.length === 0 || this.outer.length === 0) return;
    const { layer, machine } = this.problem;
    const per = machine.levels.map(({ bandwidth }) => layer.repeats / threads / bandwidth);
    const registersCost = this.registersCosts(per[0]!);
    const outerLeast = this.outer[0]!.cost;
    const parts = new ThreadParts(this.costs, this.outer, splits, per[2]!, this.whole);
    const l2Least = parts.leastOfAll();
    const l1Least = same(this.costs.least(this.whole, this.whole) * per[1]!);
    if (noBetter(Math.min(...registersCost), l1Least, l2Least, outerLeast, this.bestCosts)) return;

    const queue = this.inner
      .map((places) => {
        const tile = this.at(places);
        const l1 = same(this.costs.least(tile, this.whole) * per[1]!);
        const registers = registersCost[places[4]!]!;
        return { places, tile, registers, bound: sortedCosts(registers, l1, l2Least, outerLeast) };
      })
      .sort((a, b) => compare(a.bound, b.bound));
    for (const { places, tile, registers, bound } of queue) {
      if (noBetter(bound[0]!, bound[1]!, bound[2]!, bound[3]!, this.bestCosts)) break;
      this.outside(places, tile, registers, threads, per[1]!, parts);
    }
  }

  /** Tries all L2 tiles outside an L1 tile. */
  private outside(
    places: readonly number[],
    inner: Tile,
    registers: number,
    threads: number,
    perL1: number,
    parts: ThreadParts,
  ): void {
    const { sizes, multiples, costs } = this;
    const capacity = this.problem.machine.levels[2]!.capacityBits;
    const outerLeast = this.outer[0]!.cost;
    const full = { ...this.problem.layer.sizes };
    for (const b of multiples[0]![places[0]!]!) {
      for (const f of multiples[1]![places[1]!]!) {
        for (const x of multiples[2]![places[2]!]!) {
          for (const y of multiples[3]![places[3]!]!) {
            for (const c of multiples[4]![places[4]!]!) {
              full.b = sizes[0]![b]!;
              full.f = sizes[1]![f]!;
              full.x = sizes[2]![x]!;
              full.y = sizes[3]![y]!;
              full.c = sizes[4]![c]!;
              if (costs.held(full) > capacity) break;
              const middle: Tile = [full.b, full.f, full.x, full.y, full.c];
              const l1 = same(costs.least(inner, middle) * perL1);
              if (l1 > this.bestCosts[0]!) continue;
              const l2 = parts.least(middle);
              if (noBetter(registers, l1, l2, outerLeast, this.bestCosts)) continue;
              this.take(inner, middle, registers, l1, threads, parts);
            }
          }
        }
      }
    }
  }

  /** Joins what is known of the inner tiles with every tile in memory that may be best for them. */
  private take(inner: Tile, middle: Tile, registers: number, l1: number, threads: number, parts: ThreadParts): void {
    for (const { l2, memory, tile, split } of parts.of(middle, this.bestCosts[0]!)) {
      if (noBetter(registers, l1, l2, memory, this.bestCosts)) continue;
      this.bestCosts = sortedCosts(registers, l1, l2, memory);
      const { w, h } = this.problem.layer.sizes;
      const full = ([b, f, x, y, c]: Tile): Sizes => ({ b, f, x, y, c, w, h });
      this.best = {
        tiles: [this.registers, full(inner), full(middle), full(tile)],
        threadTile: full(partOf(tile, split)),
        split: { f: split[0], x: split[1], y: split[2] },
        threads,
        costs: [registers, l1, l2, memory],
      };
    }
  }

  /** By place of the L1 tile's input channels. */
  private registersCosts(per: number): number[] {
    const { layer, bits, machine } = this.problem;
    return this.sizes[4]!.map((c) => {
      const next = { ...layer.sizes, c };
      const elements = (operand: 'inputs' | 'weights' | 'outputs') =>
        volume(layer, operand, REGISTER_ORDER, this.registers, next, machine.inputSpan);
      const moved =
        bits.inputs * elements('inputs') + bits.weights * elements('weights') + 2 * bits.outputs * elements('outputs');
      return same(moved * repetitions(layer.sizes, next) * per);
    });
  }

  private at(places: readonly number[]): Tile {
    return places.map((place, index) => this.sizes[index]![place]!) as unknown as Tile;
  }

  /** Places of all tiles that a capacity holds. */
  private fitting(capacity: number): number[][] {
    const found: number[][] = [];
    const tile = { ...this.problem.layer.sizes };
    const [bs, fs, xs, ys, cs] = this.sizes as [number[], number[], number[], number[], number[]];
    for (let b = 0; b < bs.length; b++) {
      tile.b = bs[b]!;
      for (let f = 0; f < fs.length; f++) {
        tile.f = fs[f]!;
        for (let x = 0; x < xs.length; x++) {
          tile.x = xs[x]!;
          for (let y = 0; y < ys.length; y++) {
            tile.y = ys[y]!;
            for (let c = 0; c < cs.length; c++) {
              tile.c = cs[c]!;
              if (this.costs.held(tile) > capacity) break;
              found.push([b, f, x, y, c]);
            }
          }
        }
      }
    }
    return found;
  }
}

type Split = readonly [f: number, x: number, y: number];

interface Outside {
  l2: number;
  memory: number;
  tile: Tile;
  split: Split;
}

/** The best tiles in memory, and splits of them among the threads, for an L2 tile. */
class ThreadParts {
  private readonly leasts = new Map<number, number>();
  private readonly choices = new Map<number, Outside[]>();
  private readonly wholeParts: Tile[];
  private readonly strides: number[];

  constructor(
    private readonly costs: LevelCosts,
    private readonly outer: readonly { tile: Tile; cost: number }[],
    private readonly splits: readonly Split[],
    private readonly per: number,
    private readonly whole: Tile,
  ) {
    this.wholeParts = splits.map((split) => partOf(whole, split));
    let stride = 1;
    this.strides = whole.map((size) => {
      const own = stride;
      stride *= size + 1;
      return own;
    });
  }

  /** No L2 cost is below, whatever the tile. */
  leastOfAll(): number {
    return Math.min(...this.wholeParts.map((part) => same(this.costs.least(part, part) * this.per)));
  }

  /** No L2 cost with this tile is below; exact where the whole layer fits in memory. Infinity: no thread could hold it. */
  least(middle: Tile): number {
    const key = this.keyOf(middle);
    let known = this.leasts.get(key);
    if (known === undefined) {
      known = Infinity;
      for (const part of this.wholeParts) {
        if (within(middle, part)) known = Math.min(known, same(this.costs.least(middle, part) * this.per));
      }
      this.leasts.set(key, known);
    }
    return known;
  }

  private keyOf(tile: Tile): number {
    let key = 0;
    for (let at = 0; at < 5; at++) key += tile[at]! * this.strides[at]!;
    return key;
  }

  /**
   * Every choice outside of an L2 tile that no other betters in both costs. Those above `most` may be missing: it only
   * falls while a search goes on, so that answers can be kept.
   */
  of(middle: Tile, most: number): Outside[] {
    const key = this.keyOf(middle);
    let known = this.choices.get(key);
    if (!known) {
      known = this.look(middle, most);
      this.choices.set(key, known);
    }
    return known;
  }

  private look(middle: Tile, most: number): Outside[] {
    const found: Outside[] = [];
    const goal = this.least(middle);
    let least = Infinity;
    for (const { tile, cost } of this.outer) {
      if (cost > most || least <= goal) break;
      if (!multiple(middle, tile, this.whole)) continue;
      for (const split of this.splits) {
        const part = partOf(tile, split);
        if (!within(middle, part)) continue;
        const l2 = same(this.costs.least(middle, part) * this.per);
        if (l2 >= least) continue;
        least = l2;
        found.push({ l2, memory: cost, tile, split });
      }
    }
    return found;
  }
}

/** Ways of splitting a layer's output channels, width and height among so many threads. */
function splitsOf(threads: number, whole: Tile, registers: Sizes): Split[] {
  const found: Split[] = [];
  for (let f = threads; f >= 1; f--) {
    if (threads % f !== 0) continue;
    for (let x = 1; x <= threads / f; x++) {
      if ((threads / f) % x !== 0) continue;
      const y = threads / f / x;
      if (whole[1] / f >= registers.f && whole[2] / x >= registers.x && whole[3] / y >= registers.y)
        found.push([f, x, y]);
    }
  }
  return found;
}

function partOf([b, f, x, y, c]: Tile, split: Split): Tile {
  return [b, f / split[0], x / split[1], y / split[2], c];
}

function within(tile: Tile, outside: Tile): boolean {
  for (let at = 0; at < 5; at++) if (tile[at]! > outside[at]!) return false;
  return true;
}

function multiple(tile: Tile, outside: Tile, whole: Tile): boolean {
  for (let at = 0; at < 5; at++) if (outside[at]! % tile[at]! !== 0 && outside[at] !== whole[at]) return false;
  return true;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return 0;
}
