import { describe, expect, it } from 'vitest';
import type { PimReport } from '../../../../../engines/pim/types.ts';
import { chipModel, coreColumns } from './chip-model.ts';

const layer = (index: number, name: string, arrayGroups: number, crossbars: number) => ({
  layer: index,
  name,
  arrayGroups,
  crossbars,
});

/** Two cores of six crossbars: `a` has two replicas of two AGs of one crossbar, `b` one AG of two and one of one. */
const report = {
  hardware: { chips: { x: 1, y: 1 }, cores: { x: 2, y: 1 }, crossbar: { perCore: 6 } },
  layers: [layer(1, 'a', 4, 4), layer(3, 'b', 2, 3)],
  artefacts: [
    {
      kind: 'mapping',
      version: 1,
      data: {
        method: 'test',
        layers: [
          { name: 'a', replication: 2, cores: [0, 0, 1, 1] },
          { name: 'b', replication: 1, cores: [1, 1], crossbars: [2, 1] },
        ],
      },
    },
  ],
} as unknown as PimReport;

describe('the chip', () => {
  const model = chipModel(report);

  it('holds every array group where the mapping put it, none upon another', () => {
    expect([...model.slots]).toEqual([0, 1, -1, -1, -1, -1, 2, 3, 4, 4, 5, -1]);
    expect([...model.start]).toEqual([0, 1, 0, 1, 2, 4]);
    expect([...model.layer]).toEqual([1, 1, 1, 1, 3, 3]);
  });

  it('counts replicas and their array groups', () => {
    expect([...model.replica]).toEqual([0, 0, 1, 1, 0, 0]);
    expect([...model.slice]).toEqual([0, 1, 0, 1, 0, 1]);
  });

  it('lists array groups by core', () => {
    expect([...model.coreStart]).toEqual([0, 2, 6]);
    expect([...model.byCore]).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('the shape of a core', () => {
  it('is near a square and has no gap where it can', () => {
    expect([64, 96, 128, 8, 7, 1].map(coreColumns)).toEqual([8, 12, 16, 4, 3, 1]);
  });
});
