import type { Place } from '../core/result.ts';
import { counts, kindOf } from './cell-kinds.ts';
import { compare } from './modules.ts';
import { placeOf } from './src.ts';
import type { YosysCell, YosysModule, YosysNetlist } from './yosys-json.ts';

export interface NetlistCounts {
  /** Whole design: instances multiplied out, module instances themselves not counted. */
  cells: number;
  /** Bits. */
  flipFlops: number;
  /** Bits. */
  latches: number;
  memories: number;
  memoryBits: number;
  /** As Yosys' `stat` counts wires: every named net of a module once, whatever its width. */
  wires: number;
  byType: { type: string; count: number }[];
  byModule: ModuleCounts[];
}

export interface ModuleCounts {
  module: string;
  instances: number;
  cells: number;
  flipFlops: number;
  cellsInAll: number;
}

export interface MemoryFound {
  module: string;
  name: string;
  bits: number;
  words: number;
  width: number;
  where?: Place;
}

export interface LatchFound {
  module: string;
  name: string;
  bits: number;
  where?: Place;
}

/** The module marked as top; failing that the only one that no other instantiates. */
export function topOf(netlist: YosysNetlist): string {
  for (const [name, module] of Object.entries(netlist.modules)) {
    if (/1/.test(module.attributes.top ?? '')) return name;
  }
  const used = new Set<string>();
  for (const module of Object.values(netlist.modules))
    for (const cell of Object.values(module.cells)) used.add(cell.type);
  return Object.keys(netlist.modules).find((name) => !used.has(name)) ?? '';
}

/** Name in the source of a module whose name carries parameters ("$paramod\\mac\\W=..."). */
export function sourceName(name: string, module: YosysModule | undefined): string {
  const hdlname = module?.attributes.hdlname;
  if (hdlname !== undefined && hdlname !== '') return hdlname.replace(/^\\/, '');
  const match = /^\$paramod(?:\$[0-9a-f]+)?\\([^\\]*)/.exec(name);
  return match?.[1] ?? name;
}

/** How often each module of the design occurs, the top first, every module before those it instantiates. */
export function instanceCounts(netlist: YosysNetlist, top: string = topOf(netlist)): Map<string, number> {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string) => {
    const module = netlist.modules[name];
    if (!module || seen.has(name)) return;
    seen.add(name);
    for (const cell of Object.values(module.cells)) visit(cell.type);
    order.push(name);
  };
  visit(top);
  const instances = new Map<string, number>();
  for (const name of order.reverse()) instances.set(name, name === top ? 1 : 0);
  for (const name of order) {
    const times = instances.get(name) ?? 0;
    for (const cell of Object.values((netlist.modules[name] as YosysModule).cells)) {
      const below = instances.get(cell.type);
      if (below !== undefined) instances.set(cell.type, below + times);
    }
  }
  return instances;
}

/** Bits that a register or latch holds. */
export function widthOf(cell: YosysCell): number {
  const width = cell.parameters.WIDTH;
  return width === undefined ? 1 : Number.parseInt(width, 2);
}

/** Counts the design below `top`. */
export function countNetlist(netlist: YosysNetlist, top: string = topOf(netlist)): NetlistCounts {
  const total: NetlistCounts = {
    cells: 0,
    flipFlops: 0,
    latches: 0,
    memories: 0,
    memoryBits: 0,
    wires: 0,
    byType: [],
    byModule: [],
  };
  const byType = new Map<string, number>();
  for (const [name, instances] of instanceCounts(netlist, top)) {
    const module = netlist.modules[name] as YosysModule;
    let cells = 0;
    let flipFlops = 0;
    for (const cell of Object.values(module.cells)) {
      if (!counts(cell.type)) continue;
      cells++;
      byType.set(cell.type, (byType.get(cell.type) ?? 0) + instances);
      const kind = kindOf(cell.type);
      if (kind === 'flip-flop') flipFlops += widthOf(cell);
      else if (kind === 'latch') total.latches += widthOf(cell) * instances;
      else if (kind === 'memory') {
        total.memories += instances;
        total.memoryBits += memoryShape(cell).bits * instances;
      }
    }
    total.cells += cells * instances;
    total.flipFlops += flipFlops * instances;
    total.wires += Object.keys(module.netnames).length * instances;
    total.byModule.push({
      module: sourceName(name, module) === name ? name : displayName(name, module),
      instances,
      cells,
      flipFlops,
      cellsInAll: cells * instances,
    });
  }
  total.byType = [...byType]
    .map(([type, count]) => ({ type, count }))
    .sort((a, b) => b.count - a.count || compare(a.type, b.type));
  total.byModule.sort((a, b) => b.cellsInAll - a.cellsInAll || compare(a.module, b.module));
  return total;
}

