import { breathe } from '../../core/abort.ts';
import { error, fail, ok, type Result } from '../../core/result.ts';
import type { Network } from '../../onnx/network.ts';
import { arrayBytes } from '../hardware.ts';
import { startingMode } from '../judge.ts';
import type { CimOperator, CimProblem } from '../types.ts';
import { addressesOf } from './addresses.ts';
import type { Numbers } from './numbers.ts';
import { placeReader, vectorReader, weightReader } from './operand.ts';
import { numbersOf } from './ranges.ts';
import { lineOf } from './text.ts';
import { tilesOf } from './tiles.ts';
import type { Alu, Instruction, Program, ReadCore, WriteCore } from './types.ts';
import { compute, requantise, type Values } from './vector-unit.ts';

export interface RunOptions {
  signal: AbortSignal;
  progress(fraction: number): void;
}

export interface RunResult {
  /** By layer; undefined where the program made none. */
  results: (Values | undefined)[];
  modeChecks: number;
  instructions: number;
}

/** What an array holds while it computes: a tile of a copy of an operator's weights, cell by cell. */
interface Held {
  operator: string;
  copy: number;
  tile: number;
  cells: Uint8Array;
}

/**
 * Runs a program on whole numbers. Weights go into cells in offset binary, vectors pass through the buffers that the
 * instruction names, every tile's columns are summed and put together again. Each use of an array checks its mode and what
 * it holds; the first that is wrong ends the run with its line (`cim.mode`, `cim.held`, `cim.address`).
 */
export async function runProgram(
  program: Program,
  network: Network,
  problem: CimProblem,
  numbers: Numbers,
  { signal, progress }: RunOptions,
): Promise<Result<RunResult>> {
  const machine = new Machine(network, problem, numbers);
  const all = program.segments.reduce((sum, block) => sum + block.length, 0);
  let done = 0;
  for (const [segment, block] of program.segments.entries()) {
    for (const [at, instruction] of block.entries()) {
      try {
        for (const _ of machine.run(instruction)) await breathe(signal);
      } catch (reason) {
        if (!(reason instanceof Wrong)) throw reason;
        const where = { file: 'program', line: lineOf(program, segment, at), column: 1 };
        return fail(error(reason.code, reason.message, reason.remedy, where));
      }
      done += 1;
      progress(done / all);
    }
  }
  const { results } = addressesOf(network);
  return ok({
    results: network.layers.map(({ index }) => machine.main.get(results[index]!)),
    modeChecks: machine.modeChecks,
    instructions: done,
  });
}

/** What a program does wrong. */
class Wrong extends Error {
  readonly code: string;
  readonly remedy: string;
  constructor(code: string, what: string, remedy: string) {
    super(what);
    this.code = code;
    this.remedy = remedy;
  }
}

class Machine {
  modeChecks = 0;
  /** Results in main memory, by address. */
  readonly main = new Map<number, Values>();
  private readonly sums = new Map<number, Float64Array>();
  private readonly computes: boolean[];
  private readonly held = new Map<number, Held>();
  /** What lies in memory arrays: the last vector that passed through. */
  private readonly buffers = new Map<number, Int32Array>();
  private readonly operators: Map<string, CimOperator>;
  private readonly network: Network;
  private readonly problem: CimProblem;
  private readonly numbers: Numbers;

  constructor(network: Network, problem: CimProblem, numbers: Numbers) {
    this.network = network;
    this.problem = problem;
    this.numbers = numbers;
    const { hardware } = problem;
    this.computes = Array.from({ length: hardware.arrays }, (_, at) => at < startingMode(hardware));
    this.operators = new Map(problem.operators.map((each) => [each.name, each]));
    const { results } = addressesOf(network);
    for (const { index } of network.layers) {
      const input = numbers.inputs[index];
      if (input) this.main.set(results[index]!, input);
    }
  }

