import type { Problem } from '../../core/result.ts';
import type { GateNetlist } from '../gates/types.ts';
import type { BoolExpr, LibraryCell } from '../liberty/types.ts';
import { type BitFunction, compile, compileExpr } from './bit-function.ts';
import { meaningIn, type Wiring, Wirings } from './wiring.ts';

/** What drives a slot. Slots are the nets, then the states of registers, then the drivers of nets that have several. */
export type Node =
  | { kind: 'gate'; out: number; of: BitFunction; off?: BitFunction }
  | { kind: 'flip-flop'; out: number; clock: BitFunction; next: BitFunction; async: Async }
  | { kind: 'latch'; out: number; enable?: BitFunction; data?: BitFunction; async: Async }
  | { kind: 'clock-gate'; out: number; clock: number; enable: BitFunction; idle: 0 | 1 }
  | { kind: 'bus'; out: number; drivers: Int32Array; off: (BitFunction | undefined)[] };

/** Clear and preset, and the share of the time at 1 while both are active (half: unknown). */
export interface Async {
  clear?: BitFunction;
  preset?: BitFunction;
  both: number;
}

export interface Network {
  /** In the order of instances and their pins, buses at the end. */
  nodes: Node[];
  slots: number;
  /** What stands for pins that are left open: never changes, 0 or 1 alike. */
  openSlot: number;
  /** Node that drives each slot; -1: none. */
  driver: Int32Array;
  /** Pins of instances that the studio knows no function for: they drive these nets. */
  unknownDrivers: { net: number; cell: string }[];
  problems: Problem[];
}

/**
 * The netlist as equations between slots.
 * @param caseValues values of input pins that are held ("u1/_2_/A"), as `set_case_analysis` says
 */
export function networkOf(design: GateNetlist, caseValues: Readonly<Record<string, 0 | 1>>): Network {
  const netCount = design.nets.length;
  const openSlot = netCount;
  let slots = netCount + 1;
  const drivers = new Map<number, Node[]>();
  const nodes: Node[] = [];
  const unknownDrivers: Network['unknownDrivers'] = [];
  const wide = new Set<string>();
  const held = Object.keys(caseValues).some((name) => name.includes('/')) ? caseValues : undefined;
  const wirings = new Wirings(templateOf);

  for (const instance of design.instances) {
    const { cell, pins } = instance;
    const template = wirings.of(instance, held);
    const state = template.register ? slots++ : -1;
    const slotOf = (local: number) => (local < pins.length ? pins[local]! : local === pins.length ? state : openSlot);
    if (template.register) nodes.push(placed(template.register, state, slotOf));
    if (template.wide) wide.add(cell.name);
    for (const { at, node } of template.outputs) {
      const net = pins[at]!;
      if (net < 0) continue;
      if (!node) unknownDrivers.push({ net, cell: cell.name });
      else {
        const list = drivers.get(net);
        if (list) list.push(placed(node, net, slotOf));
        else drivers.set(net, [placed(node, net, slotOf)]);
      }
    }
  }

  const buses: Node[] = [];
  for (const [net, found] of drivers) {
    if (found.length < 2) {
      nodes.push(...found);
      continue;
    }
    const own = Int32Array.from(found, () => slots++);
    for (const [at, node] of found.entries()) nodes.push({ ...node, out: own[at]! });
    const off = found.map((node) => (node.kind === 'gate' ? node.off : undefined));
    buses.push({ kind: 'bus', out: net, drivers: own, off });
  }
  nodes.push(...buses);
  const driver = new Int32Array(slots).fill(-1);
  for (const [at, { out }] of nodes.entries()) driver[out] = at;
  const problems: Problem[] = [...wide].map((cell) => ({
    code: 'power-wide-function',
    severity: 'warning',
    what: `Cell '${cell}' has a function of more than twelve inputs; its outputs are given the activity of inputs.`,
  }));
  return { nodes, slots, openSlot, driver, unknownDrivers, problems };
}

/** Nodes of a cell so wired, over the slots of its wiring. */
interface Template {
  register?: Node;
  /** Outputs that are wired; without a node, nothing is known of what drives them. */
  outputs: { at: number; node?: Node }[];
  wide: boolean;
}

