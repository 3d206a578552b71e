import { SOUGHT } from '../../../../../engines/bfp/movement/tiles.ts';
import type {
  LayerMovement,
  LevelMovement,
  LoopIndex,
  LoopLayer,
  Operand,
  Sizes,
} from '../../../../../engines/bfp/movement/types.ts';
import { formatNumber } from '../../../../ui/format.ts';

export const OPERANDS: readonly Operand[] = ['inputs', 'weights', 'outputs'];

/** A loop that runs more than once. */
export interface NestLoop {
  index: LoopIndex;
  /** How often it runs; the last time may be a smaller piece. */
  times: number;
  /** What it goes on by: the tile inside. */
  step: number;
}

/** A frame of the drawing: the loops around a level's tile, and the tile. */
export interface NestLevel {
  movement: LevelMovement;
  /** Parts that threads work on at once, outside of the loops. */
  together: NestLoop[];
  /** Outer to inner. */
  loops: NestLoop[];
}

/** The loop nest of a layer, outermost level first. */
export function nestOf({ levels, sizes, split }: LayerMovement): NestLevel[] {
  const [registers, l1, l2, memory] = levels as [LevelMovement, LevelMovement, LevelMovement, LevelMovement];
  const thread = { ...memory.tile };
  const together: NestLoop[] = [];
  for (const index of ['f', 'x', 'y'] as const) {
    thread[index] /= split[index];
    if (split[index] > 1) together.push({ index, times: split[index], step: thread[index] });
  }
  return [
    { movement: memory, together: [], loops: loopsOf(memory, sizes) },
    { movement: l2, together, loops: loopsOf(l2, thread) },
    { movement: l1, together: [], loops: loopsOf(l1, l2.tile) },
    { movement: registers, together: [], loops: loopsOf(registers, l1.tile) },
  ];
}

function loopsOf({ tile, order }: LevelMovement, around: Sizes): NestLoop[] {
  return [...order]
    .reverse()
    .filter((index) => around[index] > tile[index])
    .map((index) => ({ index, times: Math.ceil(around[index] / tile[index]), step: tile[index] }));
}

/** Sizes of a tile that are not one, as `f 16 · y 6`. */
export function tileText(tile: Sizes): string {
  const parts = [...SOUGHT, 'w' as const, 'h' as const].flatMap((index) =>
    tile[index] > 1 ? [`${index} ${tile[index]}`] : [],
  );
  return parts.length > 0 ? parts.join(' · ') : '1';
}

export function total(parts: Record<Operand, number>): number {
  return OPERANDS.reduce((sum, operand) => sum + parts[operand], 0);
}

/** A piece of memory as machines count it, in B, KiB or MiB. */
export function memoryText(bits: number): string {
  const bytes = bits / 8;
  if (bytes < 1024) return formatNumber(bytes, 'B');
  return bytes < 1024 * 1024 ? formatNumber(bytes / 1024, 'KiB') : formatNumber(bytes / (1024 * 1024), 'MiB');
}

/** The layer that a movement was computed for. */
export function layerOf({ name, sizes, stride, repeats }: LayerMovement): LoopLayer {
  return { name, sizes, stride, repeats };
}
