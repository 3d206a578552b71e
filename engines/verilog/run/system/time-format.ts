import type { Design, ScopeId } from '../../ir/types.ts';
import type { Vec } from '../machine.ts';
import { isKnown, toBigInt } from '../value/vector.ts';
import { decimal } from './digits.ts';
import { type NumberFormat, pad } from './printf.ts';

/** How %t writes times: set by $timeformat (1364-2005 section 17.3.2), at first in units of the design's precision. */
export class TimeFormat {
  units: number;
  digits = 0;
  suffix = '';
  width = 20;

  constructor(private readonly design: Design) {
    this.units = design.precision;
  }

  reset(): void {
    this.units = this.design.precision;
    this.digits = 0;
    this.suffix = '';
    this.width = 20;
  }

  /** `value` counts in the unit of the scope. */
  format(value: number | Vec, scope: ScopeId, format: NumberFormat): string {
    const unit = this.design.scopes[scope]?.unit ?? this.design.precision;
    return pad(this.number(value, unit) + this.suffix, {
      width: this.width,
      ...format,
      zero: format.zero && format.width !== 0,
    });
  }

  private number(value: number | Vec, unit: number): string {
    const shift = unit - this.units + this.digits;
    // Zeros come after the letter as after any digits.
    if (typeof value !== 'number' && !isKnown(value)) return decimal(value, false) + '0'.repeat(Math.max(0, shift));
    if (typeof value === 'number') {
      // A real time first becomes whole steps of the precision.
      const steps = Math.floor(Math.abs(value) * 10 ** (unit - this.design.precision) + 0.5);
      return (
        (value < 0 ? '-' : '') + this.point(scale(BigInt(steps), this.design.precision - this.units + this.digits))
      );
    }
    return this.point(scale(toBigInt(value), shift));
  }

  private point(digits: bigint): string {
    if (this.digits === 0) return digits.toString();
    const text = digits.toString().padStart(this.digits + 1, '0');
    return `${text.slice(0, -this.digits)}.${text.slice(-this.digits)}`;
  }
}

/** value * 10**power, rounded half up. */
function scale(value: bigint, power: number): bigint {
  if (power >= 0) return value * 10n ** BigInt(power);
  const by = 10n ** BigInt(-power);
  return (value + by / 2n) / by;
}
