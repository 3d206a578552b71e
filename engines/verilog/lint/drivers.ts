/**
 * Nets with several drivers, and variables that several always blocks assign. Nets that a driver may leave (z) are buses and are
 * left alone, as are wired logic, strengths, and switches.
 */
import type { Problem } from '../../core/result.ts';
import type * as ir from '../ir/types.ts';
import { visitStmt } from '../ir/walk.ts';
import { floatingSignals, mayFloat } from './floating.ts';
import { assignedOf } from './paths.ts';

interface Driver {
  number: number;
  parts: ir.NetPart[];
  at: ir.At;
}

/** Longer ways through ports than this are not followed. */
const MAX_REACH = 20000;
/** Of so many drivers of one net all pairs are taken for told. */
const MAX_TOLD = 40;

export function multipleDrivers(design: ir.Design): Problem[] {
  return [...netConflicts(design), ...variableConflicts(design)];
}

function netConflicts(design: ir.Design): Problem[] {
  const floating = floatingSignals(design);
  const drivers: Driver[] = [];
  const spared = new Set<ir.SignalId>();
  for (const assign of design.assigns) {
    if (assign.strength || mayFloat(assign.value, floating)) spare(assign.target, spared);
    else drivers.push({ number: drivers.length, parts: assign.target, at: assign.at });
  }
  for (const gate of design.gates) {
    if (gate.strength || /mos|if[01]|pull/.test(gate.gate)) spare(gate.outputs, spared);
    else drivers.push({ number: drivers.length, parts: gate.outputs, at: gate.at });
  }
  for (const udp of design.udpInstances) {
    if (udp.strength) spare([udp.output], spared);
    else drivers.push({ number: drivers.length, parts: [udp.output], at: udp.at });
  }
  for (const one of design.switches) spare([one.left, one.right], spared);

  const links = linksOf(design);
  // What each driver reaches through ports, signal by signal.
  const reached = new Map<ir.SignalId, { driver: Driver; part: ir.NetPart; at: ir.At }[]>();
  for (const driver of drivers) {
    for (const { part, via } of reach(driver.parts, links)) {
      const list = reached.get(part.signal);
      // Seen from a net, a driver behind a port is the connection.
      const entry = { driver, part, at: via ?? driver.at };
      if (list) list.push(entry);
      else reached.set(part.signal, [entry]);
    }
  }
  const sparedAll = new Set<ir.SignalId>();
  for (const id of spared) {
    const { type } = design.signals[id]!;
    const width = type.kind === 'vector' ? type.width : 1;
    for (const { part } of reach([{ signal: id, offset: 0, width }], links)) sparedAll.add(part.signal);
  }

  const problems: Problem[] = [];
  const told = new Set<string>();
  const byDepth = [...reached.keys()].sort((x, y) => depthOf(design, x) - depthOf(design, y) || x - y);
  for (const id of byDepth) {
    const signal = design.signals[id]!;
    const list = reached.get(id)!;
    if (list.length < 2 || sparedAll.has(id) || signal.kind !== 'net' || signal.hidden) continue;
    if (signal.net?.kind !== 'wire' || signal.word === 'tri') continue;
    const pair = overlapping(list);
    if (!pair) continue;
    const [one, other] = pair;
    // The same conflict is seen from the nets inside too: it is told of the outermost.
    const key = (x: Driver, y: Driver): string => `${Math.min(x.number, y.number)} ${Math.max(x.number, y.number)}`;
    if (told.has(key(one.driver, other.driver))) continue;
    const few = list.slice(0, MAX_TOLD).map(({ driver }) => driver);
    for (const x of few) for (const y of few) told.add(key(x, y));
    told.add(key(one.driver, other.driver));
    problems.push({
      code: 'multiple-drivers',
      severity: 'warning',
      what: `'${signal.name}' has two drivers, in line ${one.at.line} and in line ${other.at.line}: where they differ its value is x.`,
      where: other.at,
      remedy: 'Keep one of them, or choose between the values in one assignment.',
    });
  }
  return problems;
}

function spare(parts: readonly ir.NetPart[], into: Set<ir.SignalId>): void {
  for (const { signal } of parts) into.add(signal);
}

function depthOf(design: ir.Design, id: ir.SignalId): number {
  let depth = 0;
  for (let at = design.scopes[design.signals[id]!.scope]; at?.parent !== undefined; at = design.scopes[at.parent])
    depth++;
  return depth;
}

