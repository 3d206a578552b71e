import { kindOf } from './cell-kinds.ts';
import { parseSrc } from './src.ts';
import type { Bit, YosysCell, YosysModule } from './yosys-json.ts';

/** The label of a cell without a line, and the cell that drives a net without a driver. */
export const NONE = -1;

/**
 * The cells of a module and the nets between them, as numbers; instances of other modules are no part of it. In a netlist that is mapped to
 * a library, `isInstance` tells modules from its cells.
 */
export class CellGraph {
  readonly cells: YosysCell[];
  readonly #nets = new Map<number, number>();
  readonly #outputs: number[][] = [];
  readonly #inputs: number[][] = [];

  readonly #isInstance: (type: string) => boolean;

  constructor(module: YosysModule, isInstance: (type: string) => boolean = (type) => kindOf(type) === 'instance') {
    this.#isInstance = isInstance;
    this.cells = Object.values(module.cells);
    for (const cell of this.cells) {
      const outputs: number[] = [];
      const inputs: number[] = [];
      if (!isInstance(cell.type)) {
        for (const [port, bits] of Object.entries(cell.connections)) {
          const list = cell.port_directions?.[port] === 'output' ? outputs : inputs;
          for (const bit of bits) if (typeof bit === 'number') list.push(this.#number(bit));
        }
      }
      this.#outputs.push(outputs);
      this.#inputs.push(inputs);
    }
  }

  get nets(): number {
    return this.#nets.size;
  }

  /** The number of a bit; undefined when no cell touches it. */
  net(bit: Bit): number | undefined {
    return typeof bit === 'number' ? this.#nets.get(bit) : undefined;
  }

  /** For every net the cell that drives it, or -1. */
  drivers(): Int32Array {
    const driver = new Int32Array(this.nets).fill(NONE);
    this.#outputs.forEach((outputs, cell) => {
      for (const net of outputs) driver[net] = cell;
    });
    return driver;
  }

  ownLabels(table: LineTable): Int32Array {
    return Int32Array.from(this.cells, (cell) =>
      this.#isInstance(cell.type) ? NONE : table.index(cell.attributes.src),
    );
  }

  /** Labels each cell that has no label by the first of its outputs that has a line. */
  labelDrivers(labels: Int32Array, lineOf: (net: number) => number): void {
    this.#outputs.forEach((outputs, cell) => {
      for (const net of outputs) {
        if (labels[cell] !== NONE) return;
        labels[cell] = lineOf(net);
      }
    });
  }

  /** Labels what is left by the nearest labelled cell downstream, else upstream. */
  spread(labels: Int32Array): void {
    if (!labels.includes(NONE)) return;
    const driver = this.drivers();
    const readers: number[][] = Array.from({ length: this.nets }, () => []);
    this.#inputs.forEach((inputs, cell) => {
      for (const net of inputs) (readers[net] as number[]).push(cell);
    });
    spread(labels, (cell, visit) => {
      for (const net of this.#inputs[cell] as number[]) {
        const from = driver[net] as number;
        if (from !== NONE) visit(from);
      }
    });
    spread(labels, (cell, visit) => {
      for (const net of this.#outputs[cell] as number[]) for (const to of readers[net] as number[]) visit(to);
    });
  }

  #number(bit: number): number {
    let number = this.#nets.get(bit);
    if (number === undefined) {
      number = this.#nets.size;
      this.#nets.set(bit, number);
    }
    return number;
  }
}

/** Breadth first from all labelled cells, in the order of their indices; the first to arrive gives its line. */
function spread(labels: Int32Array, neighbours: (cell: number, visit: (other: number) => void) => void): void {
  let front: number[] = [];
  labels.forEach((label, cell) => {
    if (label !== NONE) front.push(cell);
  });
  while (front.length > 0) {
    const next: number[] = [];
    for (const cell of front) {
      neighbours(cell, (other) => {
        if (labels[other] !== NONE) return;
        labels[other] = labels[cell] as number;
        next.push(other);
      });
    }
    front = next.sort((a, b) => a - b);
  }
}

/** Numbers the lines, and remembers what it has read: a netlist repeats few different `src` texts. */
export class LineTable {
  readonly lines: { file: string; line: number }[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #bySrc = new Map<string, number>();
  readonly #userPath: (name: string) => string;

  constructor(userPath: (name: string) => string) {
    this.#userPath = userPath;
  }

  /** Index of the first place of a `src`; -1 when it has none. */
  index(src: string | undefined): number {
    if (src === undefined || src === '') return NONE;
    const known = this.#bySrc.get(src);
    if (known !== undefined) return known;
    const [span] = parseSrc(src);
    let number = NONE;
    if (span) {
      const file = this.#userPath(span.file);
      const key = `${span.line}:${file}`;
      number = this.#numbers.get(key) ?? NONE;
      if (number === NONE) {
        number = this.lines.length;
        this.lines.push({ file, line: span.line });
        this.#numbers.set(key, number);
      }
    }
    this.#bySrc.set(src, number);
    return number;
  }
}
