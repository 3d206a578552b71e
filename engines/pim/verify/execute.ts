import { breathe } from '../../core/abort.ts';
import { math } from '../../core/index.ts';
import { error, fail, ok, type Result } from '../../core/result.ts';
import type { Activation } from '../../onnx/network.ts';
import { activate } from '../../onnx/reference/pointwise.ts';
import { FUNCTIONS, Op, type Program } from '../program/types.ts';

/** The weights that an array group holds: rows x columns, row by row. */
export interface AgWeights {
  rows: number;
  columns: number;
  values: Float64Array;
}

export interface ExecuteOptions {
  weights(ag: number): AgWeights;
  /** Global memory before the run: inputs and constants in place. Changed by the run. */
  global: Float64Array;
  /** Layers in the order in which a pipelined program is run. */
  layers: readonly number[];
  signal: AbortSignal;
  /** After each 50,000 instructions or so. */
  progress?(fraction: number): void;
}

const AT_ONCE = 50_000;

/**
 * Executes a program on numbers, exactly as its instructions say. Local memories start as NaN, so that whatever is read
 * before it was written shows in the result.
 *
 * A transfer hands its elements over when the SEND is reached; a RECV waits for them. Fails with `program-deadlock`, naming
 * the instructions that wait, and with `program-address`, naming an instruction that reaches outside its memory.
 */
export async function executeProgram(program: Program, options: ExecuteOptions): Promise<Result<{ executed: number }>> {
  const machine = new Machine(program, options);
  if (program.order === 'as-is') {
    const lists = Array.from({ length: program.cores }, (_, core) =>
      range(program.coreStart[core]!, program.coreStart[core + 1]!),
    );
    return machine.run(lists);
  }
  const lists = byLayer(program);
  for (const layer of options.layers) {
    const own = lists.get(layer);
    const result = own ? await machine.run(own) : ok({ executed: 0 });
    if (!result.ok) return result;
  }
  return ok({ executed: machine.executed });
}

function range(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to - from }, (_, index) => from + index);
}

/** For each layer, its instructions core by core. */
function byLayer(program: Program): Map<number, Int32Array[]> {
  const found = new Map<number, number[][]>();
  for (let core = 0; core < program.cores; core++) {
    for (let at = program.coreStart[core]!; at < program.coreStart[core + 1]!; at++) {
      const layer = program.layer[at]!;
      const lists = found.get(layer) ?? Array.from({ length: program.cores }, () => []);
      found.set(layer, lists);
      lists[core]!.push(at);
    }
  }
  return new Map([...found].map(([layer, lists]) => [layer, lists.map((list) => Int32Array.from(list))]));
}

class Machine {
  executed = 0;
  private readonly local: Float64Array[];
  private readonly sent = new Map<number, Float64Array>();
  private readonly program: Program;
  private readonly options: ExecuteOptions;

  constructor(program: Program, options: ExecuteOptions) {
    this.program = program;
    this.options = options;
    this.local = Array.from(program.localElements, (size) => new Float64Array(size).fill(Number.NaN));
  }

  async run(lists: readonly Int32Array[]): Promise<Result<{ executed: number }>> {
    const { program, options } = this;
    const next = new Int32Array(lists.length);
    const left = () => lists.reduce((sum, list, core) => sum + list.length - next[core]!, 0);
    let sinceBreath = 0;
    while (left() > 0) {
      let moved = false;
      for (let core = 0; core < lists.length; core++) {
        const list = lists[core]!;
        while (next[core]! < list.length) {
          const at = list[next[core]!]!;
          if (program.op[at] === Op.RECV && !this.sent.has(program.pair[at]!)) break;
          if (!this.step(core, at)) return fail(outside(program, core, at));
          next[core]!++;
          this.executed++;
          moved = true;
          if (++sinceBreath >= AT_ONCE) {
            sinceBreath = 0;
            options.progress?.(this.executed / program.count);
            await breathe(options.signal);
          }
        }
      }
      if (!moved) return fail(deadlock(program, lists, next));
    }
    return ok({ executed: this.executed });
  }

