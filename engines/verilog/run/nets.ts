/**
 * What drives what: joins nets that are one through ports, decides which way the others flow, and says for each signal whether
 * its one driver may write it directly. Made before the memory is laid out; `resolve.ts` runs what is not direct.
 */
import type * as ir from '../ir/types.ts';
import { elementType } from './layout.ts';
import { followsAtOnce, visitDesign } from './processes.ts';

/** How the bits of a driven part reach the signal. */
export type DriveKind =
  /** The only driver of these bits, strong: writes them. */
  | 'direct'
  /** One of several strong drivers of a net: resolved by words. */
  | 'vector'
  /** Strengths, charge, switches or links in both directions are involved: resolved bit by bit. */
  | 'bits';

export interface AssignPlan {
  /** Every part of the target is written directly, with no delay: generated code may do it (as a store to the canon signal, where not `forcible`). */
  direct: boolean;
  /** Runs inside the change of its operand (`Kernel.hook`), not through the queue. */
  atOnce: boolean;
  /** Reads nothing: runs once, early. */
  constant: boolean;
}

/** A link that turned out to flow one way. */
export interface Flow {
  from: ir.NetPart;
  to: ir.NetPart;
  at: ir.At;
}

export interface NetPlan {
  canon: Int32Array;
  /** By canon signal. 1: some statement forces or procedurally assigns it; writes go through `Runtime.store*`. */
  forcible: Uint8Array;
  /** By canon signal. */
  kind: (DriveKind | undefined)[];
  /** By canon signal: what kind of net all the signals that are one make together. */
  netKind: (ir.NetKind | undefined)[];
  assigns: AssignPlan[];
  flows: Flow[];
  /** By canon signal: paths of specify blocks that end there, and where. */
  paths: Map<ir.SignalId, { path: ir.PathDelay; output: ir.NetPart }[]>;
  /** Links between bits that are driven from both sides. */
  joins: ir.Link[];
}

interface Driven {
  part: ir.NetPart;
  strong: boolean;
  /** Of a net that may be charged or switched: needs bits. */
  bits: boolean;
}

export function planNets(design: ir.Design): NetPlan {
  const count = design.signals.length;
  const forced = forcedSignals(design);
  const delayed = new Set(design.paths.flatMap((path) => path.outputs.map((part) => part.signal)));
  const canon = joinWholeNets(design, new Set([...forced, ...delayed]));
  const forcible = new Uint8Array(count);
  for (const signal of forced) forcible[canon[signal]!] = 1;

  const netKind: (ir.NetKind | undefined)[] = new Array(count).fill(undefined);
  for (const signal of design.signals) {
    if (signal.net === undefined) continue;
    const at = canon[signal.id]!;
    netKind[at] = stronger(netKind[at], signal.net.kind);
  }

  const drivers = new Map<ir.SignalId, Driven[]>();
  const drive = (part: ir.NetPart, strong: boolean, bits: boolean): void => {
    const id = canon[part.signal]!;
    const list = drivers.get(id) ?? [];
    list.push({ part: { ...part, signal: id }, strong, bits });
    drivers.set(id, list);
  };
  for (const assign of design.assigns) for (const part of assign.target) drive(part, isStrong(assign.strength), false);
  for (const gate of design.gates) {
    const passes = /mos$/.test(gate.gate) || gate.gate.startsWith('pull');
    for (const part of gate.outputs) {
      drive(part, isStrong(gate.strength) && !gate.gate.startsWith('pull'), passes || /if[01]$/.test(gate.gate));
    }
  }
  for (const udp of design.udpInstances) drive(udp.output, isStrong(udp.strength), false);
  const switched = new Set<ir.SignalId>();
  for (const it of design.switches) {
    switched.add(canon[it.left.signal]!);
    switched.add(canon[it.right.signal]!);
  }

  const { flows, joins } = direct(design, canon, drivers, switched);
  for (const flow of flows) drive(flow.to, true, false);
  for (const join of joins) {
    switched.add(canon[join.left.signal]!);
    switched.add(canon[join.right.signal]!);
  }

  const paths = pathsOf(design, canon, flows);
  const kind: (DriveKind | undefined)[] = new Array(count).fill(undefined);
  for (const signal of design.signals) {
    const id = signal.id;
    if (canon[id] !== id) continue;
    const list = drivers.get(id) ?? [];
    const net = netKind[id];
    const special = net === 'trireg' || net === 'supply0' || net === 'supply1';
    if (list.length === 0 && !special && !switched.has(id) && net !== 'tri0' && net !== 'tri1') continue;
    const overlap = overlaps(list);
    if (special || switched.has(id) || list.some((it) => !it.strong || it.bits)) kind[id] = 'bits';
    else if (
      overlap ||
      paths.has(id) ||
      forcible[id] === 1 ||
      net === 'tri0' ||
      net === 'tri1' ||
      signal.net?.delay !== undefined
    ) {
      kind[id] = elementType(signal.type).kind === 'real' ? 'direct' : 'vector';
    } else kind[id] = 'direct';
  }

  const assigns = design.assigns.map(
    (assign): AssignPlan => ({
      direct: assign.delay === undefined && assign.target.every((part) => kind[canon[part.signal]!] === 'direct'),
      atOnce: followsAtOnce(assign),
      constant: assign.reads.length === 0,
    }),
  );
  return { canon, forcible, kind, netKind, assigns, flows, joins, paths };
}

