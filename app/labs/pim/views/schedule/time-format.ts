import { groupDigits } from '../../../../ui/format.ts';

const UNITS: readonly [string, number][] = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
  ['ns', 1],
];

/** A time with the digits by which it differs from one a step away: "319 042.5 ns" among steps of 0.5 ns. */
export function formatTime(ns: number, stepNs: number): string {
  const [unit, size] = UNITS.find(([, each]) => stepNs * 10 >= each) ?? ['ns', 1];
  const step = stepNs / size;
  const decimals = step >= 1 ? (size > 1 && step < 10 ? 1 : 0) : Math.min(3, Math.ceil(-Math.log10(step)));
  const text = (ns / size).toFixed(ns === 0 ? 0 : decimals);
  return `${groupDigits(text)}\u202f${unit}`;
}

/** Steps of 1, 2 or 5 times a power of ten, about so many over a stretch. */
export function niceStep(spanNs: number, count: number): number {
  const rough = spanNs / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10) * power;
}
