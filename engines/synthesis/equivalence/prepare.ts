/**
 * Makes an elaborated design ready for a proof: what its registers, clocks and unknowns are, and the netlist as the scripts read it. All that
 * Yosys would pass over in silence (several drivers, undriven nets, black boxes) is found here.
 */
import type { Bit, YosysCell, YosysModule, YosysNetlist } from '../yosys-json.ts';

/** A register or memory as the source names it. */
export interface StateSignal {
  /** Hierarchical: "core.count". */
  name: string;
  width: number;
  /** Initial value, most significant bit first; x where there is none. */
  init: string;
  /** Memories: `init` and `width` are of the word at `index`. */
  index?: number;
}

export interface ClockUse {
  /** The input port that is the clock; undefined when it is logic or a bit of a bus. */
  port?: string;
  edge: 'rising' | 'falling';
}

export interface PreparedDesign {
  top: string;
  module: YosysModule;
  registers: StateSignal[];
  /** Every different clock and edge. */
  clocks: ClockUse[];
  latches: boolean;
  sequential: boolean;
  /** Some logic reads a clock. */
  clockAsData: boolean;
  /** Inputs that clocks are made of. */
  clockInputs: string[];
  /** Something can give x. */
  unknowns: boolean;
  /** `===`: tells x from values. */
  looksAtUnknowns: boolean;
  /** Why nothing can be proved of it, as whole sentences. */
  obstacles: { code: string; what: string; remedy: string }[];
  /** What was left out. */
  notes: string[];
}

/** Bits of memory that are taken apart into registers; more is beyond what SAT decides. */
export const MEMORY_BITS = 32_768;

const CLOCKED = /^\$(?:s|a|al)?dff(?:e|ce|sr|sre)?$/;
const LATCH = /^\$(?:a)?dlatch(?:sr)?$|^\$sr$/;
const SILENT = new Set(['$print', '$check', '$assert', '$assume', '$cover', '$live', '$fair', '$scopeinfo']);
const FREE = new Set(['$anyconst', '$anyseq', '$anyinit', '$allconst', '$allseq', '$initstate']);
const DIVISION = new Set(['$div', '$mod', '$divfloor', '$modfloor']);

/** The top of an elaborated, flattened netlist. */
export function topModule(netlist: YosysNetlist): { name: string; module: YosysModule } | undefined {
  const entries = Object.entries(netlist.modules);
  const found = entries.find(([, { attributes }]) => Number.parseInt(attributes.top ?? '0', 2) === 1) ?? entries[0];
  return found && { name: found[0], module: found[1] };
}

export function prepareDesign(top: string, source: YosysModule): PreparedDesign {
  const design: PreparedDesign = {
    top,
    module: { ...source, cells: {} },
    registers: [],
    clocks: [],
    latches: false,
    sequential: false,
    clockAsData: false,
    clockInputs: [],
    unknowns: false,
    looksAtUnknowns: false,
    obstacles: [],
    notes: [],
  };
  keepCells(design, source);
  const { cells } = design.module;
  const drivers = findDrivers(design);
  const filled = fillUndriven(design, drivers);
  design.module = { ...design.module, ...filled };
  readState(design);
  readClocks(design, drivers);
  design.unknowns = Object.values(design.module.cells).some(canBeUnknown) || outputsUnknown(design.module);
  design.looksAtUnknowns = Object.values(cells).some(({ type }) => type === '$eqx' || type === '$nex');
  return design;
}

function keepCells(design: PreparedDesign, source: YosysModule): void {
  const unknown = new Set<string>();
  let assumed = false;
  for (const [name, cell] of Object.entries(source.cells)) {
    const { type } = cell;
    if (SILENT.has(type)) {
      assumed ||= type === '$assume' || (type === '$check' && cell.parameters.FLAVOR === 'assume');
      continue;
    }
    if (FREE.has(type)) unknown.add(type);
    else if (!type.startsWith('$') || /^\$_.*(?:FF|LATCH|SR_)/.test(type) || type === '$lut') unknown.add(type);
    design.module.cells[name] = cell;
  }
  if (assumed) design.notes.push('Assumptions in the source (assume) are not used: every input is tried.');
  const boxes = [...unknown].filter((type) => !type.startsWith('$'));
  if (boxes.length > 0) {
    design.obstacles.push({
      code: 'black-box',
      what: `${design.top} holds modules without contents (${boxes.join(', ')}); what they do is not known.`,
      remedy: 'Add the sources of these modules, or prove the parts around them.',
    });
  }
  const free = [...unknown].filter((type) => type.startsWith('$'));
  if (free.length > 0) {
    design.obstacles.push({
      code: 'no-proof-model',
      what: `${design.top} holds cells that the proof has no model of (${free.join(', ')}).`,
      remedy: 'Write this part in plain Verilog.',
    });
  }
  const ports = Object.entries(source.ports);
  const both = ports.filter(([, { direction }]) => direction === 'inout').map(([name]) => name);
  const threeState = Object.values(source.cells).some(
    ({ type, connections }) => type === '$tribuf' || Object.values(connections).some((bits) => bits.includes('z')),
  );
  if (both.length > 0 || threeState) {
    design.obstacles.push({
      code: 'three-state',
      what:
        both.length > 0
          ? `${design.top} has ports of both directions (${both.join(', ')}); the proof knows inputs and outputs only.`
          : `${design.top} drives z somewhere; the proof knows 0 and 1 only.`,
      remedy: 'Divide such a port into an input, an output and an enable, and prove that.',
    });
  }
  if (!ports.some(([, { direction }]) => direction === 'output')) {
    design.obstacles.push({
      code: 'no-outputs',
      what: `${design.top} has no outputs, so there is nothing to compare.`,
      remedy: 'Choose a module with outputs as the top.',
    });
  }
}

