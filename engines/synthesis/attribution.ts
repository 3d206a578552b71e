import type { Place } from '../core/result.ts';
import { counts, kindOf } from './cell-kinds.ts';
import { compare } from './modules.ts';
import { instanceCounts, widthOf } from './netlist.ts';
import { parseSrc } from './src.ts';
import type { YosysModule, YosysNetlist } from './yosys-json.ts';

/**
 * Which source line each cell comes from. `of` has, for every module, one number for each of its cells in the order of
 * the netlist: an index into `lines`, or -1.
 */
export interface LineLabels {
  lines: { file: string; line: number }[];
  of: Map<string, Int32Array>;
}

export interface LineCount {
  file: string;
  line: number;
  cells: number;
  flipFlops: number;
  byType: Record<string, number>;
}

const NONE = -1;

/** Labels cells by their own `src`; of several joined places the first counts. For netlists that ABC has not touched. */
export function labelBySrc(netlist: YosysNetlist, userPath: (name: string) => string): LineLabels {
  const table = new LineTable(userPath);
  const of = new Map<string, Int32Array>();
  for (const [name, module] of Object.entries(netlist.modules)) {
    of.set(
      name,
      Int32Array.from(Object.values(module.cells), (cell) => table.index(cell.attributes.src)),
    );
  }
  return { lines: table.lines, of };
}

/**
 * Labels the cells of a netlist that ABC has made anew, by the netlist from before (`mapped`, gates with exact `src`).
 *
 * 1. A cell with a `src` of its own (registers, latches, what ABC does not touch) has that line.
 * 2. ABC's `dress` gives a net of the new netlist the name of a net of the old one that always has the same or the
 *    opposite value. A cell that drives such a net has the line of the old net's driver.
 * 3. Each cell that is left has the line of the nearest labelled cell that it feeds, breadth first; ties go to the least
 *    index.
 * 4. Then, likewise, of the nearest labelled cell that feeds it.
 */
export function labelGates(mapped: YosysNetlist, gates: YosysNetlist, userPath: (name: string) => string): LineLabels {
  const table = new LineTable(userPath);
  const of = new Map<string, Int32Array>();
  for (const [name, module] of Object.entries(gates.modules)) {
    const before = mapped.modules[name];
    of.set(name, labelModule(before, module, table));
  }
  return { lines: table.lines, of };
}