function templateOf(wiring: Wiring): Template {
  const { cell, stateSlot } = wiring;
  const meaning = meaningIn(wiring);
  const template: Template = { outputs: [], wide: false };
  const make = (expr: BoolExpr | undefined): BitFunction | undefined => {
    const made = expr && compileExpr(expr, meaning);
    if (expr && !made) template.wide = true;
    return made;
  };
  const gate = clockGatePins(cell);
  if (cell.sequential && !gate) {
    const register = registerOf(cell, stateSlot, make);
    if (register) template.register = register;
  }
  for (const [at, pin] of cell.pins.entries()) {
    if (pin.direction !== 'output' && pin.direction !== 'inout') continue;
    if (gate && pin.name === gate.out) {
      const enable = compile(gate.enables, meaning, (levelOf) =>
        gate.enables.some((name) => levelOf(name) === 1) ? 1 : 0,
      );
      const clock = meaning(gate.clock);
      if (enable && typeof clock === 'object') {
        template.outputs.push({
          at,
          node: { kind: 'clock-gate', out: at, clock: clock.slot, enable, idle: gate.idle },
        });
        continue;
      }
    }
    const usesState = cell.sequential && !template.register;
    const of = usesState ? undefined : make(pin.function);
    const off = make(pin.threeState);
    if (of) template.outputs.push({ at, node: { kind: 'gate', out: at, of, ...(off && { off }) } });
    else if (pin.direction === 'output') template.outputs.push({ at });
  }
  return template;
}

/** A node of a template for one instance. */
function placed(node: Node, out: number, slotOf: (local: number) => number): Node {
  const of = (made: BitFunction): BitFunction => ({ ...made, slots: made.slots.map(slotOf) });
  switch (node.kind) {
    case 'gate':
      return node.off
        ? { kind: 'gate', out, of: of(node.of), off: of(node.off) }
        : { kind: 'gate', out, of: of(node.of) };
    case 'flip-flop':
      return { ...node, out, clock: of(node.clock), next: of(node.next), async: asyncPlaced(node.async, of) };
    case 'latch':
      return {
        ...node,
        out,
        async: asyncPlaced(node.async, of),
        ...(node.enable && { enable: of(node.enable) }),
        ...(node.data && { data: of(node.data) }),
      };
    case 'clock-gate':
      return { ...node, out, clock: slotOf(node.clock), enable: of(node.enable) };
    case 'bus':
      return node;
  }
}

function asyncPlaced({ clear, preset, both }: Async, of: (made: BitFunction) => BitFunction): Async {
  return { both, ...(clear && { clear: of(clear) }), ...(preset && { preset: of(preset) }) };
}

function registerOf(
  { sequential }: LibraryCell,
  out: number,
  make: (expr: BoolExpr | undefined) => BitFunction | undefined,
): Node | undefined {
  if (!sequential) return undefined;
  const clear = make(sequential.clear);
  const preset = make(sequential.preset);
  const wins = sequential.clearPreset?.[0];
  const async: Async = { both: wins === 'L' ? 0 : wins === 'H' ? 1 : 0.5 };
  if (clear) async.clear = clear;
  if (preset) async.preset = preset;
  if (sequential.kind === 'ff') {
    const clock = make(sequential.clockedOn);
    const next = make(sequential.nextState);
    return clock && next && { kind: 'flip-flop', out, clock, next, async };
  }
  const enable = make(sequential.enable);
  const data = make(sequential.dataIn);
  if ((sequential.enable && !enable) || (sequential.dataIn && !data)) return undefined;
  return { kind: 'latch', out, async, ...(enable && { enable }), ...(data && { data }) };
}

/** Pins of a clock gate by their roles; its output rests at `idle`. Nothing for other cells. */
export function clockGatePins(
  cell: LibraryCell,
): { clock: string; out: string; enables: string[]; idle: 0 | 1 } | undefined {
  if (cell.clockGate === undefined) return undefined;
  const named = (role: string) =>
    cell.pins.filter(({ clockGateRole }) => clockGateRole === role).map(({ name }) => name);
  const [clock] = named('clock');
  const [out] = named('out');
  const enables = [...named('enable'), ...named('test')];
  if (clock === undefined || out === undefined || enables.length === 0) return undefined;
  return { clock, out, enables, idle: cell.clockGate.includes('negedge') ? 1 : 0 };
}

/** Slots that a node reads. */
export function slotsRead(node: Node): number[] {
  const of = (...functions: (BitFunction | undefined)[]) => functions.flatMap((one) => (one ? [...one.slots] : []));
  switch (node.kind) {
    case 'gate':
      return of(node.of, node.off);
    case 'flip-flop':
      return of(node.clock, node.next, node.async.clear, node.async.preset);
    case 'latch':
      return of(node.enable, node.data, node.async.clear, node.async.preset);
    case 'clock-gate':
      return [node.clock, ...of(node.enable)];
    case 'bus':
      return [...node.drivers, ...of(...node.off)];
  }
}
