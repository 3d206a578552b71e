import { kindOf } from './cell-kinds.ts';
import { topOf } from './netlist.ts';
import type { Bit, YosysModule, YosysNetlist } from './yosys-json.ts';

export interface PathCell {
  /** Instances from the top, then the cell: "core.alu.$abc$12". */
  cell: string;
  type: string;
  module: string;
  /** Index among the module's cells, in the order of the netlist. */
  index: number;
}

export interface LogicDepth {
  /** Combinational cells on the longest path between registers, latches, memories and ports. */
  depth: number;
  /** The cells of one such path, from its start to its end. */
  path: PathCell[];
  /** Cells that lie on, or behind, a combinational cycle: left out of the depth. */
  cyclic: number;
}

/** A module with its nets numbered from 0 and its cells as lists of numbers; constants are left out. */
interface LocalModule {
  name: string;
  /** Of all cells. */
  cellNames: string[];
  cellTypes: string[];
  nets: number;
  /** Logic cells: index among all cells of the module. */
  logic: Int32Array;
  inputStart: Int32Array;
  inputs: Int32Array;
  outputStart: Int32Array;
  outputs: Int32Array;
  /** Instances of other modules: pairs of (net here, net there). */
  instances: { index: number; module: LocalModule; pairs: Int32Array }[];
}

/**
 * Logic depth through the whole hierarchy. The design is elaborated into one flat graph of numbers (nets of ports are
 * joined), and the longest path is found by levels, so that cycles end it rather than being followed for ever.
 * Of several longest paths the one over the least cell indices is given.
 */
export function logicDepth(netlist: YosysNetlist, top: string = topOf(netlist)): LogicDepth {
  const locals = new Map<string, LocalModule>();
  const root = netlist.modules[top] && localModule(netlist, top, locals);
  if (!root) return { depth: 0, path: [], cyclic: 0 };
  const flat = flatten(root);

  const { cells, inputStart, inputs, outputStart, outputs } = flat;
  const driver = new Int32Array(flat.nets).fill(-1);
  for (let cell = 0; cell < cells; cell++) {
    for (let at = outputStart[cell] as number; at < (outputStart[cell + 1] as number); at++) {
      driver[outputs[at] as number] = cell;
    }
  }
  // Edges from a cell to the cells it drives, by rows.
  const waiting = new Int32Array(cells);
  const rowStart = new Int32Array(cells + 1);
  for (let cell = 0; cell < cells; cell++) {
    for (let at = inputStart[cell] as number; at < (inputStart[cell + 1] as number); at++) {
      const from = driver[inputs[at] as number] as number;
      if (from === -1) continue;
      waiting[cell] = (waiting[cell] as number) + 1;
      rowStart[from + 1] = (rowStart[from + 1] as number) + 1;
    }
  }
  for (let cell = 0; cell < cells; cell++)
    rowStart[cell + 1] = (rowStart[cell + 1] as number) + (rowStart[cell] as number);
  const fill = rowStart.slice(0, cells);
  const targets = new Int32Array(rowStart[cells] as number);
  for (let cell = 0; cell < cells; cell++) {
    for (let at = inputStart[cell] as number; at < (inputStart[cell + 1] as number); at++) {
      const from = driver[inputs[at] as number] as number;
      if (from === -1) continue;
      targets[fill[from] as number] = cell;
      fill[from] = (fill[from] as number) + 1;
    }
  }

  const level = new Int32Array(cells);
  const before = new Int32Array(cells).fill(-1);
  const queue = new Int32Array(cells);
  let head = 0;
  let tail = 0;
  for (let cell = 0; cell < cells; cell++) {
    if (waiting[cell] === 0) {
      level[cell] = 1;
      queue[tail++] = cell;
    }
  }
  let last = -1;
  while (head < tail) {
    const cell = queue[head++] as number;
    const reached = level[cell] as number;
    if (last === -1 || reached > (level[last] as number) || (reached === level[last] && cell < last)) last = cell;
    for (let at = rowStart[cell] as number; at < (rowStart[cell + 1] as number); at++) {
      const target = targets[at] as number;
      const known = level[target] as number;
      if (reached + 1 > known || (reached + 1 === known && cell < (before[target] as number))) {
        level[target] = reached + 1;
        before[target] = cell;
      }
      waiting[target] = (waiting[target] as number) - 1;
      if (waiting[target] === 0) queue[tail++] = target;
    }
  }

  const path: PathCell[] = [];
  for (let cell = last; cell !== -1; cell = before[cell] as number) path.push(flat.describe(cell));
  return { depth: last === -1 ? 0 : (level[last] as number), path: path.reverse(), cyclic: cells - tail };
}

