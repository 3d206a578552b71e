/** Who writes which signal, in the whole design: what generated code may keep to itself depends on it. */
import type { Design, SignalId } from '../../ir/types.ts';

export interface Appearances {
  /** By signal: how often it stands as the target of a nonblocking assignment without delay. */
  nonblocking: Int32Array;
  /** By signal: how often it stands where something can be written, these included. */
  written: Int32Array;
  /** By signal: an event expression looks at its edges. */
  edges: Uint8Array;
  /** By signal: something writes it later than it says (delayed nonblocking assignments). */
  late: Uint8Array;
}

/** Looks through every object of the processes and subprograms, so that no kind of statement is forgotten. */
export function appearances(design: Design, canon: Int32Array): Appearances {
  const count = design.signals.length;
  const found: Appearances = {
    nonblocking: new Int32Array(count),
    written: new Int32Array(count),
    edges: new Uint8Array(count),
    late: new Uint8Array(count),
  };
  const signalsOf = (node: unknown, into: SignalId[]): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const it of node) signalsOf(it, into);
      return;
    }
    const it = node as Record<string, unknown>;
    if (typeof it.signal === 'number') into.push(it.signal);
    for (const value of Object.values(it)) if (typeof value === 'object') signalsOf(value, into);
  };
  const targets = (node: unknown, note: (signal: SignalId) => void): void => {
    const it = node as { kind?: string; signal?: number; parts?: unknown[] };
    if (it.kind === 'concat') for (const part of it.parts ?? []) targets(part, note);
    else if (it.kind === 'signal' && it.signal !== undefined) note(it.signal);
  };
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const it of node) visit(it);
      return;
    }
    const it = node as Record<string, unknown>;
    if (it.kind === 'signal' && typeof it.signal === 'number') found.written[canon[it.signal]!]!++;
    if (it.op === 'nonblocking') {
      targets(it.target, (signal) => {
        if (it.timing === undefined) found.nonblocking[canon[signal]!]!++;
        else found.late[canon[signal]!] = 1;
      });
    }
    if (typeof it.edge === 'string' && typeof it.what === 'object') {
      const list: SignalId[] = [];
      signalsOf(it.what, list);
      for (const signal of list) found.edges[canon[signal]!] = 1;
    }
    for (const value of Object.values(it)) if (typeof value === 'object') visit(value);
  };
  for (const process of design.processes) visit(process.body);
  for (const subprogram of design.subprograms) if (subprogram) visit(subprogram.body);
  for (const subprogram of design.subprograms) {
    for (const port of subprogram?.ports ?? []) found.written[canon[port.signal]!]!++;
  }
  return found;
}