  /** Does an instruction; yields where others may have a turn. */
  *run(instruction: Instruction): Generator<void> {
    switch (instruction.op) {
      case 'switch':
        for (const array of numbersOf(instruction.arrays)) {
          this.computes[array] = instruction.to === 'compute';
          // What stood in it in its other mode is gone.
          this.held.delete(array);
          this.buffers.delete(array);
        }
        return;
      case 'write':
        this.write(instruction);
        return;
      case 'read':
        yield* this.read(instruction);
        return;
      case 'alu':
        this.alu(instruction);
    }
  }

  private check(array: number, mode: 'compute' | 'memory'): void {
    this.modeChecks += 1;
    const now = this.computes[array];
    if (now === undefined) throw new Wrong('cim.array', `There is no array ${array}.`, 'Name arrays of the chip.');
    if (now === (mode === 'compute')) return;
    const [has, needs] = mode === 'compute' ? ['memory', 'compute'] : ['compute', 'memory'];
    throw new Wrong(
      'cim.mode',
      `Array ${array} is in ${has} mode and is used in ${needs} mode.`,
      `Switch it to ${needs} before.`,
    );
  }

  private operatorOf(name: string): CimOperator {
    const found = this.operators.get(name);
    if (!found) throw new Wrong('cim.operator', `There is no operator "${name}".`, 'Name one of this network’s.');
    return found;
  }

  private loaded(address: number): Values {
    const found = this.main.get(address);
    if (found) return found;
    throw new Wrong(
      'cim.address',
      `Nothing was stored at 0x${address.toString(16)} before it is read.`,
      'Store it first, or read from another address.',
    );
  }

  private write({ operator: name, source, arrays }: WriteCore): void {
    const operator = this.operatorOf(name);
    const layer = this.network.layers[operator.layer]!;
    const { hardware } = this.problem;
    const own = numbersOf(arrays);
    const copies = Math.floor(own.length / operator.arrays);
    if (copies === 0) {
      throw new Wrong(
        'cim.arrays',
        `"${name}" takes ${operator.arrays} arrays and gets ${own.length}.`,
        'Give it more.',
      );
    }
    for (const array of own) this.check(array, 'compute');
    const from = source === undefined ? this.numbers.weights[operator.layer] : this.loaded(source);
    if (!from)
      throw new Wrong('cim.weights', `"${name}" has no weights from outside.`, 'Give the address of its operand.');
    const { rows, columns: width, cellBits } = hardware.array;
    const tiles = tilesOf(operator, hardware);
    const weight = weightReader(operator, layer, from);
    const offset = 2 ** (hardware.weightBits - 1);
    const cells = Array.from({ length: operator.arrays }, () => new Uint8Array(rows * width));
    const digits = 2 ** cellBits;
    for (let g = 0; g < operator.groups; g++) {
      for (let k = 0; k < operator.columns; k++) {
        for (let n = 0; n < operator.inner; n++) {
          let rest = weight(g, k, n) + offset;
          for (let slice = 0; slice < tiles.columnsPerWeight; slice++) {
            const at = tiles.at(g, n, k * tiles.columnsPerWeight + slice);
            cells[at.tile]![at.row * width + at.column] = rest % digits;
            rest = Math.floor(rest / digits);
          }
        }
      }
    }
    for (let copy = 0; copy < copies; copy++) {
      for (let tile = 0; tile < operator.arrays; tile++) {
        this.held.set(own[copy * operator.arrays + tile]!, { operator: name, copy, tile, cells: cells[tile]! });
      }
    }
  }