  /** False: the instruction reaches outside a memory. */
  private step(core: number, at: number): boolean {
    const { program, options } = this;
    const memory = this.local[core]!;
    const op = program.op[at]!;
    const dst = program.dst[at]!;
    const src1 = program.src1[at]!;
    const src2 = program.src2[at]!;
    const n = program.elements[at]!;
    const immediate = program.immediate[at]!;
    const inside = (from: number, count: number, space = memory) => from >= 0 && from + count <= space.length;
    switch (op) {
      case Op.LD:
        if (!inside(dst, n) || !inside(src1, n, options.global)) return false;
        memory.set(options.global.subarray(src1, src1 + n), dst);
        return true;
      case Op.ST:
        if (!inside(src1, n) || !inside(dst, n, options.global)) return false;
        options.global.set(memory.subarray(src1, src1 + n), dst);
        return true;
      case Op.LMV: {
        const stride = program.stride[at]!;
        const repeats = stride > 0 ? program.repeats[at]! : 1;
        if (!inside(src1, (repeats - 1) * stride + n) || !inside(dst, repeats * n)) return false;
        for (let piece = 0; piece < repeats; piece++)
          memory.copyWithin(dst + piece * n, src1 + piece * stride, src1 + piece * stride + n);
        return true;
      }
      case Op.LLDI:
        if (!inside(dst, n)) return false;
        memory.fill(immediate, dst, dst + n);
        return true;
      case Op.MVMUL: {
        const { rows, columns, values } = options.weights(program.ag[at]!);
        if (rows !== n || !inside(src1, rows) || !inside(dst, columns)) return false;
        const sums = new Float64Array(columns);
        for (let row = 0; row < rows; row++) {
          const input = memory[src1 + row]!;
          for (let column = 0; column < columns; column++) sums[column]! += input * values[row * columns + column]!;
        }
        memory.set(sums, dst);
        return true;
      }
      case Op.SEND:
        if (!inside(src1, n)) return false;
        this.sent.set(program.pair[at]!, memory.slice(src1, src1 + n));
        return true;
      case Op.RECV: {
        const message = this.sent.get(program.pair[at]!)!;
        if (!inside(dst, n) || message.length !== n) return false;
        memory.set(message, dst);
        this.sent.delete(program.pair[at]!);
        return true;
      }
      case Op.VDOT: {
        const stride = program.stride[at]!;
        const columns = program.repeats[at]!;
        if (!inside(src1, n) || !inside(src2, (columns - 1) * stride + n) || !inside(dst, columns)) return false;
        const sums = new Float64Array(columns);
        for (let column = 0; column < columns; column++)
          for (let i = 0; i < n; i++) sums[column]! += memory[src1 + i]! * memory[src2 + column * stride + i]!;
        memory.set(sums, dst);
        return true;
      }
      default:
        if (!inside(dst, n) || !inside(src1, n)) return false;
        if (twoOperands(op) && !inside(src2, n)) return false;
        vector(op, memory, dst, src1, src2, n, immediate);
        return true;
    }
  }
}

function twoOperands(op: number): boolean {
  return op >= Op.VVADD && op <= Op.VVMIN;
}

function vector(
  op: number,
  memory: Float64Array,
  dst: number,
  src1: number,
  src2: number,
  n: number,
  immediate: number,
): void {
  if (op === Op.VSOFTMAX || op === Op.VNORM || op === Op.VRMS || op === Op.VLRN) {
    memory.set(whole(op, memory.slice(src1, src1 + n), immediate), dst);
    return;
  }
  for (let i = 0; i < n; i++) memory[dst + i] = pointwise(op, memory[src1 + i]!, memory[src2 + i]!, immediate);
}

/** Functions of a whole vector. */
function whole(op: number, x: Float64Array, immediate: number): Float64Array {
  if (op === Op.VSOFTMAX) {
    const largest = x.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const powers = x.map((value) => math.exp(value - largest));
    const sum = powers.reduce((total, value) => total + value, 0);
    return powers.map((value) => value / sum);
  }
  if (op === Op.VLRN) {
    return x.map((value, c) => {
      let squares = 0;
      for (let k = Math.max(0, c - 2); k <= Math.min(x.length - 1, c + 2); k++) squares += x[k]! ** 2;
      return value / math.pow(1 + (1e-4 / 5) * squares, 0.75);
    });
  }
  const mean = op === Op.VNORM ? x.reduce((sum, value) => sum + value, 0) / x.length : 0;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return x.map((value) => (value - mean) / Math.sqrt(variance + immediate));
}

function pointwise(op: number, a: number, b: number, immediate: number): number {
  switch (op) {
    case Op.VVADD:
      return a + b;
    case Op.VVSUB:
      return a - b;
    case Op.VVMUL:
      return a * b;
    case Op.VVDIV:
      return a / b;
    case Op.VVMAX:
      return Math.max(a, b);
    case Op.VVMIN:
      return Math.min(a, b);
    case Op.VMULI:
      return a * immediate;
    case Op.VADDI:
      return a + immediate;
    case Op.VRELU:
      return Math.max(a, 0);
    case Op.VTANH:
      return activate('tanh', a);
    case Op.VSIGM:
      return activate('sigmoid', a);
    case Op.VRSU:
      return Math.min(a, immediate);
    case Op.VRSL:
      return Math.max(a, immediate);
    default:
      return special(FUNCTIONS[immediate]!, a);
  }
}

function special(name: (typeof FUNCTIONS)[number], x: number): number {
  if (name === 'exp') return math.exp(x);
  if (name === 'sqrt') return Math.sqrt(x);
  if (name === 'reciprocal') return 1 / x;
  return activate(name satisfies Activation, x);
}

function describe(program: Program, core: number, at: number): string {
  const name = Object.entries(Op).find(([, code]) => code === program.op[at])?.[0] ?? '?';
  return `instruction ${at - program.coreStart[core]!} of core ${core} (${name}, layer ${program.layer[at]})`;
}

function outside(program: Program, core: number, at: number) {
  const what = `The ${describe(program, core, at)} reaches outside its memory, or its operands have the wrong length.`;
  return error('program-address', what, 'This is a fault of the compiler: please report the design.');
}

function deadlock(program: Program, lists: readonly Int32Array[], next: Int32Array) {
  const waiting = lists.flatMap((list, core) =>
    next[core]! < list.length ? [describe(program, core, list[next[core]!]!)] : [],
  );
  const what = `The program stands still: ${waiting.slice(0, 3).join(', ')} wait for transfers that nobody sends.`;
  return error('program-deadlock', what, 'This is a fault of the compiler: please report the design.');
}
