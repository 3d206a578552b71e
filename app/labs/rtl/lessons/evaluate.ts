import type { Bit, YosysCell, YosysModule } from '../../../../engines/synthesis/yosys-json.ts';

/** Widest word that is computed with exactly. */
const MOST_BITS = 32;

type Binary = (a: number, b: number) => number;

const BINARY: Record<string, Binary> = {
  $add: (a, b) => a + b,
  $sub: (a, b) => a - b,
  $lt: (a, b) => Number(a < b),
  $le: (a, b) => Number(a <= b),
  $gt: (a, b) => Number(a > b),
  $ge: (a, b) => Number(a >= b),
  $eq: (a, b) => Number(a === b),
  $ne: (a, b) => Number(a !== b),
  $and: (a, b) => a & b,
  $or: (a, b) => a | b,
  $xor: (a, b) => a ^ b,
  $xnor: (a, b) => ~(a ^ b),
  $logic_and: (a, b) => Number(a !== 0 && b !== 0),
  $logic_or: (a, b) => Number(a !== 0 || b !== 0),
};

const UNARY: Record<string, (a: number) => number> = {
  $not: (a) => ~a,
  $neg: (a) => -a,
  $pos: (a) => a,
  $logic_not: (a) => Number(a === 0),
  $reduce_or: (a) => Number(a !== 0),
  $reduce_bool: (a) => Number(a !== 0),
};

/**
 * The value of an output of a small word-level netlist without registers, for given values of its inputs (those left out
 * are 0). Undefined when the output hangs on a kind of cell that is not known here, on a loop, or on an undriven wire: then
 * nothing can be said about the function.
 */
export function evaluate(module: YosysModule, inputs: Record<string, number>, output: string): number | undefined {
  const values = new Map<number, number>();
  for (const [name, port] of Object.entries(module.ports)) {
    if (port.direction !== 'input') continue;
    port.bits.forEach((bit, i) => {
      if (typeof bit === 'number') values.set(bit, bitOf(inputs[name] ?? 0, i));
    });
  }
  const drivers = new Map<number, YosysCell>();
  for (const cell of Object.values(module.cells)) {
    for (const bit of cell.connections.Y ?? []) if (typeof bit === 'number') drivers.set(bit, cell);
  }
  const open = new Set<YosysCell>();

  const valueOfBit = (bit: Bit): number | undefined => {
    if (typeof bit === 'string') return bit === '1' ? 1 : bit === '0' ? 0 : undefined;
    const cell = drivers.get(bit);
    if (!values.has(bit) && cell && !open.has(cell)) {
      open.add(cell);
      const result = compute(cell);
      const bits = cell.connections.Y ?? [];
      if (result !== undefined) {
        bits.forEach((each, i) => {
          if (typeof each === 'number') values.set(each, bitOf(result, i));
        });
      }
    }
    return values.get(bit);
  };

  const word = (bits: readonly Bit[], signed = false): number | undefined => {
    if (bits.length > MOST_BITS) return undefined;
    let sum = 0;
    for (const [i, bit] of bits.entries()) {
      const value = valueOfBit(bit);
      if (value === undefined) return undefined;
      sum += (signed && i === bits.length - 1 ? -value : value) * 2 ** i;
    }
    return sum;
  };

  const compute = (cell: YosysCell): number | undefined => {
    const { A = [], B = [], S = [] } = cell.connections;
    const a = word(A, isSet(cell.parameters.A_SIGNED));
    const unary = UNARY[cell.type];
    if (unary) return a === undefined ? undefined : unary(a);
    const b = word(B, isSet(cell.parameters.B_SIGNED));
    if (a === undefined || b === undefined) return undefined;
    if (cell.type === '$mux') {
      const choice = word(S);
      return choice === undefined ? undefined : choice === 1 ? b : a;
    }
    return BINARY[cell.type]?.(a, b);
  };

  return word(module.ports[output]?.bits ?? []);
}

/** Bit `i` of a whole number in two's complement. */
function bitOf(value: number, i: number): number {
  return Math.floor(value / 2 ** i) & 1;
}

function isSet(parameter: string | undefined): boolean {
  return parameter !== undefined && Number.parseInt(parameter, 2) === 1;
}
