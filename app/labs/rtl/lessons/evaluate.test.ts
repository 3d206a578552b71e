import { describe, expect, it } from 'vitest';
import type { YosysCell, YosysModule } from '../../../../engines/synthesis/yosys-json.ts';
import { evaluate } from './evaluate.ts';

function cell(type: string, connections: YosysCell['connections'], parameters: Record<string, string> = {}): YosysCell {
  return { hide_name: 1, type, parameters, attributes: {}, connections };
}

/** Inputs a (bits 2 to 5), b (6 to 9) and s (10); output y of bits 11 and up. */
function module(cells: Record<string, YosysCell>, y = [11, 12, 13, 14]): YosysModule {
  return {
    attributes: {},
    ports: {
      a: { direction: 'input', bits: [2, 3, 4, 5] },
      b: { direction: 'input', bits: [6, 7, 8, 9] },
      s: { direction: 'input', bits: [10] },
      y: { direction: 'output', bits: y },
    },
    cells,
    netnames: {},
  };
}

const A = [2, 3, 4, 5];
const B = [6, 7, 8, 9];
const Y = [11, 12, 13, 14];

describe('evaluate', () => {
  it('computes words of the width of the output', () => {
    const sum = module({ add: cell('$add', { A, B, Y }) });
    expect(evaluate(sum, { a: 7, b: 5 }, 'y')).toBe(12);
    expect(evaluate(sum, { a: 15, b: 2 }, 'y')).toBe(1);
    expect(evaluate(module({ sub: cell('$sub', { A, B, Y }) }), { a: 1, b: 2 }, 'y')).toBe(15);
    expect(evaluate(module({ not: cell('$not', { A, Y }) }), { a: 5 }, 'y')).toBe(10);
  });

  it('follows cells through each other, constants and multiplexers', () => {
    const both = module({
      mux: cell('$mux', { A: [20, 21, 22, 23], B, S: [10], Y }),
      and: cell('$and', { A, B: ['1', '0', '1', '0'], Y: [20, 21, 22, 23] }),
    });
    expect(evaluate(both, { a: 15, b: 9, s: 0 }, 'y')).toBe(5);
    expect(evaluate(both, { a: 15, b: 9, s: 1 }, 'y')).toBe(9);
  });

  it('compares with and without sign', () => {
    const less = (signed: string) =>
      module({ lt: cell('$lt', { A, B, Y: [11] }, { A_SIGNED: signed, B_SIGNED: signed }) }, [11]);
    expect(evaluate(less('0'), { a: 15, b: 1 }, 'y')).toBe(0);
    expect(evaluate(less('1'), { a: 15, b: 1 }, 'y')).toBe(1);
  });

  it('says nothing about unknown cells, loops and undriven wires', () => {
    expect(evaluate(module({ f: cell('$dff', { A, B, Y }) }), {}, 'y')).toBeUndefined();
    expect(evaluate(module({ f: cell('$and', { A: Y, B, Y }) }), {}, 'y')).toBeUndefined();
    expect(evaluate(module({}), {}, 'y')).toBeUndefined();
  });
});
