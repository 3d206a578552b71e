import { describe, expect, it } from 'vitest';
import type { PimReport } from '../../../../engines/pim/types.ts';
import { figuresCsv, layersCsv } from './csv.ts';

const report = {
  figures: { timeNs: 1.5 },
  energy: { mvmPj: 2 },
  mode: 'latency',
  evaluator: 'own',
  baselines: [{ id: 'puma-like', label: 'PUMA-like (re-implementation)', timeNs: 3, energyPj: 4, crossbars: 5 }],
  layers: [{ layer: 1, name: 'a,b', mvms: 7 }],
} as unknown as PimReport;

describe('figures as CSV', () => {
  it('say which clock they are of, and which are re-implementations', () => {
    const lines = figuresCsv(report).split('\r\n');
    expect(lines[1]).toBe('timeNs,1.5,latency,own');
    expect(lines).toContain('PUMA-like (re-implementation): timeNs,3,latency,own');
  });

  it('have a line a layer', () => {
    expect(layersCsv(report)).toBe('layer,name,mvms\r\n1,"a,b",7\r\n');
  });
});