/** "mac #(W=8)": the source's name with the parameters that make this variant. */
export function displayName(name: string, module: YosysModule | undefined): string {
  const source = sourceName(name, module);
  if (source === name) return name;
  const values = Object.entries(module?.parameter_default_values ?? {}).map(
    ([parameter, value]) => `${parameter}=${constantText(value)}`,
  );
  return values.length === 0 ? source : `${source} #(${values.join(', ')})`;
}

/** A parameter as Yosys' JSON writes it (binary digits, or text) as people write it. */
export function constantText(value: string): string {
  if (/^[01]{1,53}$/.test(value)) {
    const number = Number.parseInt(value, 2);
    return value.length === 32 && value.startsWith('1') ? String(number - 2 ** 32) : String(number);
  }
  if (/^[01xz]+$/.test(value)) return value.length > 64 ? `${value.length}'b...` : `${value.length}'b${value}`;
  return `"${value.replace(/ $/, '')}"`;
}

/** Latches with the line that infers them, by module and name. */
export function findLatches(netlist: YosysNetlist, userPath: (name: string) => string): LatchFound[] {
  const found: LatchFound[] = [];
  for (const [name] of instanceCounts(netlist)) {
    const module = netlist.modules[name] as YosysModule;
    const names = netNamer(module);
    for (const cell of Object.values(module.cells)) {
      if (kindOf(cell.type) !== 'latch') continue;
      found.push({
        module: displayName(name, module),
        name: names(cell.connections.Q?.find((bit) => typeof bit === 'number')),
        bits: widthOf(cell),
        where: placeOf(cell.attributes.src, userPath),
      });
    }
  }
  return found.sort((a, b) => compare(a.module, b.module) || compare(a.name, b.name));
}

/** Memories (and ROMs), with their shape, by module and name. */
export function findMemories(netlist: YosysNetlist, userPath: (name: string) => string): MemoryFound[] {
  const found: MemoryFound[] = [];
  for (const [name] of instanceCounts(netlist)) {
    const module = netlist.modules[name] as YosysModule;
    for (const [cellName, cell] of Object.entries(module.cells)) {
      if (kindOf(cell.type) !== 'memory') continue;
      const id = (cell.parameters.MEMID ?? cellName).replace(/^\\/, '');
      found.push({
        module: displayName(name, module),
        name: id.startsWith('$') ? 'ROM of a case statement' : id,
        ...memoryShape(cell),
        where: placeOf(cell.attributes.src, userPath),
      });
    }
  }
  return found.sort((a, b) => compare(a.module, b.module) || compare(a.name, b.name));
}

function memoryShape(cell: YosysCell): { bits: number; words: number; width: number } {
  const words = Number.parseInt(cell.parameters.SIZE ?? '0', 2);
  const width = Number.parseInt(cell.parameters.WIDTH ?? '0', 2);
  return { bits: words * width, words, width };
}

/** Names a net by the user's name, the shortest when it has several. */
function netNamer(module: YosysModule): (bit: number | undefined | string) => string {
  const names = new Map<number, string>();
  for (const [name, net] of Object.entries(module.netnames)) {
    if (net.hide_name === 1) continue;
    for (const bit of net.bits) {
      if (typeof bit !== 'number') continue;
      const known = names.get(bit);
      if (known === undefined || name.length < known.length) names.set(bit, name);
    }
  }
  return (bit) => (typeof bit === 'number' ? names.get(bit) : undefined) ?? 'unnamed';
}
