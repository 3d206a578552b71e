import { describe, expect, it } from 'vitest';
import { createRandom } from '../../core/random.ts';
import { createWires } from './wires.ts';

/** Node equations of the whole network, written down one by one and solved by elimination with pivots. */
function byElimination(rows: number, columns: number, g: ArrayLike<number>, ohm: number, volts: readonly number[]) {
  const cells = rows * columns;
  const n = 2 * cells;
  const a = Array.from({ length: n }, () => new Float64Array(n + 1));
  const wire = (x: number, y: number, s: number) => {
    a[x]![x]! += s;
    a[y]![y]! += s;
    a[x]![y]! -= s;
    a[y]![x]! -= s;
  };
  const fixed = (x: number, v: number, s: number) => {
    a[x]![x]! += s;
    a[x]![n]! += s * v;
  };
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      const at = i * columns + k;
      wire(at, cells + at, g[at]!);
      if (k === 0) fixed(at, volts[i]!, 1 / ohm);
      else wire(at, at - 1, 1 / ohm);
      if (i === rows - 1) fixed(cells + at, 0, 1 / ohm);
      else wire(cells + at, cells + at + columns, 1 / ohm);
    }
  }
  for (let p = 0; p < n; p++) {
    let best = p;
    for (let r = p + 1; r < n; r++) if (Math.abs(a[r]![p]!) > Math.abs(a[best]![p]!)) best = r;
    [a[p], a[best]] = [a[best]!, a[p]!];
    for (let r = 0; r < n; r++) {
      if (r === p) continue;
      const f = a[r]![p]! / a[p]![p]!;
      if (f !== 0) for (let c = p; c <= n; c++) a[r]![c]! -= f * a[p]![c]!;
    }
  }
  const x = a.map((row, p) => row[n]! / row[p]!);
  return { word: x.slice(0, cells), bit: x.slice(cells) };
}

describe('the resistive network', () => {
  it('is what Ohm says for a single cell: two pieces of wire and the cell in a row', () => {
    const { columnAmps, wordVolts, bitVolts } = createWires(1, 1, Float64Array.of(0.5), 2)([12]);
    // 2 ohm, 1/0.5 = 2 ohm, 2 ohm: 12 V / 6 ohm = 2 A.
    expect(columnAmps[0]).toBeCloseTo(2, 13);
    expect(wordVolts[0]).toBeCloseTo(8, 12);
    expect(bitVolts[0]).toBeCloseTo(4, 12);
  });

  it('is what a 2 x 2 network solved by hand gives', () => {
    // All wires 1 ohm, all cells 1 S, rows at 1 V and 0 V. Kirchhoff at the eight nodes, and what solves it, in 44ths of
    // a volt: w = 27, 20 | 4, 5 and b = 17, 13 | 7, 6. Each line below can be checked in the head.
    //   3 w00 - w01 - b00 = 44: 81 - 20 - 17    2 b00 - b10 - w00 = 0: 34 -  7 - 27
    //   2 w01 - w00 - b01 =  0: 40 - 27 - 13    2 b01 - b11 - w01 = 0: 26 -  6 - 20
    //   3 w10 - w11 - b10 =  0: 12 -  5 -  7    3 b10 - b00 - w10 = 0: 21 - 17 -  4
    //   2 w11 - w10 - b11 =  0: 10 -  4 -  6    3 b11 - b01 - w11 = 0: 18 - 13 -  5
    const word = [27 / 44, 20 / 44, 4 / 44, 5 / 44];
    const bit = [17 / 44, 13 / 44, 7 / 44, 6 / 44];
    const { wordVolts, bitVolts, columnAmps, rowAmps } = createWires(2, 2, Float64Array.of(1, 1, 1, 1), 1)([1, 0]);
    for (const [at, volts] of word.entries()) expect(wordVolts[at]).toBeCloseTo(volts, 13);
    for (const [at, volts] of bit.entries()) expect(bitVolts[at]).toBeCloseTo(volts, 13);
    // Each column's current is what its last piece of wire carries to 0 V.
    expect(columnAmps[0]).toBeCloseTo(7 / 44, 13);
    expect(columnAmps[1]).toBeCloseTo(6 / 44, 13);
    // The first driver delivers, the second takes in.
    expect(rowAmps[0]).toBeCloseTo(17 / 44, 13);
    expect(rowAmps[1]).toBeCloseTo(-4 / 44, 13);
  });

  it.each([
    [2, 2, 1],
    [3, 7, 5],
    [6, 4, 0.01],
    [5, 8, 2000],
    [1, 12, 50],
    [12, 1, 50],
  ])('is what elimination gives for %i x %i cells and %f ohm', (rows, columns, ohm) => {
    const random = createRandom(7, rows * 100 + columns);
    const g = Float64Array.from({ length: rows * columns }, () => 1e-6 + 1e-4 * random.float());
    const volts = Array.from({ length: rows }, () => 0.2 * random.int(2));
    volts[0] = 0.2;
    const want = byElimination(rows, columns, g, ohm, volts);
    const { wordVolts, bitVolts, columnAmps } = createWires(rows, columns, g, ohm)(volts);
    for (let at = 0; at < g.length; at++) {
      expect(wordVolts[at]).toBeCloseTo(want.word[at]!, 11);
      expect(bitVolts[at]).toBeCloseTo(want.bit[at]!, 11);
    }
    for (let k = 0; k < columns; k++) {
      const amps = want.bit[(rows - 1) * columns + k]! / ohm;
      expect(Math.abs(columnAmps[k]! - amps)).toBeLessThan(1e-8 * Math.abs(amps));
    }
  });

  it('lets no current be lost: what the drivers deliver arrives at the columns', () => {
    const random = createRandom(3);
    const g = Float64Array.from({ length: 32 * 96 }, () => 1e-4 * random.float());
    const { columnAmps, rowAmps } = createWires(32, 96, g, 4)(Array.from({ length: 32 }, () => 0.2 * random.float()));
    const sum = (of: Float64Array) => of.reduce((total, amps) => total + amps, 0);
    expect(sum(rowAmps)).toBeCloseTo(sum(columnAmps), 15);
  });

  it('tends to perfect wires as their resistance goes to nothing, and loses more the longer they are', () => {
    const g = new Float64Array(16 * 16).fill(1e-4);
    const volts = new Array<number>(16).fill(0.2);
    const straight = 16 * 1e-4 * 0.2;
    const losses = [1e-6, 0.1, 1, 10, 100].map((ohm) => straight - createWires(16, 16, g, ohm)(volts).columnAmps[15]!);
    expect(losses[0]).toBeLessThan(1e-6 * straight);
    for (let at = 1; at < losses.length; at++) expect(losses[at]!).toBeGreaterThan(losses[at - 1]!);
    const { columnAmps } = createWires(16, 16, g, 1)(volts);
    for (let k = 1; k < 16; k++) expect(columnAmps[k]!).toBeLessThan(columnAmps[k - 1]!);
  });
});
