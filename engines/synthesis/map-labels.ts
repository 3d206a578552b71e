import { type LineLabels, labelMapped } from './attribution.ts';
import { CellGraph, LineTable, NONE } from './cell-graph.ts';
import type { Library } from './liberty/types.ts';
import { gateFunctions, libraryFunctions, namedBits, Signatures } from './signatures.ts';
import { WordPlaces } from './word-places.ts';
import type { YosysModule, YosysNetlist } from './yosys-json.ts';

/** A design before and after it was mapped to a library. */
export interface MapStages {
  /** Words, with the hierarchy and the memories. */
  word: YosysNetlist;
  /** Gates: most have their exact `src`. */
  before: YosysNetlist;
  /** Cells of the library. */
  netlist: YosysNetlist;
}

/**
 * Labels the cells of a mapped netlist by source lines. ABC makes logic anew and drops source places, so lines come from the netlist before,
 * which `labelMapped` labels.
 *
 * 1. A cell with a `src` of its own (registers, latches, three-state drivers) has that line.
 * 2. Inputs and outputs of registers are given the same pseudo-random values in both netlists, matched by the names of their nets, and both are
 *    evaluated. A cell has the line of what drives the net of the same name before, where that has the same or the opposite values; else of
 *    what drives the net with such values, the first of several.
 * 3. Cells that are left have the line of the nearest labelled cell that they feed, else that feeds them (`CellGraph.spread`).
 */
export function labelMap(
  { word, before, netlist }: MapStages,
  library: Library,
  userPath: (name: string) => string,
): LineLabels {
  const table = new LineTable(userPath);
  const of = new Map<string, Int32Array>();
  const kept = new Set(Object.keys(netlist.modules));
  const functions = libraryFunctions(library);
  for (const [name, module] of Object.entries(netlist.modules)) {
    const graph = new CellGraph(
      withDirections(module, library),
      (type) => !type.startsWith('$') && !library.cells.has(type),
    );
    const labels = graph.ownLabels(table);
    const old = before.modules[name];
    if (old && labels.includes(NONE)) {
      const lines = linesByFunction(old, new WordPlaces(word, name, kept), table, module, graph, functions);
      graph.labelDrivers(labels, (net) => lines[net] ?? NONE);
    }
    graph.spread(labels);
    of.set(name, labels);
  }
  return { lines: table.lines, of };
}

/** For each net of the new netlist the line of what drove the same function in the old one. */
function linesByFunction(
  old: YosysModule,
  words: WordPlaces,
  table: LineTable,
  module: YosysModule,
  graph: CellGraph,
  functions: ReturnType<typeof libraryFunctions>,
): Int32Array {
  const oldGraph = new CellGraph(old);
  const oldLabels = labelMapped(old, oldGraph, words, table);
  const drivers = oldGraph.drivers();
  const labelOf = (bit: number): number => {
    const cell = drivers[oldGraph.net(bit) ?? -1] ?? NONE;
    return cell === NONE ? NONE : (oldLabels[cell] as number);
  };
  const before = new Signatures(old, gateFunctions);
  const byName = new Map<string, number>(namedBits(old));
  const given = new Map<number, Int32Array>();
  for (const [name, bit] of namedBits(module)) {
    const source = byName.get(name);
    if (source !== undefined && before.sources.has(source) && !given.has(bit))
      given.set(bit, before.of(source) as Int32Array);
  }
  const after = new Signatures(module, functions, given);

  const byKey = new Map<string, number>();
  const bits = [...new Set(byName.values())].sort((a, b) => a - b);
  for (const bit of bits) {
    if (before.sources.has(bit)) continue;
    const key = before.key(bit);
    const label = labelOf(bit);
    if (key !== undefined && label !== NONE && !byKey.has(key)) byKey.set(key, label);
  }
  const lines = new Int32Array(graph.nets).fill(NONE);
  for (const [name, bit] of namedBits(module)) {
    const net = graph.net(bit);
    const same = byName.get(name);
    if (net === undefined || same === undefined || lines[net] !== NONE) continue;
    const key = after.key(bit);
    if (key !== undefined && key === before.key(same)) lines[net] = labelOf(same);
  }
  for (const cell of graph.cells) {
    for (const [output] of functions(cell) ?? []) {
      const bit = cell.connections[output]?.[0];
      const net = typeof bit === 'number' ? graph.net(bit) : undefined;
      if (net === undefined || lines[net] !== NONE) continue;
      const key = after.key(bit as number);
      lines[net] = (key === undefined ? undefined : byKey.get(key)) ?? NONE;
    }
  }
  return lines;
}

/** The module with the directions of the library's pins, which Yosys does not write. */
export function withDirections(module: YosysModule, library: Library): YosysModule {
  const known = new Map<string, Record<string, 'input' | 'output' | 'inout'>>();
  for (const cell of Object.values(module.cells)) {
    const found = library.cells.get(cell.type);
    if (!found || cell.port_directions) continue;
    let directions = known.get(cell.type);
    if (!directions) {
      directions = {};
      for (const pin of found.pins) if (pin.direction !== 'internal') directions[pin.name] = pin.direction;
      known.set(cell.type, directions);
    }
    cell.port_directions = { ...directions };
  }
  return module;
}
