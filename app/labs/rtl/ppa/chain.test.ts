import { describe, expect, it } from 'vitest';
import { chainOf, shapeOf } from './chain.ts';
import { pathFixture } from './report.fixture.ts';

describe('a path as a chain', () => {
  const chain = chainOf(pathFixture());

  it('has a link for each port and cell, and each point in one of them', () => {
    expect(chain.map(({ name, shape }) => [name, shape])).toEqual([
      ['clk', 'input'],
      ['count[0]', 'register'],
      ['u1/_5_', 'nand'],
      ['_6_', 'inverter'],
      ['count[7]', 'register'],
    ]);
    expect(chain.flatMap(({ first, last }) => [first, last])).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7, 7]);
  });

  it('says which pins it takes and how long each takes, all of it together the whole delay', () => {
    const gate = chain[2]!;
    expect([gate.inPin, gate.outPin, gate.wireNs, gate.cellNs]).toEqual(['A1', 'ZN', 0.1, 0.7]);
    expect(chain.at(-1)!.outPin).toBeUndefined();
    const path = pathFixture();
    const whole = path.points.reduce((sum, { delayNs }) => sum + delayNs, 0);
    expect(chain.reduce((sum, { wireNs, cellNs }) => sum + wireNs + cellNs, 0)).toBeCloseTo(whole, 12);
  });

  it('begins at the port that a clock times', () => {
    const path = pathFixture();
    const [clock, , , ...rest] = path.points;
    const points = [
      clock!,
      { ...clock!, pin: 'enable', net: 'enable', step: 'input-delay' as const, delayNs: 0.2 },
      ...rest,
    ];
    const [first, second] = chainOf({ ...path, points });
    expect([first!.name, first!.first, first!.last, first!.cellNs]).toEqual(['enable', 0, 1, 0.2]);
    expect(second!.first).toBe(2);
  });

  it('ends at a port with an output', () => {
    const path = pathFixture();
    const points = [...path.points.slice(0, -1), { ...path.points.at(-1)!, pin: 'wraps', cell: undefined }];
    const last = chainOf({ ...path, check: 'output', points }).at(-1)!;
    expect([last.name, last.shape]).toEqual(['wraps', 'output']);
  });
});

describe('the symbol of a cell', () => {
  it('is read from the names that libraries use', () => {
    const names = ['NAND2_X1', 'NOR3X1', 'sky130_fd_sc_hd__xnor2_1', 'XOR2X1', 'AND2X2', 'OR2X1', 'INVX8', 'CLKBUF1'];
    expect(names.map(shapeOf)).toEqual(['nand', 'nor', 'xnor', 'xor', 'and', 'or', 'inverter', 'buffer']);
    expect(['MUX2X1', 'DFFPOSX1', 'sky130_fd_sc_hd__dfxtp_1'].map(shapeOf)).toEqual(['mux', 'register', 'register']);
  });

  it('is a box where the name says nothing', () => {
    expect(['AOI21X1', 'OAI22_X1', 'FAX1', 'HA_X1', 'QUUX'].map(shapeOf)).toEqual(Array(5).fill('box'));
  });
});