  private *read({ operator: name, source, target, arrays, inputs, outputs }: ReadCore): Generator<void> {
    const operator = this.operatorOf(name);
    const layer = this.network.layers[operator.layer]!;
    const { hardware } = this.problem;
    const own = numbersOf(arrays);
    for (const array of own) this.check(array, 'compute');
    const copies = Math.floor(own.length / operator.arrays);
    const tilesOfCopy = Array.from({ length: copies }, (_, copy) =>
      Array.from({ length: operator.arrays }, (_, tile) => {
        const array = own[copy * operator.arrays + tile]!;
        const held = this.held.get(array);
        if (held?.operator === name && held.tile === tile && held.copy === copy) return held.cells;
        const has = held ? `weights of "${held.operator}"` : 'no weights';
        throw new Wrong(
          'cim.held',
          `Array ${array} holds ${has} where those of "${name}" are read.`,
          'Write them first.',
        );
      }),
    );
    const [into, out] = [numbersOf(inputs), numbersOf(outputs)];
    for (const array of [...into, ...out]) this.check(array, 'memory');
    if (copies === 0) throw new Wrong('cim.arrays', `"${name}" has too few arrays to be read.`, 'Give it more.');
    const { columns: width, cellBits } = hardware.array;
    const tiles = tilesOf(operator, hardware);
    const offset = 2 ** (hardware.weightBits - 1);
    const values = this.loaded(source);
    const gather = vectorReader(operator, layer, values);
    const place = placeReader(operator, layer);
    const size = layer.outputShape.reduce((all, each) => all * each, 1);
    const sums = this.sums.get(target) ?? new Float64Array(size);
    if (sums.length !== size) {
      throw new Wrong('cim.address', `The sums at 0x${target.toString(16)} are another layer’s.`, 'Add into its own.');
    }
    this.sums.set(target, sums);
    const { inner, columns, groups, vectors } = operator;
    const wide = columns * tiles.columnsPerWeight;
    const vector = new Int32Array(inner);
    const found = new Float64Array(wide);
    for (let v = 0; v < vectors; v++) {
      const cells = tilesOfCopy[v % copies]!;
      for (let g = 0; g < groups; g++) {
        gather(g, v, vector);
        const fed = into.length > 0 ? this.through(into, v, vector) : vector;
        found.fill(0);
        let sum = 0;
        for (let n = 0; n < inner; n++) {
          const x = fed[n]!;
          if (x === 0) continue;
          sum += x;
          for (let column = 0; column < wide; ) {
            const at = tiles.at(g, n, column);
            const tile = cells[at.tile]!;
            const end = Math.min(wide, column + width - at.column);
            for (let cell = at.row * width + at.column; column < end; column++, cell++)
              found[column]! += x * tile[cell]!;
          }
        }
        for (let k = 0; k < columns; k++) {
          let result = -offset * sum;
          for (let slice = tiles.columnsPerWeight - 1; slice >= 0; slice--) {
            result += found[k * tiles.columnsPerWeight + slice]! * 2 ** (slice * cellBits);
          }
          sums[place(g, v, k)]! += result;
        }
      }
      yield;
    }
  }

  /** A vector goes into memory arrays and comes out of them again. */
  private through(arrays: readonly number[], turn: number, vector: Int32Array): Int32Array {
    const each = arrayBytes(this.problem.hardware);
    const needed = Math.ceil(vector.length / each);
    if (needed > arrays.length) {
      // Longer than its buffers: the rest comes straight from main memory.
      return vector;
    }
    const at = (turn * needed) % (arrays.length - (arrays.length % needed) || 1);
    const back = new Int32Array(vector.length);
    for (let part = 0; part < needed; part++) {
      const array = arrays[at + part]!;
      this.check(array, 'memory');
      this.buffers.set(array, vector.slice(part * each, (part + 1) * each));
      back.set(this.buffers.get(array)!, part * each);
    }
    return back;
  }

  private alu({ name, layer: layerName, sources, target }: Alu): void {
    const layer = this.network.layers.find((each) => each.name === layerName);
    if (!layer) throw new Wrong('cim.layer', `There is no layer "${layerName}".`, 'Name one of this network’s.');
    const { most, shifts } = this.numbers;
    if (name !== 'requantise') {
      this.main.set(
        target,
        compute(
          layer,
          sources.map((each) => this.loaded(each)),
          most,
        ),
      );
      return;
    }
    const sums = this.sums.get(sources[0] ?? -1);
    if (!sums)
      throw new Wrong('cim.address', `No sums lie where those of "${layerName}" are read.`, 'Compute them first.');
    const shift = shifts[layer.index]!;
    this.main.set(
      target,
      Int32Array.from(sums, (sum) => requantise(sum, shift, most, layer)),
    );
  }
}