/** A path to a variable delays the nets that it drives through ports. */
function pathsOf(design: ir.Design, canon: Int32Array, flows: readonly Flow[]): NetPlan['paths'] {
  const result: NetPlan['paths'] = new Map();
  const add = (path: ir.PathDelay, output: ir.NetPart): void => {
    const id = canon[output.signal]!;
    const list = result.get(id) ?? [];
    list.push({ path, output: { ...output, signal: id } });
    result.set(id, list);
  };
  for (const path of design.paths) {
    for (const output of path.outputs) {
      if (design.signals[canon[output.signal]!]!.kind === 'net') add(path, output);
      else {
        for (const { from, to } of flows) {
          if (from.signal === output.signal && from.width === output.width) add(path, to);
        }
      }
    }
  }
  return result;
}

export function isStrong(strength: ir.DriveStrength | undefined): boolean {
  return strength === undefined || (strength.zero === 6 && strength.one === 6);
}

function stronger(known: ir.NetKind | undefined, next: ir.NetKind): ir.NetKind {
  const rank = (kind: ir.NetKind | undefined): number => {
    if (kind === undefined) return -1;
    if (kind === 'supply0' || kind === 'supply1') return 2;
    return kind === 'wire' || kind === 'uwire' ? 0 : 1;
  };
  return rank(next) > rank(known) ? next : known!;
}

/** Signals that a force, or a procedural assign, names. */
function forcedSignals(design: ir.Design): Set<ir.SignalId> {
  const forced = new Set<ir.SignalId>();
  const add = (target: ir.LValue): void => {
    if (target.kind === 'signal') forced.add(target.signal);
    else if (target.kind === 'concat') target.parts.forEach(add);
  };
  visitDesign(design, (stmt) => {
    if (stmt.op === 'force') add(stmt.target);
  });
  return forced;
}

function isWhole(part: ir.NetPart, design: ir.Design): boolean {
  const { type } = design.signals[part.signal]!;
  return part.element === undefined && part.offset === 0 && type.kind === 'vector' && type.width === part.width;
}

/** Nets linked over their whole width share storage; so does a net with the variable that drives it through a port, where nothing else does. */
function joinWholeNets(design: ir.Design, forced: ReadonlySet<ir.SignalId>): Int32Array {
  const canon = new Int32Array(design.signals.length);
  for (let i = 0; i < canon.length; i++) canon[i] = i;
  const find = (id: number): number => {
    let at = id;
    while (canon[at] !== at) at = canon[at]!;
    while (canon[id] !== at) {
      const up = canon[id]!;
      canon[id] = at;
      id = up;
    }
    return at;
  };
  for (const link of design.links) {
    if (link.driver !== undefined) continue;
    if (!isWhole(link.left, design) || !isWhole(link.right, design)) continue;
    const left = find(link.left.signal);
    const right = find(link.right.signal);
    // The lower id: the outer scope, as elaboration goes.
    if (left < right) canon[right] = left;
    else canon[left] = right;
  }
  const others = drivenElsewhere(design, find);
  for (const link of design.links) {
    if (link.driver === undefined || !isWhole(link.left, design) || !isWhole(link.right, design)) continue;
    const variable = link.driver === 'left' ? link.left.signal : link.right.signal;
    const net = find(link.driver === 'left' ? link.right.signal : link.left.signal);
    const info = design.signals[net]!;
    const plain = info.net === undefined || info.net.kind === 'wire' || info.net.kind === 'uwire';
    if (!plain || info.net?.delay !== undefined || (others.get(net) ?? 0) > 1) continue;
    if (anyForced(forced, find, net) || forced.has(variable) || find(variable) === net) continue;
    if (design.signals[find(variable)]!.kind !== 'variable') continue;
    canon[net] = find(variable);
  }
  for (let i = 0; i < canon.length; i++) canon[i] = find(i);
  return canon;
}

