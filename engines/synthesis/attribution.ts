import type { Place } from '../core/result.ts';
import { CellGraph, LineTable, NONE } from './cell-graph.ts';
import { counts, kindOf } from './cell-kinds.ts';
import { compare } from './modules.ts';
import { instanceCounts, widthOf } from './netlist.ts';
import { WordPlaces } from './word-places.ts';
import type { Bit, YosysModule, YosysNet, YosysNetlist } from './yosys-json.ts';

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

/** The same design at three times. */
export interface Stages {
  /** Words, with the hierarchy and the memories. */
  word: YosysNetlist;
  /** Gates before ABC: most have their exact `src`. */
  mapped: YosysNetlist;
  gates: YosysNetlist;
}

/**
 * Labels the cells of a netlist that ABC has made anew, by the netlist from before.
 *
 * 1. A cell with a `src` of its own (registers, latches, what ABC does not touch) has that line.
 * 2. ABC's `dress` gives a net of the new netlist the name of a net of the old one that always has the same or the
 *    opposite value. A cell that drives such a net has the line of the old net's driver.
 * 3. Each cell that is left has the line of the nearest labelled cell that it feeds, breadth first; ties go to the least
 *    index.
 * 4. Then, likewise, of the nearest labelled cell that feeds it.
 *
 * In the old netlist some cells have no `src` either (multipliers, what memories are built of). Such a cell has the line of
 * the memory or the operator that drove its net at word level, by the net's name, or, when it feeds a register, of the
 * arithmetic before that register; a register that has none the line that declares its output; the others follow rules 3
 * and 4, and at last take the line that declares what they drive.
 */
export function labelGates({ word, mapped, gates }: Stages, userPath: (name: string) => string): LineLabels {
  const table = new LineTable(userPath);
  const of = new Map<string, Int32Array>();
  const kept = new Set(Object.keys(gates.modules));
  for (const [name, module] of Object.entries(gates.modules)) {
    const before = mapped.modules[name];
    const graph = new CellGraph(module);
    const labels = graph.ownLabels(table);
    if (before && labels.includes(NONE)) {
      const lines = linesByNet(before, new WordPlaces(word, name, kept), module, graph, table);
      graph.labelDrivers(labels, (net) => lines[net] ?? NONE);
    }
    graph.spread(labels);
    of.set(name, labels);
  }
  return { lines: table.lines, of };
}

/** For each net of the new netlist the line of the driver that its name had in the old one. */
function linesByNet(
  before: YosysModule,
  words: WordPlaces,
  module: YosysModule,
  graph: CellGraph,
  table: LineTable,
): Int32Array {
  const old = new CellGraph(before);
  const labels = labelMapped(before, old, words, table);
  const driver = old.drivers();
  const lineOfName = new Map<string, number>();
  for (const [name, net] of Object.entries(before.netnames)) {
    // Within ABC's names the first character of a private name, its dollar, is gone.
    eachBit(name.replace(/^\$/, ''), net, (bitName, bit) => {
      const cell = driver[old.net(bit) ?? -1] ?? NONE;
      if (cell !== NONE && labels[cell] !== NONE) lineOfName.set(bitName, labels[cell] as number);
    });
  }
  const lines = new Int32Array(graph.nets).fill(NONE);
  for (const [name, net] of Object.entries(module.netnames)) {
    const abc = /^\$abc\$\d+\$(.*?)(?:_new(?:_inv)?(?:_\d+)?)?$/.exec(name);
    eachBit(abc?.[1] ?? name.replace(/^\$/, ''), net, (bitName, bit) => {
      const number = graph.net(bit);
      if (number === undefined || lines[number] !== NONE) return;
      lines[number] = lineOfName.get(bitName) ?? NONE;
    });
  }
  return lines;
}

/** Labels the netlist of gates before ABC, or before it is mapped to a library: a line's number for each cell. */
export function labelMapped(module: YosysModule, graph: CellGraph, words: WordPlaces, table: LineTable): Int32Array {
  const labels = graph.ownLabels(table);
  if (!labels.includes(NONE)) return labels;
  const atWordLevel = new Int32Array(graph.nets).fill(NONE);
  const declared = new Int32Array(graph.nets).fill(NONE);
  const driver = graph.drivers();
  for (const [name, { bits, hide_name, attributes }] of Object.entries(module.netnames)) {
    let memory: number | undefined;
    let operator: ReturnType<WordPlaces['net']>;
    bits.forEach((bit, i) => {
      const net = graph.net(bit);
      if (net === undefined || labels[driver[net] ?? -1] !== NONE) return;
      if (memory === undefined) {
        memory = table.index(words.memory(name));
        operator = words.net(name);
      }
      if (atWordLevel[net] === NONE) atWordLevel[net] = memory;
      if (atWordLevel[net] === NONE) atWordLevel[net] = table.index(operator?.(i));
      if (hide_name === 0 && declared[net] === NONE) declared[net] = table.index(attributes.src);
    });
  }
  for (const [name, { bits }] of Object.entries(module.netnames)) {
    let arithmetic: ReturnType<WordPlaces['arithmetic']>;
    let asked = false;
    bits.forEach((bit, i) => {
      const register = graph.cells[driver[graph.net(bit) ?? -1] ?? NONE];
      const data = register?.connections.D?.[0];
      const net = data === undefined || kindOf(register?.type ?? '') !== 'flip-flop' ? undefined : graph.net(data);
      if (net === undefined || atWordLevel[net] !== NONE || labels[driver[net] ?? -1] !== NONE) return;
      if (!asked) {
        arithmetic = words.arithmetic(name);
        asked = true;
      }
      atWordLevel[net] = table.index(arithmetic?.(i));
    });
  }
  graph.labelDrivers(labels, (net) => atWordLevel[net] as number);
  graph.labelDrivers(labels, (net) => {
    const kind = kindOf(graph.cells[driver[net] as number]?.type ?? '');
    return kind === 'flip-flop' || kind === 'latch' ? (declared[net] as number) : NONE;
  });
  graph.spread(labels);
  if (labels.includes(NONE)) {
    graph.labelDrivers(labels, (net) => declared[net] as number);
    graph.spread(labels);
  }
  return labels;
}

/** Names the bits of a net as Yosys does towards ABC: "name" when it has one bit, else "name[index]". */
function eachBit(
  name: string,
  { bits, offset = 0, upto = 0 }: YosysNet,
  visit: (name: string, bit: Bit) => void,
): void {
  bits.forEach((bit, i) => {
    const index = upto === 1 ? offset + bits.length - i - 1 : offset + i;
    visit(bits.length === 1 ? name : `${name}[${index}]`, bit);
  });
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
