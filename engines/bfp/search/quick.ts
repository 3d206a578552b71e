import type { OperandBits } from '../movement/types.ts';
import { withMemory } from './table.ts';
import type { OperandChoice, PlanSpace } from './types.ts';

/** Triples of bits of one layer up to which every energy is asked for. */
const FEW_TRIPLES = 64;
/** Widths of an operand between which energies are interpolated. */
const KNOTS = 3;

/**
 * The space as proposals are judged by: movement without tiling where the space knows it, and energies only where they are bounded, then interpolated between a few widths of each operand (they
 * are nearly linear in each: bits moved at given tiles are). Plans that are proposed get their true costs afterwards.
 */
export function quickSpace(space: PlanSpace, needsEnergy: boolean): PlanSpace {
  const { dramBits } = space;
  if (!needsEnergy) {
    if (!dramBits) return space;
    return withMemory({ ...space, movement: (at, bits) => ({ dramBits: dramBits(at, bits), energyPj: 0 }) });
  }
  const known = withMemory(space);
  const knots = space.layers.map((layer) => knotsOf(space, layer));
  return withMemory({
    ...space,
    movement(at, bits) {
      const grid = knots[at];
      if (!grid) return known.movement(at, bits);
      const moved = dramBits?.(at, bits) ?? interpolated(grid, bits, (it) => known.movement(at, it).dramBits);
      return { dramBits: moved, energyPj: interpolated(grid, bits, (it) => known.movement(at, it).energyPj) };
    },
  });
}

type Grid = Record<keyof OperandBits, number[]>;

/** Undefined: there are so few triples that each may be asked for. */
function knotsOf({ layers }: PlanSpace, layer: PlanSpace['layers'][number]): Grid | undefined {
  const bitsOf = (choices: readonly OperandChoice[]) => choices.map((it) => it.bitsPerValue);
  const read = layer.consumers.flatMap((it) => bitsOf(layers[it]!.inputs));
  const outputs = read.length > 0 ? read : [layer.outputBits];
  const widths = [bitsOf(layer.weights), bitsOf(layer.inputs), outputs].map((it) => new Set(it).size);
  if (widths.reduce((product, it) => product * it, 1) <= FEW_TRIPLES) return undefined;
  return { weights: spread(bitsOf(layer.weights)), inputs: spread(bitsOf(layer.inputs)), outputs: spread(outputs) };
}

function spread(bits: readonly number[]): number[] {
  const [low, high] = [Math.min(...bits), Math.max(...bits)];
  if (low === high) return [low];
  return Array.from({ length: KNOTS }, (_, i) => low + ((high - low) * i) / (KNOTS - 1));
}

/** Linear in each operand between the knots around. */
function interpolated(grid: Grid, bits: OperandBits, at: (bits: OperandBits) => number): number {
  const ends = (['weights', 'inputs', 'outputs'] as const).map((operand) => around(grid[operand], bits[operand]));
  let sum = 0;
  for (const w of ends[0]!) {
    for (const a of ends[1]!) {
      for (const o of ends[2]!) {
        const share = w.share * a.share * o.share;
        if (share > 0) sum += share * at({ weights: w.bits, inputs: a.bits, outputs: o.bits });
      }
    }
  }
  return sum;
}

function around(knots: readonly number[], bits: number): { bits: number; share: number }[] {
  const above = knots.findIndex((it) => it >= bits);
  if (above <= 0) return [{ bits: above < 0 ? knots.at(-1)! : knots[0]!, share: 1 }];
  const [low, high] = [knots[above - 1]!, knots[above]!];
  const share = (bits - low) / (high - low);
  return [
    { bits: low, share: 1 - share },
    { bits: high, share },
  ];
}
