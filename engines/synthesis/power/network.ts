import type { Problem } from '../../core/result.ts';
import { type GateInstance, type GateNetlist, NET_0, NET_1 } from '../gates/types.ts';
import type { BoolExpr, LibraryCell } from '../liberty/types.ts';
import { type BitFunction, FunctionMaker, type Meaning } from './bit-function.ts';

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
  const maker = new FunctionMaker();
  const netCount = design.nets.length;
  const openSlot = netCount;
  let slots = netCount + 1;
  const drivers: { node: Node; net: number }[][] = design.nets.map(() => []);
  const nodes: Node[] = [];
  const unknownDrivers: Network['unknownDrivers'] = [];
  const wide = new Set<string>();
  const held = Object.keys(caseValues).some((name) => name.includes('/'));

  for (const instance of design.instances) {
    const { cell } = instance;
    const state = cell.sequential ? slots++ : -1;
    const meaning = meaningOf(instance, openSlot, state, held ? caseValues : undefined);
    const make = (what: string, expr: BoolExpr | undefined) =>
      expr && maker.make(`${cell.name}/${what}`, expr, meaning);
    const gate = clockGatePins(cell);
    if (cell.sequential && !gate) {
      const node = registerOf(cell, state, make);
      if (node) nodes.push(node);
      else wide.add(cell.name);
    }
    cell.pins.forEach((pin, at) => {
      const net = instance.pins[at]!;
      if (net < 0 || (pin.direction !== 'output' && pin.direction !== 'inout')) return;
      if (gate && pin.name === gate.out) {
        const enable = maker.compile(`${cell.name}/enable`, gate.enables, meaning, (levelOf) =>
          gate.enables.some((name) => levelOf(name) === 1) ? 1 : 0,
        );
        const clock = meaning(gate.clock);
        if (enable && typeof clock === 'object') {
          drivers[net]!.push({
            node: { kind: 'clock-gate', out: net, clock: clock.slot, enable, idle: gate.idle },
            net,
          });
          return;
        }
      }
      const of = make(pin.name, pin.function);
      if (of) {
        const off = make(`${pin.name}?`, pin.threeState);
        drivers[net]!.push({ node: { kind: 'gate', out: net, of, ...(off && { off }) }, net });
      } else if (pin.direction === 'output') {
        if (pin.function) wide.add(cell.name);
        unknownDrivers.push({ net, cell: cell.name });
      }
    });
  }

  const buses: Node[] = [];
  for (const [net, found] of drivers.entries()) {
    if (found.length < 2) {
      if (found[0]) nodes.push(found[0].node);
      continue;
    }
    const own = Int32Array.from(found, () => slots++);
    for (const [at, { node }] of found.entries()) nodes.push({ ...node, out: own[at]! });
    const off = found.map(({ node }) => (node.kind === 'gate' ? node.off : undefined));
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

/** What names in the expressions of an instance stand for. `state` is the slot of its register, if it is one. */
export function meaningOf(
  { name: instance, cell, pins }: GateInstance,
  openSlot: number,
  state: number,
  caseValues?: Readonly<Record<string, 0 | 1>>,
): (name: string) => Meaning {
  return (name) => {
    if (name === cell.sequential?.state) return { slot: state, inverted: false };
    if (name === cell.sequential?.inverse) return { slot: state, inverted: true };
    const at = cell.pinIndex.get(name);
    const net = at === undefined ? undefined : pins[at];
    const held = caseValues?.[`${instance}/${name}`];
    if (held !== undefined && at !== undefined && cell.pins[at]!.direction === 'input') return held;
    if (net === NET_0) return 0;
    if (net === NET_1) return 1;
    return { slot: net === undefined || net < 0 ? openSlot : net, inverted: false };
  };
}

function registerOf(
  { sequential }: LibraryCell,
  out: number,
  make: (what: string, expr: BoolExpr | undefined) => BitFunction | undefined,
): Node | undefined {
  if (!sequential) return undefined;
  const clear = make('clear', sequential.clear);
  const preset = make('preset', sequential.preset);
  const wins = sequential.clearPreset?.[0];
  const async: Async = { both: wins === 'L' ? 0 : wins === 'H' ? 1 : 0.5 };
  if (clear) async.clear = clear;
  if (preset) async.preset = preset;
  if (sequential.kind === 'ff') {
    const clock = make('clocked_on', sequential.clockedOn);
    const next = make('next_state', sequential.nextState);
    return clock && next && { kind: 'flip-flop', out, clock, next, async };
  }
  const enable = make('enable', sequential.enable);
  const data = make('data_in', sequential.dataIn);
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