type Drivers = Map<number, { cell?: YosysCell; port?: string }>;

function directionOf(cell: YosysCell, port: string): 'input' | 'output' | 'inout' {
  return cell.port_directions?.[port] ?? 'input';
}

function findDrivers(design: PreparedDesign): Drivers {
  const drivers: Drivers = new Map();
  let twice = false;
  const drive = (bits: readonly Bit[], by: { cell?: YosysCell; port?: string }): void => {
    for (const bit of bits) {
      if (typeof bit !== 'number') {
        twice = true;
        continue;
      }
      if (drivers.has(bit)) twice = true;
      drivers.set(bit, by);
    }
  };
  for (const [name, { direction, bits }] of Object.entries(design.module.ports)) {
    if (direction === 'input') drive(bits, { port: name });
  }
  for (const cell of Object.values(design.module.cells)) {
    for (const [port, bits] of Object.entries(cell.connections)) {
      if (directionOf(cell, port) === 'output') drive(bits, { cell });
    }
  }
  if (twice) {
    design.obstacles.push({
      code: 'several-drivers',
      what: `A net of ${design.top} has several drivers; what it holds when they disagree is not 0 or 1.`,
      remedy: 'Drive each net from one assignment or one always block.',
    });
  }
  return drivers;
}

/** Nets that nothing drives hold x, and not what suits the solver. */
function fillUndriven(design: PreparedDesign, drivers: Drivers): Pick<YosysModule, 'cells' | 'ports' | 'netnames'> {
  const fill = (bits: readonly Bit[]): Bit[] =>
    bits.map((bit) => (typeof bit !== 'number' || drivers.has(bit) ? bit : 'x'));
  const { cells, ports, netnames } = design.module;
  return {
    cells: mapValues(cells, (cell) => ({ ...cell, connections: mapValues(cell.connections, fill) })),
    ports: mapValues(ports, (port) => ({ ...port, bits: fill(port.bits) })),
    netnames: mapValues(netnames, (net) => ({ ...net, bits: fill(net.bits) })),
  };
}