function localModule(netlist: YosysNetlist, name: string, known: Map<string, LocalModule>): LocalModule {
  const found = known.get(name);
  if (found) return found;
  const module = netlist.modules[name] as YosysModule;
  const numbers = new Map<number, number>();
  const net = (bit: number): number => {
    let number = numbers.get(bit);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(bit, number);
    }
    return number;
  };
  const addAll = (bits: readonly Bit[] | undefined, into: number[]) => {
    for (const bit of bits ?? []) if (typeof bit === 'number') into.push(net(bit));
  };
  const logic: number[] = [];
  const inputs: number[] = [];
  const inputStart = [0];
  const outputs: number[] = [];
  const outputStart = [0];
  const instances: LocalModule['instances'] = [];
  Object.values(module.cells).forEach((cell, index) => {
    const below = netlist.modules[cell.type];
    if (below) {
      const inner = localModule(netlist, cell.type, known);
      const innerNumbers = portNumbers.get(inner) as Map<string, Int32Array>;
      const pairs: number[] = [];
      for (const [port, bits] of Object.entries(cell.connections)) {
        const there = innerNumbers.get(port);
        bits.forEach((bit, at) => {
          const other = there?.[at];
          if (typeof bit === 'number' && other !== undefined && other !== -1) pairs.push(net(bit), other);
        });
      }
      instances.push({ index, module: inner, pairs: Int32Array.from(pairs) });
    } else if (kindOf(cell.type) === 'logic') {
      logic.push(index);
      for (const [port, bits] of Object.entries(cell.connections)) {
        addAll(bits, cell.port_directions?.[port] === 'output' ? outputs : inputs);
      }
      inputStart.push(inputs.length);
      outputStart.push(outputs.length);
    }
  });
  const ports = new Map<string, Int32Array>();
  for (const [port, { bits }] of Object.entries(module.ports)) {
    ports.set(
      port,
      Int32Array.from(bits, (bit) => (typeof bit === 'number' ? net(bit) : -1)),
    );
  }
  const local: LocalModule = {
    name,
    cellNames: Object.keys(module.cells),
    cellTypes: Object.values(module.cells).map((cell) => cell.type),
    nets: numbers.size,
    logic: Int32Array.from(logic),
    inputStart: Int32Array.from(inputStart),
    inputs: Int32Array.from(inputs),
    outputStart: Int32Array.from(outputStart),
    outputs: Int32Array.from(outputs),
    instances,
  };
  portNumbers.set(local, ports);
  known.set(name, local);
  return local;
}

/** Net numbers of each module's ports, -1 for constants. */
const portNumbers = new WeakMap<LocalModule, Map<string, Int32Array>>();

interface Flat {
  cells: number;
  nets: number;
  inputStart: Int32Array;
  inputs: Int32Array;
  outputStart: Int32Array;
  outputs: Int32Array;
  describe(cell: number): PathCell;
}

interface Occurrence {
  module: LocalModule;
  parent: number;
  /** Index of the instance among the parent's cells. */
  index: number;
  firstNet: number;
  firstCell: number;
}

function flatten(root: LocalModule): Flat {
  const occurrences: Occurrence[] = [];
  let nets = 0;
  let cells = 0;
  let inputCount = 0;
  let outputCount = 0;
  const enter = (module: LocalModule, parent: number, index: number): number => {
    const number = occurrences.length;
    occurrences.push({ module, parent, index, firstNet: nets, firstCell: cells });
    nets += module.nets;
    cells += module.logic.length;
    inputCount += module.inputs.length;
    outputCount += module.outputs.length;
    return number;
  };
  enter(root, -1, -1);
  const joins: [firstHere: number, firstThere: number, pairs: Int32Array][] = [];
  for (let at = 0; at < occurrences.length; at++) {
    const { module, firstNet } = occurrences[at] as Occurrence;
    for (const instance of module.instances) {
      const below = enter(instance.module, at, instance.index);
      joins.push([firstNet, (occurrences[below] as Occurrence).firstNet, instance.pairs]);
    }
  }

  const parent = new Int32Array(nets);
  for (let net = 0; net < nets; net++) parent[net] = net;
  const find = (net: number): number => {
    let at = net;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] as number] as number;
      at = parent[at] as number;
    }
    return at;
  };
  for (const [here, there, pairs] of joins) {
    for (let i = 0; i < pairs.length; i += 2) {
      const a = find(here + (pairs[i] as number));
      const b = find(there + (pairs[i + 1] as number));
      if (a < b) parent[b] = a;
      else parent[a] = b;
    }
  }

  const inputStart = new Int32Array(cells + 1);
  const outputStart = new Int32Array(cells + 1);
  const inputs = new Int32Array(inputCount);
  const outputs = new Int32Array(outputCount);
  let cell = 0;
  let input = 0;
  let output = 0;
  for (const { module, firstNet } of occurrences) {
    for (let i = 0; i < module.logic.length; i++) {
      for (let at = module.inputStart[i] as number; at < (module.inputStart[i + 1] as number); at++) {
        inputs[input++] = find(firstNet + (module.inputs[at] as number));
      }
      for (let at = module.outputStart[i] as number; at < (module.outputStart[i + 1] as number); at++) {
        outputs[output++] = find(firstNet + (module.outputs[at] as number));
      }
      cell++;
      inputStart[cell] = input;
      outputStart[cell] = output;
    }
  }

  return {
    cells,
    nets,
    inputStart,
    inputs,
    outputStart,
    outputs,
    describe(wanted) {
      let low = 0;
      let high = occurrences.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((occurrences[middle] as Occurrence).firstCell <= wanted) low = middle;
        else high = middle - 1;
      }
      const { module, firstCell } = occurrences[low] as Occurrence;
      const index = module.logic[wanted - firstCell] as number;
      const names = [module.cellNames[index]];
      for (let at = occurrences[low] as Occurrence; at.parent !== -1; at = occurrences[at.parent] as Occurrence) {
        names.unshift((occurrences[at.parent] as Occurrence).module.cellNames[at.index]);
      }
      return { cell: names.join('.'), type: module.cellTypes[index] ?? '', module: module.name, index };
    },
  };
}
