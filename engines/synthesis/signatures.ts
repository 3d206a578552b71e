import { createRandom, type Random } from '../core/random.ts';
import type { BoolExpr, Library } from './liberty/types.ts';
import type { Bit, YosysCell, YosysModule } from './yosys-json.ts';

/** Words of 32 patterns each. */
export const SIGNATURE_WORDS = 16;

const SEED = 0x51617;

/** Gives, for one pattern word of the inputs, that of an output. */
type Evaluate = (wordOf: (port: string) => number) => number;

/** Output ports of a cell that are functions of its inputs; undefined for all other cells. */
export type FunctionsOf = (cell: YosysCell) => [output: string, evaluate: Evaluate][] | undefined;

const GATES: Record<string, Evaluate> = {
  $_BUF_: (v) => v('A'),
  $_NOT_: (v) => ~v('A'),
  $_AND_: (v) => v('A') & v('B'),
  $_NAND_: (v) => ~(v('A') & v('B')),
  $_OR_: (v) => v('A') | v('B'),
  $_NOR_: (v) => ~(v('A') | v('B')),
  $_XOR_: (v) => v('A') ^ v('B'),
  $_XNOR_: (v) => ~(v('A') ^ v('B')),
  $_ANDNOT_: (v) => v('A') & ~v('B'),
  $_ORNOT_: (v) => v('A') | ~v('B'),
  $_MUX_: (v) => (v('A') & ~v('S')) | (v('B') & v('S')),
  $_NMUX_: (v) => ~((v('A') & ~v('S')) | (v('B') & v('S'))),
  $_AOI3_: (v) => ~((v('A') & v('B')) | v('C')),
  $_OAI3_: (v) => ~((v('A') | v('B')) & v('C')),
  $_AOI4_: (v) => ~((v('A') & v('B')) | (v('C') & v('D'))),
  $_OAI4_: (v) => ~((v('A') | v('B')) & (v('C') | v('D'))),
};

/** The gates of Yosys' internal library. */
export const gateFunctions: FunctionsOf = (cell) => {
  const gate = GATES[cell.type];
  return gate && [['Y', gate]];
};

/** The combinational cells of a library. */
export function libraryFunctions(library: Library): FunctionsOf {
  const known = new Map<string, ReturnType<FunctionsOf>>();
  return ({ type }) => {
    if (known.has(type)) return known.get(type);
    const cell = library.cells.get(type);
    let found: ReturnType<FunctionsOf>;
    if (cell && !cell.sequential && cell.clockGate === undefined && cell.unread.length === 0) {
      found = cell.pins.flatMap(({ name, direction, function: expr, threeState }): [string, Evaluate][] =>
        direction === 'output' && expr && !threeState ? [[name, (wordOf) => evaluateWord(expr, wordOf)]] : [],
      );
      if (found.length === 0) found = undefined;
    }
    known.set(type, found);
    return found;
  };
}

function evaluateWord(expr: BoolExpr, wordOf: (pin: string) => number): number {
  switch (expr.kind) {
    case 'constant':
      return expr.value === 1 ? -1 : 0;
    case 'pin':
      return wordOf(expr.name);
    case 'not':
      return ~evaluateWord(expr.of, wordOf);
    case 'and':
      return evaluateWord(expr.of[0], wordOf) & evaluateWord(expr.of[1], wordOf);
    case 'or':
      return evaluateWord(expr.of[0], wordOf) | evaluateWord(expr.of[1], wordOf);
    case 'xor':
      return evaluateWord(expr.of[0], wordOf) ^ evaluateWord(expr.of[1], wordOf);
  }
}

/** Names a bit of a netlist as its net's name and index, and back. */
export function* namedBits(module: YosysModule): Generator<[name: string, bit: number]> {
  for (const [name, { bits }] of Object.entries(module.netnames)) {
    for (const [index, bit] of bits.entries()) if (typeof bit === 'number') yield [`${name}:${index}`, bit];
  }
}

/** What the nets of a module do under one sequence of patterns, that is the same for nets of the same function. */
export class Signatures {
  /** Nets that are no function of others here: inputs, outputs of registers and of modules. */
  readonly sources = new Set<number>();
  readonly #words = new Map<number, Int32Array>();