function anyForced(forced: ReadonlySet<ir.SignalId>, find: (id: number) => number, net: number): boolean {
  for (const signal of forced) if (find(signal) === net) return true;
  return false;
}

/** How many things drive each net, links from variables included. */
function drivenElsewhere(design: ir.Design, find: (id: number) => number): Map<number, number> {
  const counts = new Map<number, number>();
  const add = (part: ir.NetPart): void => {
    const id = find(part.signal);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  };
  for (const assign of design.assigns) assign.target.forEach(add);
  for (const gate of design.gates) gate.outputs.forEach(add);
  for (const udp of design.udpInstances) add(udp.output);
  for (const it of design.switches) {
    add(it.left);
    add(it.right);
  }
  for (const link of design.links) {
    if (link.driver === 'left') add(link.right);
    else if (link.driver === 'right') add(link.left);
    else if (find(link.left.signal) !== find(link.right.signal)) {
      add(link.left);
      add(link.right);
    }
  }
  return counts;
}

function meets(a: ir.NetPart, b: ir.NetPart): boolean {
  return (a.element ?? 0) === (b.element ?? 0) && a.offset < b.offset + b.width && b.offset < a.offset + a.width;
}

function overlaps(list: Driven[]): boolean {
  if (list.length < 2) return false;
  const sorted = list
    .map((it) => it.part)
    .sort((a, b) => (a.element ?? 0) - (b.element ?? 0) || a.offset - b.offset || a.width - b.width);
  for (let i = 1; i < sorted.length; i++) if (meets(sorted[i - 1]!, sorted[i]!)) return true;
  return false;
}

/**
 * Decides for every link of parts which way it flows: towards the side whose bits nothing else drives. Links that remain are driven
 * from both sides.
 */
function direct(
  design: ir.Design,
  canon: Int32Array,
  drivers: ReadonlyMap<ir.SignalId, Driven[]>,
  switched: ReadonlySet<ir.SignalId>,
): { flows: Flow[]; joins: ir.Link[] } {
  const flows: Flow[] = [];
  const open = new Set<ir.Link>();
  /** Links that touch a signal and are not decided. */
  const touching = new Map<ir.SignalId, Set<ir.Link>>();
  const fed = new Map<ir.SignalId, ir.NetPart[]>();
  for (const [id, list] of drivers)
    fed.set(
      id,
      list.map((it) => it.part),
    );
  const feed = (part: ir.NetPart): void => {
    const id = canon[part.signal]!;
    const list = fed.get(id);
    if (list) list.push(part);
    else fed.set(id, [part]);
  };
  for (const link of design.links) {
    const left = canon[link.left.signal]!;
    const right = canon[link.right.signal]!;
    if (left === right && isWhole(link.left, design) && isWhole(link.right, design)) continue;
    if (link.driver !== undefined) {
      const [from, to] = link.driver === 'left' ? [link.left, link.right] : [link.right, link.left];
      flows.push({ from, to, at: link.at });
      feed(to);
      continue;
    }
    open.add(link);
    for (const id of [left, right]) {
      const set = touching.get(id) ?? new Set();
      set.add(link);
      touching.set(id, set);
    }
  }
  const isVariable = (part: ir.NetPart) => design.signals[canon[part.signal]!]!.kind === 'variable';
  const free = (part: ir.NetPart, link: ir.Link): boolean => {
    const id = canon[part.signal]!;
    if (switched.has(id) || isVariable(part)) return false;
    if (fed.get(id)?.some((it) => meets(it, part))) return false;
    for (const other of touching.get(id) ?? []) {
      if (other === link) continue;
      for (const side of [other.left, other.right]) if (canon[side.signal] === id && meets(side, part)) return false;
    }
    return true;
  };
  const work = [...open];
  while (work.length > 0) {
    const link = work.pop()!;
    if (!open.has(link)) continue;
    const to = free(link.right, link) ? link.right : free(link.left, link) ? link.left : undefined;
    if (to === undefined) continue;
    const from = to === link.right ? link.left : link.right;
    open.delete(link);
    flows.push({ from, to, at: link.at });
    feed(to);
    for (const part of [link.left, link.right]) {
      const id = canon[part.signal]!;
      const set = touching.get(id)!;
      set.delete(link);
      // Links of the same bits may be free now.
      for (const other of set) {
        for (const side of [other.left, other.right]) {
          if (canon[side.signal] === id && meets(side, part)) work.push(other);
        }
      }
    }
  }
  return { flows, joins: [...open] };
}
