/** The frequency of a period, in MHz, and back, without digits that only rounding made. */
export function mhzOf(periodNs: number): number {
  return Number((1000 / periodNs).toPrecision(6));
}

export function periodOf(mhz: number): number {
  return Number((1000 / mhz).toPrecision(5));
}
