import { error, fail, ok, type Problem, type Result } from '../../core/result.ts';
import { computePj, movementPj } from './energy.ts';
import { footprint, macsOf, OPERANDS, ORDERS, REGISTER_ORDER, repetitions, volume } from './loops.ts';
import { LEVELS } from './machines.ts';
import { multiplesOf, registerTileOf, SOUGHT, tileSizes } from './tiles.ts';
import { bestTiles, fitsMemory, type Tiling, tooSmall } from './tiling.ts';
import type { LayerMovement, LevelMovement, LoopIndex, LoopLayer, Machine, OperandBits, Sizes } from './types.ts';

/** Layers that were solved, by everything that their tiles depend on; the oldest go first. */
const known = new Map<string, Result<LayerMovement>>();
const MOST_KNOWN = 4096;

/**
 * A layer's best tiles, what they move and what that costs. Remembered by shape, bits and machine: networks repeat layers,
 * and searches ask for the same ones again and again. Problems: a level that holds not even the smallest tile; bits or sizes
 * that are no numbers.
 */
export function bestTiling(layer: LoopLayer, bits: OperandBits, machine: Machine): Result<LayerMovement> {
  const key = keyOf(layer, bits, machine);
  let found = known.get(key);
  if (!found) {
    found = solve(layer, bits, machine);
    if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value!);
    known.set(key, found);
  }
  return found.ok ? ok({ ...found.value, name: layer.name }) : found;
}

/** Whether `bestTiling` has its answer at hand. */
export function isKnown(layer: LoopLayer, bits: OperandBits, machine: Machine): boolean {
  return known.has(keyOf(layer, bits, machine));
}

/**
 * Bits across the border of the large memory, as `bestTiling` has them. At once where the layer fits in memory: then every
 * value crosses once, outputs both ways.
 */
export function dramBitsOf(layer: LoopLayer, bits: OperandBits, machine: Machine): Result<number> {
  const wrong = layerProblem(layer, bits);
  if (wrong) return fail(wrong);
  const problem = { layer, bits, machine };
  if (fitsMemory(problem) && tooSmall(problem) === undefined) {
    const of = (operand: keyof OperandBits) =>
      footprint(layer, operand, layer.sizes, machine.inputSpan) * bits[operand] * (operand === 'outputs' ? 2 : 1);
    return ok((of('inputs') + of('weights') + of('outputs')) * layer.repeats);
  }
  const found = bestTiling(layer, bits, machine);
  return found.ok ? ok(found.value.dramBits) : found;
}

function keyOf({ sizes, stride, repeats }: LoopLayer, bits: OperandBits, machine: Machine): string {
  const { b, f, x, y, c, w, h } = sizes;
  const { levels, threads, registerTile, inputSpan, dramPjPerWord, sramPjPerWord } = machine;
  return JSON.stringify([
    [b, f, x, y, c, w, h, stride, repeats, bits.inputs, bits.weights, bits.outputs],
    [levels.map(({ capacityBits, bandwidth }) => [capacityBits, bandwidth]), threads],
    [registerTile, inputSpan, dramPjPerWord, sramPjPerWord],
  ]);
}

function solve(layer: LoopLayer, bits: OperandBits, machine: Machine): Result<LayerMovement> {
  const wrong = layerProblem(layer, bits);
  if (wrong) return fail(wrong);
  const problem = { layer, bits, machine };
  const small = tooSmall(problem);
  if (small !== undefined) {
    const title = { registers: 'registers', l1: 'L1', l2: 'L2', memory: 'memory' }[small];
    const at = LEVELS.indexOf(small);
    const capacity = machine.levels[at]!.capacityBits;
    return fail(
      error(
        'bfp.machine.too-small',
        `The ${title} of the machine (${capacity} bits) cannot hold the smallest tile of the layer ${layer.name}.`,
        `Give the ${title} more capacity, the values fewer bits, or the registers a smaller tile.`,
        { path: `slices.bfp.machine.levels.${at}.capacityBits` },
      ),
    );
  }
  const tiling = bestTiles(problem)!;
  const outsides = [tiling.tiles[1], tiling.tiles[2], tiling.threadTile, layer.sizes];
  const levels = tiling.tiles.map((_, at) => levelOf(at, tiling, outsides, layer, bits, machine));
  const totals = levels.map(({ volumeBits: { inputs, weights, outputs } }) => inputs + weights + outputs);
  const [registers, l1, l2, dramBits] = totals as [number, number, number, number];
  const sramBits = registers + l1 + l2;
  const macs = macsOf(layer);
  const worst = levels.reduce((a, b) => (b.cost > a.cost ? b : a));
  return ok({
    name: layer.name,
    bits: { ...bits },
    sizes: { ...layer.sizes },
    stride: [...layer.stride],
    repeats: layer.repeats,
    levels,
    bottleneck: worst.level,
    split: tiling.split,
    dramBits,
    sramBits,
    movementPj: movementPj(dramBits, sramBits, machine),
    computePj: computePj(macs, bits),
    macs,
  });
}

