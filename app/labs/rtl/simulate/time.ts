import { formatNumber, groupDigits } from '../../../ui/format.ts';

const UNITS = [
  [0, 's'],
  [-3, 'ms'],
  [-6, 'µs'],
  [-9, 'ns'],
  [-12, 'ps'],
  [-15, 'fs'],
] as const;

/** A moment of a simulation in the largest unit of which it is at least one: exact, with thin spaces. */
export function timeText(ticks: number, precision: number): string {
  if (ticks === 0) return formatNumber(0, 's');
  const digits = String(ticks);
  const magnitude = digits.length - 1 + precision;
  const [power, unit] = UNITS.find(([each]) => magnitude >= each) ?? UNITS[UNITS.length - 1]!;
  const decimals = power - precision;
  const padded = decimals > 0 ? digits.padStart(decimals + 1, '0') : digits + '0'.repeat(-decimals);
  const whole = decimals > 0 ? padded.slice(0, -decimals) : padded;
  const fraction = decimals > 0 ? padded.slice(-decimals).replace(/0+$/, '') : '';
  return `${groupDigits(fraction === '' ? whole : `${whole}.${fraction}`)}\u202f${unit}`;
}

const LIMIT = /^\s*\d+(?:\.\d+)?\s*(?:fs|ps|ns|us|µs|ms|s)\s*$/;

/** Whether a time limit can be read ("2 ms"); an empty one means none. */
export function isTime(text: string): boolean {
  return text.trim() === '' || LIMIT.test(text);
}