function labelModule(before: YosysModule | undefined, module: YosysModule, table: LineTable): Int32Array {
  const cells = Object.values(module.cells);
  const labels = Int32Array.from(cells, (cell) =>
    kindOf(cell.type) === 'instance' ? NONE : table.index(cell.attributes.src),
  );

  // Nets: what drives them (the last output counts), what reads them, and the line that their name stands for.
  const net = new Map<number, number>();
  const numberOf = (bit: number): number => {
    let number = net.get(bit);
    if (number === undefined) {
      number = net.size;
      net.set(bit, number);
    }
    return number;
  };
  const outputs: number[][] = [];
  const inputs: number[][] = [];
  for (const cell of cells) {
    const out: number[] = [];
    const into: number[] = [];
    if (kindOf(cell.type) !== 'instance') {
      for (const [port, bits] of Object.entries(cell.connections)) {
        const list = cell.port_directions?.[port] === 'output' ? out : into;
        for (const bit of bits) if (typeof bit === 'number') list.push(numberOf(bit));
      }
    }
    outputs.push(out);
    inputs.push(into);
  }
  if (labels.some((label, i) => label === NONE && (outputs[i] as number[]).length > 0)) {
    const lineOfNet = before ? linesByNet(before, module, net, table) : new Int32Array(net.size).fill(NONE);
    for (let i = 0; i < cells.length; i++) {
      if (labels[i] !== NONE) continue;
      for (const output of outputs[i] as number[]) {
        const line = lineOfNet[output] as number;
        if (line !== NONE) {
          labels[i] = line;
          break;
        }
      }
    }
    const driver = new Int32Array(net.size).fill(NONE);
    outputs.forEach((out, i) => {
      for (const number of out) driver[number] = i;
    });
    const readers: number[][] = Array.from({ length: net.size }, () => []);
    inputs.forEach((into, i) => {
      for (const number of into) (readers[number] as number[]).push(i);
    });
    spread(labels, (cell, visit) => {
      for (const number of inputs[cell] as number[]) {
        const from = driver[number] as number;
        if (from !== NONE) visit(from);
      }
    });
    spread(labels, (cell, visit) => {
      for (const number of outputs[cell] as number[]) for (const to of readers[number] as number[]) visit(to);
    });
  }
  for (let i = 0; i < cells.length; i++) if (kindOf(cells[i]?.type ?? '') === 'instance') labels[i] = NONE;
  return labels;
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

/** For each net of the new netlist the line of the driver that its name had in the old one. */
function linesByNet(before: YosysModule, module: YosysModule, net: Map<number, number>, table: LineTable): Int32Array {
  const lineOfBit = new Map<number, number>();
  for (const cell of Object.values(before.cells)) {
    if (kindOf(cell.type) === 'instance') continue;
    const line = table.index(cell.attributes.src);
    if (line === NONE) continue;
    for (const [port, bits] of Object.entries(cell.connections)) {
      if (cell.port_directions?.[port] !== 'output') continue;
      for (const bit of bits) if (typeof bit === 'number') lineOfBit.set(bit, line);
    }
  }
  const lineOfName = new Map<string, number>();
  for (const [name, { bits, offset = 0, upto = 0 }] of Object.entries(before.netnames)) {
    // Within ABC's names the first character of a private name, its dollar, is gone.
    const stem = name.startsWith('$') ? name.slice(1) : name;
    bits.forEach((bit, i) => {
      const line = typeof bit === 'number' ? lineOfBit.get(bit) : undefined;
      if (line === undefined) return;
      const index = upto === 1 ? offset + bits.length - i - 1 : offset + i;
      lineOfName.set(bits.length === 1 ? stem : `${stem}[${index}]`, line);
    });
  }
  const lines = new Int32Array(net.size).fill(NONE);
  for (const [name, { bits, offset = 0, upto = 0 }] of Object.entries(module.netnames)) {
    const abc = /^\$abc\$\d+\$(.*?)(?:_new(?:_inv)?(?:_\d+)?)?$/.exec(name);
    const stem = abc ? (abc[1] ?? '') : name.startsWith('$') ? name.slice(1) : name;
    bits.forEach((bit, i) => {
      const number = typeof bit === 'number' ? net.get(bit) : undefined;
      if (number === undefined || lines[number] !== NONE) return;
      const index = upto === 1 ? offset + bits.length - i - 1 : offset + i;
      const line = lineOfName.get(bits.length === 1 ? stem : `${stem}[${index}]`);
      if (line !== undefined) lines[number] = line;
    });
  }
  return lines;
}

/** Cells by line over the whole design; with `unattributed` they add up to all cells. */
export function countByLine(netlist: YosysNetlist, labels: LineLabels): { lines: LineCount[]; unattributed: number } {
  const found: (LineCount | undefined)[] = labels.lines.map(() => undefined);
  let unattributed = 0;
  for (const [name, instances] of instanceCounts(netlist)) {
    const of = labels.of.get(name);
    Object.values((netlist.modules[name] as YosysModule).cells).forEach((cell, i) => {
      if (!counts(cell.type)) return;
      const label = of?.[i] ?? NONE;
      const at = labels.lines[label];
      if (!at) {
        unattributed += instances;
        return;
      }
      let line = found[label];
      if (!line) {
        line = { file: at.file, line: at.line, cells: 0, flipFlops: 0, byType: {} };
        found[label] = line;
      }
      line.cells += instances;
      line.byType[cell.type] = (line.byType[cell.type] ?? 0) + instances;
      if (kindOf(cell.type) === 'flip-flop') line.flipFlops += widthOf(cell) * instances;
    });
  }
  const lines = found.filter((line) => line !== undefined);
  for (const line of lines) {
    line.byType = Object.fromEntries(Object.entries(line.byType).sort(([a], [b]) => compare(a, b)));
  }
  return { lines: lines.sort((a, b) => compare(a.file, b.file) || a.line - b.line), unattributed };
}

/** The place of a cell, by its labels. */
export function placeOfCell(labels: LineLabels, module: string, index: number): Place | undefined {
  const label = labels.of.get(module)?.[index] ?? NONE;
  const at = labels.lines[label];
  return at && { file: at.file, line: at.line };
}

/** Numbers the lines, and remembers what it has read: a netlist repeats few different `src` texts. */
class LineTable {
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