function overlapping<T extends { driver: Driver; part: ir.NetPart; at: ir.At }>(
  list: readonly T[],
): [T, T] | undefined {
  const sorted = [...list].sort(
    (x, y) => (x.part.element ?? 0) - (y.part.element ?? 0) || x.part.offset - y.part.offset,
  );
  for (let i = 1; i < sorted.length; i++) {
    const [before, after] = [sorted[i - 1]!, sorted[i]!];
    if ((before.part.element ?? 0) !== (after.part.element ?? 0) || before.driver === after.driver) continue;
    if (after.part.offset >= before.part.offset + before.part.width) continue;
    return before.at.line <= after.at.line ? [before, after] : [after, before];
  }
  return undefined;
}

type Links = Map<ir.SignalId, { here: ir.NetPart; there: ir.NetPart; at: ir.At }[]>;

function linksOf(design: ir.Design): Links {
  const links: Links = new Map();
  const add = (here: ir.NetPart, there: ir.NetPart, at: ir.At): void => {
    const list = links.get(here.signal);
    if (list) list.push({ here, there, at });
    else links.set(here.signal, [{ here, there, at }]);
  };
  for (const { left, right, at } of design.links) {
    add(left, right, at);
    add(right, left, at);
  }
  return links;
}

/** The parts that are one with the given parts through links, these included; `via`: the link that led to each. */
function reach(parts: readonly ir.NetPart[], links: Links): { part: ir.NetPart; via?: ir.At }[] {
  const result: { part: ir.NetPart; via?: ir.At }[] = [];
  const seen = new Set<string>();
  const queue: { part: ir.NetPart; via?: ir.At }[] = parts.map((part) => ({ part }));
  for (let top = queue.pop(); top && result.length < MAX_REACH; top = queue.pop()) {
    const next = top.part;
    const key = `${next.signal} ${next.element ?? ''} ${next.offset} ${next.width}`;
    if (seen.has(key)) continue;
    seen.add(key);
    result.push(top);
    for (const { here, there, at } of links.get(next.signal) ?? []) {
      if ((here.element ?? 0) !== (next.element ?? 0)) continue;
      const from = Math.max(here.offset, next.offset);
      const to = Math.min(here.offset + here.width, next.offset + next.width);
      if (from >= to) continue;
      queue.push({ part: { ...there, offset: there.offset + from - here.offset, width: to - from }, via: at });
    }
  }
  return result;
}

/** Variables whose bits two always blocks assign, each started at its head and free of delays and of messages. */
function variableConflicts(design: ir.Design): Problem[] {
  const writers = new Map<ir.SignalId, { bits: bigint; at: ir.At; process: ir.Process }[]>();
  const doubtful = new Set<ir.SignalId>();
  for (const process of design.processes) {
    if (process.kind === 'initial' || process.kind === 'final' || !isLogic(process)) continue;
    const head = process.body.op === 'wait-event' ? process.body.body : process.body;
    if (!head) continue;
    const { ever, uncertain, where } = assignedOf(head, design);
    for (const id of uncertain) doubtful.add(id);
    for (const [id, bits] of ever) {
      const signal = design.signals[id]!;
      if (signal.kind !== 'variable' || signal.automatic || signal.hidden || signal.type.kind !== 'vector') continue;
      // Counters of loops are shared without harm.
      if (signal.word === 'integer' || signal.word === 'int' || signal.word === 'genvar') continue;
      const list = writers.get(id) ?? [];
      list.push({ bits, at: where.get(id) ?? process.at, process });
      writers.set(id, list);
    }
  }
  const problems: Problem[] = [];
  for (const [id, list] of writers) {
    if (doubtful.has(id) || list.length < 2) continue;
    const [one, other] = [...list].sort((x, y) => x.at.line - y.at.line);
    if (!one || !other || (one.bits & other.bits) === 0n) continue;
    problems.push({
      code: 'multiple-drivers',
      severity: 'warning',
      what: `'${design.signals[id]!.name}' is assigned by two always blocks, in line ${one.at.line} and in line ${other.at.line}; only one can drive it in hardware.`,
      where: other.at,
      remedy: 'Bring the assignments together in one block.',
    });
  }
  return problems;
}

function isLogic(process: ir.Process): boolean {
  let good = process.kind !== 'always' || process.body.op === 'wait-event';
  visitStmt(process.body, (stmt) => {
    if (stmt === process.body && stmt.op === 'wait-event') return;
    if (/^(?:delay|wait|wait-event|wait-fork|fork|systask|call|forever|trigger|force|release|disable)$/.test(stmt.op))
      good = false;
    if ((stmt.op === 'assign' || stmt.op === 'nonblocking') && stmt.timing?.kind === 'event') good = false;
  });
  return good;
}
