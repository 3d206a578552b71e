import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAge, formatBytes, formatDelta, formatNumber } from './format.ts';

const plain = (text: string) => text.replaceAll('\u202f', ' ').replaceAll('\u2212', '-');

describe('formatNumber', () => {
  it('writes counts exactly, in groups of three', () => {
    expect(plain(formatNumber(14596))).toBe('14 596');
    expect(plain(formatNumber(1234567, 'cells'))).toBe('1 234 567 cells');
    expect(plain(formatNumber(0))).toBe('0');
    expect(plain(formatNumber(-42))).toBe('-42');
  });

  it('chooses the prefix, whatever prefix the figure came with', () => {
    expect(plain(formatNumber(0.000319, 's'))).toBe('319 µs');
    expect(plain(formatNumber(319000, 'ns'))).toBe('319 µs');
    expect(plain(formatNumber(4.61e9, 'pJ'))).toBe('4.61 mJ');
    expect(plain(formatNumber(999.9, 'ns'))).toBe('1.00 µs');
    expect(plain(formatNumber(0, 'ns'))).toBe('0 s');
  });

  it('leaves units that take no prefix alone', () => {
    expect(plain(formatNumber(90.5, '%'))).toBe('90.5 %');
    expect(plain(formatNumber(1234.5, 'µm²'))).toBe('1 235 µm²');
    expect(plain(formatNumber(3, 'm'))).toBe('3 m');
  });

  it('never writes a part of a byte as a prefix below one', () => {
    expect(plain(formatBytes(7400))).toBe('7.40 kB');
    expect(plain(formatBytes(12))).toBe('12 B');
    expect(plain(formatNumber(0.5, 'B'))).toBe('0.500 B');
  });

  it('names what is not a number', () => {
    expect(formatNumber(undefined, 's')).toBe('–');
    expect(formatNumber(Number.NaN)).toBe('–');
    expect(plain(formatNumber(Number.NEGATIVE_INFINITY))).toBe('-∞');
  });

  it('is right to half a unit of the third digit', () => {
    const factor: Record<string, number> = {
      f: 1e-15,
      p: 1e-12,
      n: 1e-9,
      µ: 1e-6,
      m: 1e-3,
      '': 1,
      k: 1e3,
      M: 1e6,
      G: 1e9,
    };
    fc.assert(
      fc.property(fc.double({ min: 1e-13, max: 1e10, noNaN: true }), (value) => {
        const [digits = '', unit = ''] = plain(formatNumber(value, 's')).split(/ (?=\D)/);
        const read = Number(digits.replaceAll(' ', '')) * (factor[unit.slice(0, -1)] ?? Number.NaN);
        expect(Math.abs(read - value) / value).toBeLessThan(0.00501);
        expect(Number(digits.replaceAll(' ', ''))).toBeLessThan(1000 + (value >= 1e11 ? Number.POSITIVE_INFINITY : 0));
      }),
    );
  });
});

describe('formatDelta', () => {
  it('gives arrow and percent of the pinned value', () => {
    expect(plain(formatDelta(68, 100))).toBe('▼ 32 %');
    expect(plain(formatDelta(103, 100))).toBe('▲ 3.0 %');
    expect(formatDelta(5, 5)).toBe('=');
    expect(plain(formatDelta(5, 0, 'cells'))).toBe('▲ 5 cells');
    expect(plain(formatDelta(4000, 100))).toBe('▲ 40.0×');
  });
});

describe('formatAge', () => {
  it('speaks in words up to a week, then in dates', () => {
    const now = Date.UTC(2026, 0, 20, 12);
    expect(formatAge(now - 10_000, now)).toBe('just now');
    expect(formatAge(now - 60_000, now)).toBe('1 minute ago');
    expect(formatAge(now - 3 * 3_600_000, now)).toBe('3 hours ago');
    expect(formatAge(now - 30 * 3_600_000, now)).toBe('yesterday');
    expect(formatAge(now - 10 * 86_400_000, now)).toBe('2026-01-10');
  });
});
