import { describe, expect, it } from 'vitest';
import { type By, costsOf, UNATTRIBUTED } from './costs.ts';
import { reportFixture } from './report.fixture.ts';

describe('costs', () => {
  it('add up to the whole, whichever way they are told apart', () => {
    const report = reportFixture();
    for (const by of ['module', 'line', 'type'] satisfies By[]) {
      const costs = costsOf(report, by);
      expect(costs.reduce((sum, { areaUm2 }) => sum + areaUm2, 0)).toBeCloseTo(report.figures.areaUm2, 9);
      expect(costs.reduce((sum, { totalUw }) => sum + totalUw, 0)).toBeCloseTo(report.figures.totalUw, 9);
      expect(new Set(costs.map(({ id }) => id)).size).toBe(costs.length);
    }
  });

  it('say what no line has', () => {
    const nameless = costsOf(reportFixture(), 'line').find(({ id }) => id === UNATTRIBUTED)!;
    expect([nameless.cells, nameless.line]).toEqual([5, undefined]);
  });

  it('count the cells of a type', () => {
    const types = costsOf(reportFixture(), 'type');
    expect(Object.fromEntries(types.map(({ id, cells }) => [id, cells]))).toEqual({
      DFF_X1: 8,
      NAND2_X1: 14,
      INV_X1: 14,
    });
  });
});