function mapValues<T, R>(record: Record<string, T>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function readState(design: PreparedDesign): void {
  const held = new Set<Bit>();
  let memoryBits = 0;
  for (const cell of Object.values(design.module.cells)) {
    const { type } = cell;
    if (type.startsWith('$mem')) {
      memoryBits += readMemory(design, cell);
      design.sequential = true;
    } else if (CLOCKED.test(type) || LATCH.test(type) || type === '$ff') {
      design.sequential = true;
      if (LATCH.test(type) || type === '$ff') design.latches = true;
      for (const bit of cell.connections.Q ?? []) held.add(bit);
    }
  }
  if (memoryBits > MEMORY_BITS) {
    design.obstacles.push({
      code: 'memory-too-large',
      what: `${design.top} holds ${memoryBits} bits of memory; the proof takes memories apart into registers, up to ${MEMORY_BITS} bits.`,
      remedy: 'Make the memory smaller by a parameter, and prove that.',
    });
  }
  const inputs = new Set(Object.entries(design.module.ports).flatMap(([n, p]) => (p.direction === 'input' ? [n] : [])));
  for (const [name, net] of Object.entries(design.module.netnames)) {
    if (net.hide_name === 1 || inputs.has(name) || net.bits.length === 0) continue;
    if (!net.bits.every((bit) => held.has(bit))) continue;
    const width = net.bits.length;
    const init = (net.attributes.init ?? '').padStart(width, 'x').slice(-width);
    design.registers.push({ name, width, init });
  }
}

function readMemory(design: PreparedDesign, cell: YosysCell): number {
  const { parameters } = cell;
  const size = Number.parseInt(parameters.SIZE ?? '0', 2);
  const width = Number.parseInt(parameters.WIDTH ?? '0', 2);
  const offset = Number.parseInt(parameters.OFFSET ?? '0', 2) | 0;
  const name = (parameters.MEMID ?? '').replace(/^\\/, '');
  const bits = (parameters.INIT ?? '').padStart(size * width, 'x');
  const writable = (cell.connections.WR_EN ?? []).length > 0;
  if (size * width <= MEMORY_BITS && name !== '' && !name.startsWith('$') && writable) {
    for (let i = 0; i < size; i++) {
      const end = bits.length - i * width;
      design.registers.push({ name, width, init: bits.slice(end - width, end), index: offset + i });
    }
  }
  return writable ? size * width : 0;
}

/** Clock nets with their edges. */
function* clocksOf(cell: YosysCell): Generator<{ bit: Bit; rising: boolean }> {
  const { type, connections, parameters } = cell;
  if (CLOCKED.test(type)) {
    for (const bit of connections.CLK ?? []) yield { bit, rising: parameters.CLK_POLARITY?.endsWith('1') ?? true };
  } else if (type.startsWith('$mem')) {
    for (const kind of ['RD', 'WR']) {
      const enabled = parameters[`${kind}_CLK_ENABLE`] ?? '';
      const rising = parameters[`${kind}_CLK_POLARITY`] ?? '';
      for (const [index, bit] of (connections[`${kind}_CLK`] ?? []).entries()) {
        if (enabled[enabled.length - 1 - index] === '1')
          yield { bit, rising: rising[rising.length - 1 - index] === '1' };
      }
    }
  }
}

function isClockPin(cell: YosysCell, port: string): boolean {
  return (port === 'CLK' && CLOCKED.test(cell.type)) || (cell.type.startsWith('$mem') && /^(?:RD|WR)_CLK$/.test(port));
}

function readClocks(design: PreparedDesign, drivers: Drivers): void {
  const { cells, ports } = design.module;
  const portOf = new Map<Bit, string>();
  for (const [name, { direction, bits }] of Object.entries(ports)) {
    if (direction === 'input' && bits.length === 1) portOf.set(bits[0]!, name);
  }
  const seen = new Map<string, ClockUse>();
  const clockBits = new Set<Bit>();
  for (const cell of Object.values(cells)) {
    for (const { bit, rising } of clocksOf(cell)) {
      clockBits.add(bit);
      const edge = rising ? 'rising' : 'falling';
      seen.set(`${bit} ${edge}`, { port: portOf.get(bit), edge });
    }
    if (cell.type.startsWith('$mem') && isAsyncWrite(cell)) design.latches = true;
  }
  design.clocks = [...seen.values()];
  for (const cell of Object.values(cells)) {
    for (const [port, bits] of Object.entries(cell.connections)) {
      if (directionOf(cell, port) === 'output' || isClockPin(cell, port)) continue;
      if (bits.some((bit) => clockBits.has(bit))) design.clockAsData = true;
    }
  }
  for (const { direction, bits } of Object.values(ports)) {
    if (direction === 'output' && bits.some((bit) => clockBits.has(bit))) design.clockAsData = true;
  }
  design.clockInputs = inputsBehind(clockBits, drivers);
}

function isAsyncWrite(cell: YosysCell): boolean {
  const enabled = cell.parameters.WR_CLK_ENABLE ?? '';
  return (cell.connections.WR_CLK ?? []).some((_bit, index) => enabled[enabled.length - 1 - index] !== '1');
}

function inputsBehind(start: ReadonlySet<Bit>, drivers: Drivers): string[] {
  const found = new Set<string>();
  const done = new Set<Bit>();
  const open = [...start];
  for (let bit = open.pop(); bit !== undefined; bit = open.pop()) {
    if (done.has(bit) || typeof bit !== 'number') continue;
    done.add(bit);
    const by = drivers.get(bit);
    if (by?.port !== undefined) found.add(by.port);
    const cell = by?.cell;
    if (!cell || CLOCKED.test(cell.type) || cell.type.startsWith('$mem')) continue;
    for (const [port, bits] of Object.entries(cell.connections)) {
      if (directionOf(cell, port) === 'input') open.push(...bits);
    }
  }
  return [...found];
}

function canBeUnknown(cell: YosysCell): boolean {
  const { type, connections } = cell;
  if (type === '$shiftx') return !coversAll(cell);
  if (DIVISION.has(type)) return !isNonZeroConstant(connections.B ?? []);
  if (type.startsWith('$mem')) {
    const size = Number.parseInt(cell.parameters.SIZE ?? '0', 2);
    const abits = Number.parseInt(cell.parameters.ABITS ?? '0', 2);
    if (2 ** abits !== size || (cell.connections.WR_EN?.length === 0 && /x/.test(cell.parameters.INIT ?? '')))
      return true;
  }
  return Object.entries(connections).some(
    ([port, bits]) => directionOf(cell, port) === 'input' && !isClockPin(cell, port) && bits.includes('x'),
  );
}

/** Whether every index of a bit select is inside. */
function coversAll({ parameters, connections }: YosysCell): boolean {
  if (parameters.B_SIGNED?.endsWith('1')) return false;
  const reach = 2 ** (connections.B?.length ?? 0) - 1 + (connections.Y?.length ?? 0);
  return reach <= (connections.A?.length ?? 0);
}

function isNonZeroConstant(bits: readonly Bit[]): boolean {
  return bits.every((bit) => bit === '0' || bit === '1') && bits.includes('1');
}

function outputsUnknown({ ports }: YosysModule): boolean {
  return Object.values(ports).some(({ direction, bits }) => direction === 'output' && bits.includes('x'));
}
