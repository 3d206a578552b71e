import type { LoopIndex, LoopLayer, Machine, Sizes } from './types.ts';

/** The indices whose tiles are sought: from L1 on the kernel window is whole, as in the released program. */
export const SOUGHT = ['b', 'f', 'x', 'y', 'c'] as const satisfies readonly LoopIndex[];

/** Vectors of an inner kernel: channel tiles are whole multiples of so many, down to which they are halved. */
const CHANNELS = 16;

/** The tile in the registers: the machine's, cut to the layer. */
export function registerTileOf(
  { sizes }: Pick<LoopLayer, 'sizes'>,
  { registerTile }: Pick<Machine, 'registerTile'>,
): Sizes {
  const cut = (index: LoopIndex) => Math.min(sizes[index], registerTile[index] ?? 1);
  return { b: cut('b'), f: cut('f'), x: cut('x'), y: cut('y'), c: cut('c'), w: cut('w'), h: cut('h') };
}

/**
 * Sizes that a tile of one index may have, rising: multiples of `unit` that cut `size` into equal parts as nearly as they
 * can, and `size` itself. Of 56 in ones: 1 2 3 4 5 6 7 8 10 12 14 19 28 56.
 */
export function equalParts(size: number, unit: number): number[] {
  const units = Math.ceil(size / unit);
  const found = new Set<number>();
  for (let parts = 1; parts <= units; parts++) found.add(Math.min(size, unit * Math.ceil(units / parts)));
  return [...found].sort((a, b) => a - b);
}

/** Sizes that the tiles of every sought index may have. */
export function tileSizes({ sizes }: Pick<LoopLayer, 'sizes'>, registers: Sizes): number[][] {
  return SOUGHT.map((index) => {
    const unit = registers[index];
    if (index !== 'c' || sizes.c <= CHANNELS || unit >= CHANNELS) return equalParts(sizes[index], unit);
    const whole = Math.floor(CHANNELS / unit) * unit;
    const fewer: number[] = [];
    for (let part = unit; part < whole; part *= 2) fewer.push(part);
    return [...fewer, ...equalParts(sizes.c, whole)];
  });
}

/** By size: places of the sizes that are whole multiples of it, or the whole layer. */
export function multiplesOf(sizes: readonly number[]): number[][] {
  const all = sizes[sizes.length - 1];
  return sizes.map((size, at) =>
    sizes.flatMap((other, place) => (place >= at && (other % size === 0 || other === all) ? [place] : [])),
  );
}