function layerProblem({ name, sizes, stride, repeats }: LoopLayer, bits: OperandBits): Problem | undefined {
  const counts = [...Object.values(sizes), ...stride, repeats];
  if (counts.length !== 10 || counts.some((count) => !Number.isSafeInteger(count) || count < 1)) {
    return error(
      'bfp.movement.sizes',
      `The layer ${name} has a loop, stride or number of repeats that is not a whole number of at least 1.`,
      'Give all seven loops, both strides and the repeats.',
    );
  }
  const wrong = OPERANDS.find((operand) => !(bits[operand] > 0 && bits[operand] <= 64));
  if (wrong === undefined) return undefined;
  return error(
    'bfp.movement.bits',
    `The ${wrong} of the layer ${name} have ${bits[wrong]} bits.`,
    'Give more than 0 and at most 64 bits.',
  );
}

/** Bits brought through a level's border under an order, of one nest; outputs both ways. */
function moved(
  order: readonly LoopIndex[],
  tile: Sizes,
  next: Sizes,
  { sizes, stride, repeats }: LoopLayer,
  bits: OperandBits,
  machine: Machine,
): OperandBits {
  const times = repetitions(sizes, next) * repeats;
  const of = (operand: keyof OperandBits) =>
    volume({ sizes, stride }, operand, order, tile, next, machine.inputSpan) * times * bits[operand];
  return { inputs: of('inputs'), weights: of('weights'), outputs: 2 * of('outputs') };
}

function sum({ inputs, weights, outputs }: OperandBits): number {
  return inputs + weights + outputs;
}

function levelOf(
  at: number,
  { tiles, threads }: Tiling,
  outsides: readonly Sizes[],
  layer: LoopLayer,
  bits: OperandBits,
  machine: Machine,
): LevelMovement {
  const tile = tiles[at]!;
  const next = outsides[at]!;
  const { level, capacityBits, bandwidth } = machine.levels[at]!;
  const orders: readonly (readonly LoopIndex[])[] = at === 0 ? [REGISTER_ORDER] : Object.values(ORDERS);
  const volumes = orders.map((order) => moved(order, tile, next, layer, bits, machine));
  let best = 0;
  for (const [place, volumeBits] of volumes.entries()) if (sum(volumeBits) < sum(volumes[best]!)) best = place;
  const volumeBits = volumes[best]!;
  const atOnce = at < 3 ? threads : 1;
  return {
    level,
    tile: { ...tile },
    order: [...orders[best]!],
    footprintBits: held(tile, layer, bits, machine),
    capacityBits,
    volumeBits,
    cost: sum(volumeBits) / atOnce / bandwidth,
    binds: at > 0 && binds(tile, next, sum(volumeBits), capacityBits, layer, bits, machine),
  };
}

function held(tile: Sizes, layer: LoopLayer, bits: OperandBits, { inputSpan }: Machine): OperandBits {
  const of = (operand: keyof OperandBits) => footprint(layer, operand, tile, inputSpan) * bits[operand];
  return { inputs: of('inputs'), weights: of('weights'), outputs: of('outputs') };
}

/** Some next larger tile within the tile outside would bring less through the border, and does not fit. */
function binds(
  tile: Sizes,
  next: Sizes,
  volumeBits: number,
  capacityBits: number,
  layer: LoopLayer,
  bits: OperandBits,
  machine: Machine,
): boolean {
  const sizes = tileSizes(layer, registerTileOf(layer, machine));
  return SOUGHT.some((index, at) => {
    const place = sizes[at]!.indexOf(tile[index]);
    const larger = multiplesOf(sizes[at]!)[place]?.[1];
    if (larger === undefined) return false;
    const grown = { ...tile, [index]: sizes[at]![larger]! };
    if (grown[index] > next[index] || sum(held(grown, layer, bits, machine)) <= capacityBits) return false;
    return Object.values(ORDERS).some((order) => sum(moved(order, grown, next, layer, bits, machine)) < volumeBits);
  });
}