  /**
   * @param given values of nets, which are then taken instead of what drives them
   */
  constructor(module: YosysModule, functionsOf: FunctionsOf, given: ReadonlyMap<number, Int32Array> = new Map()) {
    const drivers = new Map<number, { cell: YosysCell; evaluate: Evaluate } | 'several'>();
    for (const cell of Object.values(module.cells)) {
      for (const [output, evaluate] of functionsOf(cell) ?? []) {
        const bit = cell.connections[output]?.[0];
        if (typeof bit === 'number') drivers.set(bit, drivers.has(bit) ? 'several' : { cell, evaluate });
      }
    }
    const random = createRandom(SEED);
    const begun = new Set<number>();
    const source = (net: number) => {
      this.sources.add(net);
      this.#words.set(net, patterns(random));
    };
    const isDone = (bit: Bit | undefined) => typeof bit !== 'number' || this.#words.has(bit);
    /** Depth first with a stack of its own: logic can be deep. */
    const visit = (from: number) => {
      const stack = [from];
      while (stack.length > 0) {
        const net = stack[stack.length - 1] as number;
        const driver = drivers.get(net);
        const known = given.get(net);
        if (this.#words.has(net)) stack.pop();
        else if (known) this.#words.set(net, known);
        else if (driver === undefined || driver === 'several') source(net);
        else {
          const { cell, evaluate } = driver;
          const open: number[] = [];
          for (const bits of Object.values(cell.connections)) {
            const [bit] = bits;
            if (typeof bit === 'number' && bit !== net && !isDone(bit) && isInput(cell, bit, functionsOf))
              open.push(bit);
          }
          const first = open.find((bit) => begun.has(bit));
          if (open.length === 0) this.#words.set(net, this.#evaluate(cell, evaluate));
          else if (begun.has(net) && first !== undefined) {
            // A loop: it is cut here.
            source(first);
          } else {
            begun.add(net);
            stack.push(...open);
          }
        }
      }
    };
    for (const port of Object.values(module.ports))
      for (const bit of port.bits) if (typeof bit === 'number') visit(bit);
    for (const [, bit] of namedBits(module)) visit(bit);
    for (const cell of Object.values(module.cells))
      for (const bits of Object.values(cell.connections))
        for (const bit of bits) if (typeof bit === 'number') visit(bit);
  }

  of(net: number): Int32Array | undefined {
    return this.#words.get(net);
  }

  /** The same text for nets that are always equal or always opposite; undefined for what never changes. */
  key(net: number): string | undefined {
    const words = this.#words.get(net);
    if (!words) return undefined;
    const flip = (words[0] as number) & 1 ? -1 : 0;
    let text = '';
    let any = 0;
    for (const word of words) {
      any |= word ^ flip;
      text += `${(word ^ flip) >>> 0},`;
    }
    return any === 0 ? undefined : text;
  }

  #evaluate(cell: YosysCell, evaluate: Evaluate): Int32Array {
    const words = new Int32Array(SIGNATURE_WORDS);
    const valueAt = (port: string, at: number): number => {
      const bit = cell.connections[port]?.[0];
      if (bit === '1') return -1;
      return typeof bit === 'number' ? ((this.#words.get(bit) as Int32Array)[at] as number) : 0;
    };
    for (let at = 0; at < SIGNATURE_WORDS; at++) words[at] = evaluate((port) => valueAt(port, at));
    return words;
  }
}

/** Whether a cell reads a net, and does not merely drive it (a full adder drives two). */
function isInput(cell: YosysCell, bit: number, functionsOf: FunctionsOf): boolean {
  const outputs = new Set((functionsOf(cell) ?? []).map(([name]) => name));
  return Object.entries(cell.connections).some(([port, bits]) => !outputs.has(port) && bits[0] === bit);
}

/** Half of the words have as many ones as zeros; in the others ones are rare or frequent, for wide gates. */
function patterns(random: Random): Int32Array {
  const words = new Int32Array(SIGNATURE_WORDS);
  for (let at = 0; at < SIGNATURE_WORDS; at++) {
    const [a, b, c] = [random.bits(), random.bits(), random.bits()];
    const few = at >= SIGNATURE_WORDS * 0.875 ? a & b & c : a & b;
    words[at] = at < SIGNATURE_WORDS / 2 ? a : at % 2 === 0 ? few : ~few;
  }
  return words;
}
