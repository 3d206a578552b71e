import { describe, expect, it } from 'vitest';
import type { MapScript, SweepPoint } from '../../../../engines/rtl/types.ts';
import { judge } from '../../../ui/Readings.tsx';
import { frontOf } from './axes.ts';
import { mhzOf, periodOf } from './clock-period.ts';
import { readingsOf } from './figures.ts';
import { nsText, percentText, plain, withNs } from './format.ts';
import { reportFixture } from './report.fixture.ts';

describe('figures as readings', () => {
  const rows = new Map(readingsOf(reportFixture(-0.12), reportFixture(-0.2)).map((row) => [row.id, row]));

  it('have a value, what it was when pinned, and a unit', () => {
    const slack = rows.get('worstSlackNs')!;
    expect([slack.value, slack.pinned, slack.format?.(slack.value)]).toEqual([-0.12, -0.2, '\u22120.120\u202fns']);
    expect(slack.change?.(-0.12, -0.2)).toBe('▲ 80.0\u202fps');
    expect(rows.get('totalUw')!.unit).toBe('uW');
  });

  it('know which way is better', () => {
    expect(judge(rows.get('worstSlackNs')!)).toBe('better');
    expect(judge(rows.get('fMaxMhz')!)).toBe('better');
    expect(judge({ ...rows.get('areaUm2')!, value: 80, pinned: 70 })).toBe('worse');
  });

  it('speak of recordings only where there is one', () => {
    expect(rows.has('annotatedPercent')).toBe(false);
    const report = reportFixture();
    const activity = { ...report.power.activity, mode: 'recorded' as const, annotatedPercent: 62 };
    const recorded = readingsOf({ ...report, power: { ...report.power, activity } }, undefined);
    expect(recorded.find(({ id }) => id === 'annotatedPercent')?.value).toBe(62);
  });

  it('leave out what there is none of', () => {
    const report = reportFixture();
    const none = { ...report, figures: { ...report.figures, worstSlackNs: null, fMaxMhz: null } };
    const found = new Map(readingsOf(none, undefined).map((row) => [row.id, row]));
    expect(found.get('worstSlackNs')!.format?.(found.get('worstSlackNs')!.value)).toBe('–');
    expect(found.get('fMaxMhz')!.format?.(found.get('fMaxMhz')!.value)).toBe('–');
  });
});

describe('numbers', () => {
  it('are written to the picosecond', () => {
    expect([0.1234, -0.0004, -1.5, null].map(nsText)).toEqual(['0.123', '0.000', '\u22121.500', '–']);
    expect(withNs(undefined)).toBe('–');
  });

  it('have the digits that they need', () => {
    expect([0, 1234.5, 12.345, 0.12345, 0.000123].map(plain)).toEqual(['0', '1234.5', '12.35', '0.1235', '0.000123']);
    expect([0.5, 0.023].map(percentText)).toEqual(['50\u202f%', '2.3\u202f%']);
  });

  it('turn periods into frequencies and back', () => {
    for (const period of [2, 0.3, 1.25, 7]) expect(periodOf(mhzOf(period))).toBe(period);
    expect(mhzOf(2)).toBe(500);
  });
});

describe('points of a sweep', () => {
  const point = (script: MapScript, area: number, frequency: number | null): SweepPoint => ({
    clockNs: 1,
    script,
    corner: 'typical',
    problems: [],
    figures: { ...reportFixture().figures, areaUm2: area, fMaxMhz: frequency },
  });

  it('are compared the way that is better, and those without a quantity left out', () => {
    const points = [
      point('area', 10, 400),
      point('balanced', 12, 300),
      point('delay', 14, 500),
      point('area', 1, null),
    ];
    const failed: SweepPoint = { clockNs: 1, script: 'area', corner: 'slow', problems: [] };
    expect([...frontOf([...points, failed], ['areaUm2', 'fMaxMhz'])]).toEqual([0, 2]);
  });
});
