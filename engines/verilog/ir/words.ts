/** Words of 32 bits of one plane of a vector. */
export function wordsOf(width: number): number {
  return (width + 31) >>> 5;
}

/** Mask of the bits in use of the highest word. */
export function topMask(width: number): number {
  const rest = width & 31;
  return rest === 0 ? -1 : (1 << rest) - 1;
}
