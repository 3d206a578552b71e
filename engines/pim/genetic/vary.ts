import type { Random } from '../../core/random.ts';
import type { Mode } from '../types.ts';
import { Draft } from './draft.ts';
import type { Genome } from './genome.ts';
import * as moves from './moves.ts';
import * as released from './moves-released.ts';
import type { Chip, LayerShape } from './shapes.ts';

/** Weights of the moves by mode; those of the released program share the last 10 in equal parts. */
const WEIGHTS: Record<Mode, [moves.Move, number][]> = {
  throughput: [
    [moves.relieve, 24],
    [moves.trade, 14],
    [moves.rebundle, 16],
    [moves.grow, 10],
    [moves.shrink, 4],
    [moves.unite, 8],
    [moves.cluster, 14],
    [released.increase, 2],
    [released.decrease, 2],
    [released.split, 2],
    [released.gather, 2],
    [released.exchange, 2],
  ],
  latency: [
    [moves.relieve, 22],
    [moves.trade, 10],
    [moves.rebundle, 16],
    [moves.reorder, 4],
    [moves.grow, 15],
    [moves.shrink, 8],
    [moves.unite, 8],
    [moves.cluster, 9],
    [released.increase, 2],
    [released.decrease, 2],
    [released.split, 2],
    [released.gather, 2],
    [released.exchange, 2],
  ],
};

/** One to several moves, few more often than many. Undefined where none of them applied. */
export function varied(
  genome: Genome,
  notes: moves.MoveNotes,
  shapes: readonly LayerShape[],
  chip: Chip,
  mode: Mode,
  random: Random,
): Genome | undefined {
  const draft = new Draft(genome, shapes, chip);
  let done = 0;
  do {
    if (drawn(WEIGHTS[mode], random)(draft, notes, random)) done++;
  } while (random.int(3) > 0 && done < 8);
  return done > 0 ? draft.genome() : undefined;
}

function drawn(weights: readonly [moves.Move, number][], random: Random): moves.Move {
  let draw = random.int(weights.reduce((sum, [, weight]) => sum + weight, 0));
  for (const [move, weight] of weights) {
    draw -= weight;
    if (draw < 0) return move;
  }
  throw new Error('weights without a move');
}
