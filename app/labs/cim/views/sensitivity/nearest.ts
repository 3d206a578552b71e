/** Place of the value that is nearest by ratio. */
export function nearestIndex(values: readonly number[], wanted: number): number {
  const distance = (value: number) => Math.abs(Math.log(value / Math.max(wanted, Number.MIN_VALUE)));
  let best = 0;
  for (let at = 1; at < values.length; at++) if (distance(values[at]!) < distance(values[best]!)) best = at;
  return best;
}
