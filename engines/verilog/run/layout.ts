/** Where each signal of a design is kept while it runs. */

import { error, fail, ok, type Result } from '../../core/result.ts';
import type { Design, IrType, Signal } from '../ir/types.ts';
import { wordsOf } from '../ir/words.ts';
import type { Layout, Value, Vec } from './machine.ts';

export interface FullLayout extends Layout {
  /** By signal: words of one element, both planes. 0: not a vector. */
  stride: Int32Array;
  /** By signal: the signal whose storage it shares; itself where it has its own. Listeners, writes and forces all go by this one. */
  canon: Int32Array;
  /** By signal that is a named event or an array of them: its first event object. -1: none. */
  eventBase: Int32Array;
  totalEvents: number;
}

/** Elements of an array; 1 for everything else. */
export function elementCount(type: IrType): number {
  return type.kind === 'array' ? type.count : 1;
}

/** The type of what is stored at one place: of the elements, for arrays. */
export function elementType(type: IrType): Exclude<IrType, { kind: 'array' }> {
  return type.kind === 'array' ? type.element : type;
}

/** `canon` maps signals that are one net to one of them. */
export function layOut(design: Design, canon: Int32Array, memoryBytes: number): Result<FullLayout> {
  const count = design.signals.length;
  const layout: FullLayout = {
    offset: new Int32Array(count).fill(-1),
    words: new Int32Array(count),
    stride: new Int32Array(count),
    canon,
    eventBase: new Int32Array(count).fill(-1),
    totalWords: 0,
    totalReals: 0,
    totalObjects: 0,
    totalEvents: 0,
  };
  for (const signal of design.signals) {
    if (canon[signal.id] !== signal.id) continue;
    place(signal, layout);
    if (4 * layout.totalWords + 8 * (layout.totalReals + layout.totalObjects) > memoryBytes) {
      return fail(
        error(
          'memory-limit',
          `The signals of this design need more than the limit of ${memoryBytes} bytes; "${signal.name}" is where it is passed.`,
          'Make the array smaller, or raise the memory limit.',
          { ...signal.at },
        ),
      );
    }
  }
  for (const signal of design.signals) {
    const other = canon[signal.id]!;
    layout.offset[signal.id] = layout.offset[other]!;
    layout.words[signal.id] = layout.words[other]!;
    layout.stride[signal.id] = layout.stride[other]!;
    layout.eventBase[signal.id] = layout.eventBase[other]!;
  }
  return ok(layout);
}

function place(signal: Signal, layout: FullLayout): void {
  const type = elementType(signal.type);
  const count = elementCount(signal.type);
  if (type.kind === 'vector') {
    layout.words[signal.id] = wordsOf(type.width);
    layout.stride[signal.id] = 2 * wordsOf(type.width);
  }
  if (type.kind === 'event') {
    // Also where the scope is automatic: an event has no value to keep apart.
    layout.eventBase[signal.id] = layout.totalEvents;
    layout.totalEvents += count;
    return;
  }
  if (signal.automatic) return;
  if (type.kind === 'vector') {
    layout.offset[signal.id] = layout.totalWords;
    layout.totalWords += count * layout.stride[signal.id]!;
  } else if (type.kind === 'real') {
    layout.offset[signal.id] = layout.totalReals;
    layout.totalReals += count;
  } else {
    layout.offset[signal.id] = layout.totalObjects;
    layout.totalObjects += count;
  }
}

/** A vector of one value in every bit: 'x', 'z' or '0'. */
export function filled(width: number, what: '0' | 'x' | 'z'): Vec {
  const n = wordsOf(width);
  const a = new Int32Array(n);
  const b = new Int32Array(n);
  if (what !== '0') {
    b.fill(-1);
    if (what === 'x') a.fill(-1);
    const mask = width & 31 ? (1 << (width & 31)) - 1 : -1;
    if (n > 0) {
      a[n - 1]! &= mask;
      b[n - 1]! &= mask;
    }
  }
  return { width, a, b };
}

/** What a variable of this type (an element of it) holds before anything is assigned (1364-2005 section 4.2.2, 1800-2012 table 6-7). */
export function defaultValue(type: IrType): Value {
  switch (type.kind) {
    case 'vector':
      return filled(type.width, type.fourState ? 'x' : '0');
    case 'real':
      return 0;
    case 'string':
      return '';
    case 'list':
      return { kind: 'list', items: [] };
    case 'map':
      return { kind: 'map', items: new Map() };
    case 'array': {
      const items: Value[] = [];
      for (let i = 0; i < type.count; i++) items.push(defaultValue(type.element));
      return { kind: 'list', items };
    }
    case 'event':
      return filled(1, '0');
  }
}

/**
 * Gives all storage its first value: x for variables, z for nets, 0 for two-state ones. Drivers set their bits afterwards. Variables that
 * something drives all the time count as nets: bits that nothing drives are z, as in Icarus.
 */
export function initialise(
  design: Design,
  layout: FullLayout,
  words: Int32Array,
  reals: Float64Array,
  objects: unknown[],
  driven: readonly unknown[],
): void {
  for (const signal of design.signals) {
    const at = layout.offset[signal.id]!;
    if (at < 0 || layout.canon[signal.id] !== signal.id) continue;
    const type = elementType(signal.type);
    const count = elementCount(signal.type);
    if (type.kind === 'vector') {
      if (!type.fourState) continue;
      const isNet = signal.kind === 'net' || driven[signal.id] !== undefined;
      const first = filled(type.width, isNet ? 'z' : 'x');
      const n = first.a.length;
      for (let i = 0; i < count; i++) {
        words.set(first.a, at + 2 * n * i);
        words.set(first.b, at + 2 * n * i + n);
      }
    } else if (type.kind === 'real') reals.fill(0, at, at + count);
    else for (let i = 0; i < count; i++) objects[at + i] = defaultValue(type);
  }
}
