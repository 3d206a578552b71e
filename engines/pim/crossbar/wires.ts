/** What a read gives: currents of the columns and rows, and the voltages at the two ends of every cell, row by row. */
export interface NodeVoltages {
  columnAmps: Float64Array;
  /** What each row's driver delivers. */
  rowAmps: Float64Array;
  wordVolts: Float64Array;
  bitVolts: Float64Array;
}

/** Of the energy norm of the preconditioned residual, relative to the first. */
const TOLERANCE = 1e-14;
const MOST_STEPS = 2000;

/**
 * The resistive network of an array: a word line for each row, driven at its left end, a bit line for each column, held at
 * 0 V at its lower end, a cell between them at every crossing, and one resistance for every piece of wire (between
 * neighbouring crossings, from the driver to the first, from the last to the converter). Kirchhoff's current law at both
 * ends of every cell gives two unknown voltages a cell.
 *
 * Solved exactly for the bit lines (each is a chain, hence tridiagonal, once the word lines are known) and by conjugate
 * gradients for what then remains of the word lines, with the chains of the word lines themselves as preconditioner:
 * few steps, because wires conduct far better than cells (Saad, "Iterative Methods for Sparse Linear Systems", 9.2 and
 * 14.2). Sizes: `conductance` in siemens, rows x columns, row by row; `wireOhm` > 0.
 */
export function createWires(
  rows: number,
  columns: number,
  conductance: Float64Array,
  wireOhm: number,
  tolerance = TOLERANCE,
): (rowVolts: ArrayLike<number>) => NodeVoltages {
  const cells = rows * columns;
  const wire = 1 / wireOhm;
  // Elimination along every chain, as a ladder of conductances to ground, in which nothing is subtracted: 1 over what each
  // node sees of its cell, of the chain behind it and of the wire to the next node.
  const wordInverse = new Float64Array(cells);
  const bitInverse = new Float64Array(cells);
  const behind = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    let left = wire;
    for (let k = 0; k < columns; k++) {
      const at = i * columns + k;
      const word = conductance[at]! + left;
      wordInverse[at] = 1 / (k === columns - 1 ? word : word + wire);
      left = (wire * word) / (wire + word);
      const bit = conductance[at]! + behind[k]!;
      bitInverse[at] = 1 / (bit + wire);
      behind[k] = (wire * bit) / (wire + bit);
    }
  }

  /** Voltages of the word lines with all bit lines at 0 V, for currents fed into their nodes. In place. */
  function solveWords(x: Float64Array): void {
    for (let i = 0; i < rows; i++) {
      const first = i * columns;
      const end = first + columns;
      let before = 0;
      for (let at = first; at < end; at++) {
        before = (x[at]! + wire * before) * wordInverse[at]!;
        x[at] = before;
      }
      for (let at = end - 2; at >= first; at--) x[at]! += wire * wordInverse[at]! * x[at + 1]!;
    }
  }

  /** The same for the bit lines. */
  function solveBits(x: Float64Array): void {
    for (let k = 0; k < columns; k++) x[k]! *= bitInverse[k]!;
    for (let at = columns; at < cells; at++) x[at] = (x[at]! + wire * x[at - columns]!) * bitInverse[at]!;
    for (let at = cells - columns - 1; at >= 0; at--) x[at]! += wire * bitInverse[at]! * x[at + columns]!;
  }

  const bits = new Float64Array(cells);

  /** Bit-line voltages that belong to word-line voltages. */
  function bitsOf(words: Float64Array): void {
    for (let at = 0; at < cells; at++) bits[at] = conductance[at]! * words[at]!;
    solveBits(bits);
  }

  /** Currents that flow out of the word lines' nodes, through wires and cells, at these voltages. */
  function apply(words: Float64Array, into: Float64Array): void {
    bitsOf(words);
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < columns; k++) {
        const at = i * columns + k;
        const v = words[at]!;
        const left = v - (k === 0 ? 0 : words[at - 1]!);
        const right = k === columns - 1 ? 0 : v - words[at + 1]!;
        into[at] = wire * (left + right) + conductance[at]! * (v - bits[at]!);
      }
    }
  }

  function solve(rowVolts: ArrayLike<number>): NodeVoltages {
    const words = new Float64Array(cells);
    const residual = new Float64Array(cells);
    for (let i = 0; i < rows; i++) residual[i * columns] = wire * rowVolts[i]!;
    const z = residual.slice();
    solveWords(z);
    const direction = z.slice();
    const image = new Float64Array(cells);
    let power = dot(residual, z);
    const enough = tolerance * tolerance * power;
    for (let step = 0; step < MOST_STEPS && power > enough; step++) {
      apply(direction, image);
      const length = power / dot(direction, image);
      for (let at = 0; at < cells; at++) {
        words[at]! += length * direction[at]!;
        residual[at]! -= length * image[at]!;
      }
      z.set(residual);
      solveWords(z);
      const next = dot(residual, z);
      const turn = next / power;
      for (let at = 0; at < cells; at++) direction[at] = z[at]! + turn * direction[at]!;
      power = next;
    }
    bitsOf(words);
    const columnAmps = new Float64Array(columns);
    const rowAmps = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < columns; k++) {
        const at = i * columns + k;
        const amps = conductance[at]! * (words[at]! - bits[at]!);
        columnAmps[k]! += amps;
        rowAmps[i]! += amps;
      }
    }
    return { columnAmps, rowAmps, wordVolts: words, bitVolts: bits.slice() };
  }

  return solve;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
