/** Indices of the points that no other is at least as good as in all quantities and better in one. Less is better; points without all quantities are left out. */
export function paretoFront(points: readonly (readonly number[] | undefined)[]): Set<number> {
  const front = new Set<number>();
  points.forEach((point, index) => {
    if (!point) return;
    const beaten = points.some(
      (other, at) =>
        at !== index &&
        other !== undefined &&
        other.every((value, axis) => value <= point[axis]!) &&
        other.some((value, axis) => value < point[axis]!),
    );
    if (!beaten) front.add(index);
  });
  return front;
}
