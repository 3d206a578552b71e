/** Delays in the unit of a scope, as ticks of the design's precision (IEEE 1364-2005 section 19.8). */
import type { Design, ScopeId } from '../ir/types.ts';
import type { Value } from './machine.ts';

/** A delay's value as a count of ticks: rounded to the scope's precision. x and z count as no delay. */
export function delayTicks(design: Design, scope: ScopeId, value: Value): number {
  const { unit, precision } = design.scopes[scope]!;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return 0;
    const fine = roundHalfAway(value * powerOfTen(unit - precision));
    return Math.max(0, fine * powerOfTen(precision - design.precision));
  }
  if (typeof value !== 'object' || !('width' in value)) return 0;
  let ticks = 0;
  for (let i = value.a.length - 1; i >= 0; i--) {
    if (value.b[i] !== 0) return 0;
    ticks = ticks * 4294967296 + (value.a[i]! >>> 0);
  }
  return ticks * powerOfTen(unit - design.precision);
}

export function roundHalfAway(value: number): number {
  return value < 0 ? -Math.floor(-value + 0.5) : Math.floor(value + 0.5);
}

/** Exact for 0 to 22. */
export function powerOfTen(exponent: number): number {
  let result = 1;
  for (let i = 0; i < exponent; i++) result *= 10;
  for (let i = 0; i > exponent; i--) result /= 10;
  return result;
}
