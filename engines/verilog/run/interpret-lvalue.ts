/** Places that are written to, as closures. */

import type * as ir from '../ir/types.ts';
import { wordsOf } from '../ir/words.ts';
import { adapted, type Coder, compileExpr, compileIndex, compileIndices, copied, mapKey } from './interpret-expr.ts';
import { type Frame, tell } from './interpret-frame.ts';
import { defaultValue, elementType } from './layout.ts';
import type { ListValue, MapValue, Value, Vec } from './machine.ts';
import { insert, select } from './value/ops.ts';

export interface Place {
  /** A blocking assignment. */
  assign(frame: Frame, value: Value): void;
  read(frame: Frame): Value;
  /** Works out where it is now; the function answered writes there later. */
  locate(frame: Frame): (value: Value) => void;
  /** A nonblocking assignment into this time step. */
  nonblocking(frame: Frame, value: Value): void;
}

const nowhere = (): void => {};

export function compileLValue(target: ir.LValue, coder: Coder): Place {
  switch (target.kind) {
    case 'concat':
      return concatPlace(target, coder);
    case 'item':
      return itemPlace(target, coder);
    case 'signal':
      return signalPlace(target, coder);
  }
}

/** A place of which only `locate` and `read` are special. */
function place(coder: Coder, locate: (frame: Frame) => (value: Value) => void, read: (frame: Frame) => Value): Place {
  const { kernel } = coder.runtime;
  return {
    assign: (frame, value) => locate(frame)(value),
    read,
    locate,
    nonblocking: (frame, value) => {
      const write = locate(frame);
      kernel.nbaRunAfter(0, () => write(value));
    },
  };
}

function concatPlace(target: Extract<ir.LValue, { kind: 'concat' }>, coder: Coder): Place {
  const parts = target.parts.map((part) => ({
    place: compileLValue(part, coder),
    type: part.type,
    width: part.type.kind === 'vector' ? part.type.width : 0,
  }));
  const { width } = target.type;
  /** The places are known before any of them is written. */
  const split = (value: Value, put: (index: number, part: Value) => void): void => {
    let at = width;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!;
      at -= part.width;
      put(i, adapted(select(value as Vec, at, part.width), part.type));
    }
  };
  return {
    assign: (frame, value) => {
      const writes = parts.map((part) => part.place.locate(frame));
      split(value, (i, part) => writes[i]!(part));
    },
    read: (frame) => {
      const whole: Vec = { width, a: new Int32Array(wordsOf(width)), b: new Int32Array(wordsOf(width)) };
      let at = width;
      let result = whole;
      for (const part of parts) {
        at -= part.width;
        result = insert(result, at, part.place.read(frame) as Vec);
      }
      return result;
    },
    locate: (frame) => {
      const writes = parts.map((part) => part.place.locate(frame));
      return (value) => split(value, (i, part) => writes[i]!(part));
    },
    nonblocking: (frame, value) => split(value, (i, part) => parts[i]!.place.nonblocking(frame, part)),
  };
}

function signalPlace(target: Extract<ir.LValue, { kind: 'signal' }>, coder: Coder): Place {
  const { runtime } = coder;
  const signal = runtime.design.signals[target.signal]!;
  if (signal.automatic) return automaticPlace(target, coder);
  const type = elementType(signal.type);
  if (target.indices === undefined && target.part === undefined && signal.type.kind !== 'array') {
    return wholePlace(target.signal, signal.type, coder);
  }
  const read = readerOf(target, coder);
  if (signal.type.kind === 'array' && target.indices === undefined) {
    const element = signal.type.element;
    return place(
      coder,
      () => (value) => {
        const { items } = value as ListValue;
        for (let i = 0; i < items.length; i++) runtime.write(target.signal, adapted(items[i]!, element), i);
      },
      read,
    );
  }
  const index = target.indices === undefined ? () => 0 : compileIndices(target.indices, coder);
  if (type.kind !== 'vector' || (target.part !== undefined && target.type.kind !== 'vector')) {
    return place(
      coder,
      (frame) => {
        const i = index(frame);
        if (i === undefined) return nowhere;
        if (type.kind === 'string' && target.part !== undefined) return nowhere;
        return (value) => runtime.write(target.signal, copied(adapted(value, type)), i);
      },
      read,
    );
  }
  const width = target.part?.width ?? type.width;
  const offset = target.part === undefined ? () => 0 : compileIndex(target.part.offset, coder);
  const full = type.width;
  const fourState = type.fourState;
  const write = (element: number, at: number, value: Value): void => {
    // Bits of the part that lie outside are dropped.
    const low = Math.max(0, at);
    const high = Math.min(full, at + width);
    if (high <= low) return;
    const vec = value as Vec;
    runtime.storeBits(
      target.signal,
      element,
      low,
      high - low,
      fourState ? vec : (adapted(vec, target.type) as Vec),
      low - at,
    );
  };
  const canon = runtime.canon[target.signal]!;
  return {
    assign: (frame, value) => {
      const i = index(frame);
      const at = offset(frame);
      if (i !== undefined && at !== undefined) write(i, at, value);
    },
    read,
    locate: (frame) => {
      const i = index(frame);
      const at = offset(frame);
      return i === undefined || at === undefined ? nowhere : (value) => write(i, at, value);
    },
    nonblocking: (frame, value) => {
      const i = index(frame);
      const at = offset(frame);
      if (i === undefined || at === undefined || at >= full || at + width <= 0) return;
      const vec = fourState ? (value as Vec) : (adapted(value, target.type) as Vec);
      const bit = at & 31;
      if (at >= 0 && at + width <= full && bit + width <= 32 && !coder.runtime.isForcible(canon)) {
        const mask = (width === 32 ? -1 : (1 << width) - 1) << bit;
        const base = runtime.layout.offset[canon]! + i * runtime.layout.stride[canon]! + (at >>> 5);
        runtime.kernel.nba(canon, base, vec.a[0]! << bit, vec.b[0]! << bit, mask);
        return;
      }
      runtime.kernel.nbaRunAfter(0, () => write(i, at, vec));
    },
  };
}

/** A variable or net as a whole. */
function wholePlace(id: ir.SignalId, type: ir.IrType, coder: Coder): Place {
  const { runtime } = coder;
  const canon = runtime.canon[id]!;
  const read = (): Value => runtime.read(id);
  if (type.kind !== 'vector') {
    const write = (value: Value): void => runtime.write(id, copied(adapted(value, type)));
    return place(coder, () => write, read);
  }
  const { width, fourState } = type;
  const { kernel, words } = runtime;
  const base = runtime.layout.offset[canon]!;
  if (width <= 32 && !runtime.isForcible(canon)) {
    const mask = width === 32 ? -1 : (1 << width) - 1;
    const write = (value: Value): void => {
      const { a: planeA, b: planeB } = value as Vec;
      const q = planeB[0]!;
      const a = fourState ? planeA[0]! : planeA[0]! & ~q;
      const b = fourState ? q : 0;
      const oldA = words[base]!;
      const oldB = words[base + 1]!;
      if (oldA === a && oldB === b) return;
      words[base] = a;
      words[base + 1] = b;
      if (kernel.flags[canon] !== 0) kernel.notify(canon, oldA, oldB);
    };
    return {
      assign: (_frame, value) => write(value),
      read,
      locate: () => write,
      nonblocking: (_frame, value) => {
        const { a, b } = value as Vec;
        if (fourState) kernel.nba(canon, base, a[0]!, b[0]!, mask);
        else kernel.nba(canon, base, a[0]! & ~b[0]!, 0, mask);
      },
    };
  }
  const write = (value: Value): void =>
    runtime.storeBits(id, 0, 0, width, fourState ? (value as Vec) : (adapted(value, type) as Vec), 0);
  return {
    assign: (_frame, value) => write(value),
    read,
    locate: () => write,
    nonblocking: (_frame, value) => {
      const vec = fourState ? (value as Vec) : (adapted(value, type) as Vec);
      if (runtime.isForcible(canon)) kernel.nbaRunAfter(0, () => write(vec));
      else kernel.nbaWide(canon, base, vec.a, vec.b, vec.a.length, undefined);
    },
  };
}

function automaticPlace(target: Extract<ir.LValue, { kind: 'signal' }>, coder: Coder): Place {
  const { runtime, slots } = coder;
  const signal = runtime.design.signals[target.signal]!;
  const cellOf = slots.cell(target.signal);
  const read = readerOf(target, coder);
  const index = target.indices === undefined ? undefined : compileIndices(target.indices, coder);
  const offset = target.part === undefined ? undefined : compileIndex(target.part.offset, coder);
  const type = elementType(signal.type);
  return place(
    coder,
    (frame) => {
      const cell = cellOf(frame);
      const i = index?.(frame);
      if (index !== undefined && i === undefined) return nowhere;
      const at = offset?.(frame);
      if (offset !== undefined && at === undefined) return nowhere;
      return (value) => {
        if (i === undefined) {
          cell.value =
            at === undefined ? copied(adapted(value, signal.type)) : insert(cell.value as Vec, at, value as Vec);
        } else {
          const { items } = cell.value as ListValue;
          items[i] = at === undefined ? copied(adapted(value, type)) : insert(items[i] as Vec, at, value as Vec);
        }
        if (cell.heard !== undefined) tell(cell);
      };
    },
    read,
  );
}

/** The value that the place has now. */
function readerOf(target: Extract<ir.LValue, { kind: 'signal' }>, coder: Coder): (frame: Frame) => Value {
  const { type } = coder.runtime.design.signals[target.signal]!;
  const base: ir.Expr =
    target.indices === undefined
      ? { op: 'signal', signal: target.signal, type }
      : { op: 'element', signal: target.signal, indices: target.indices, type: elementType(type) };
  if (target.part === undefined) return compileExpr(base, coder);
  return compileExpr(
    { op: 'select', base, offset: target.part.offset, width: target.part.width, type: target.type },
    coder,
  );
}

// ------------------------------------------------------------------------------------------------ Lists and maps

/** The list or map at a place itself, to be changed there; `touched` is to be called afterwards. */
export interface Container {
  value: Value;
  touched(): void;
}

export function compileContainer(target: ir.LValue, coder: Coder): (frame: Frame) => Container | undefined {
  const { runtime } = coder;
  if (target.kind === 'signal') {
    const signal = runtime.design.signals[target.signal]!;
    const element = target.indices === undefined ? undefined : compileIndices(target.indices, coder);
    if (signal.automatic) {
      const cell = coder.slots.cell(target.signal);
      return (frame) => {
        const { value } = cell(frame);
        if (element === undefined) return { value, touched: nowhere };
        const i = element(frame);
        const item = i === undefined ? undefined : (value as ListValue).items[i];
        return item === undefined ? undefined : { value: item, touched: nowhere };
      };
    }
    const at = runtime.layout.offset[target.signal]!;
    const touched = (): void => runtime.touched(target.signal);
    if (signal.type.kind === 'array' && signal.type.element.kind === 'vector') {
      // Of fixed size: a copy serves whoever only reads; what is changed is written back.
      return () => {
        const value = runtime.design.signals[target.signal]!.type;
        const items: Value[] = [];
        for (let i = 0; i < (value.kind === 'array' ? value.count : 0); i++) items.push(runtime.read(target.signal, i));
        return {
          value: { kind: 'list', items },
          touched: () =>
            items.forEach((item, i) => {
              runtime.write(target.signal, item, i);
            }),
        };
      };
    }
    return (frame) => {
      const i = element === undefined ? 0 : element(frame);
      return i === undefined ? undefined : { value: runtime.objects[at + i] as Value, touched };
    };
  }
  if (target.kind === 'item') {
    const outer = compileContainer(target.object, coder);
    const get = itemAccess(target, coder);
    return (frame) => {
      const container = outer(frame);
      if (container === undefined) return undefined;
      const access = get(frame, container.value);
      const value = access?.read();
      if (access === undefined || value === undefined) return undefined;
      return { value, touched: container.touched };
    };
  }
  return () => undefined;
}

interface Access {
  read(): Value | undefined;
  write(value: Value): void;
}

function itemAccess(
  target: Extract<ir.LValue, { kind: 'item' }>,
  coder: Coder,
): (frame: Frame, container: Value) => Access | undefined {
  const { type } = target.object;
  if (type.kind === 'map') {
    const key = mapKey(target.index, coder);
    const { element } = type;
    return (frame, container) => {
      const at = key(frame);
      if (at === undefined) return undefined;
      const { items } = container as MapValue;
      return {
        read: () => {
          const known = items.get(at);
          return known ?? defaultValue(element);
        },
        write: (value) => items.set(at, value),
      };
    };
  }
  const index = compileIndex(target.index, coder);
  const limit = type.kind === 'list' && !type.dynamic ? 1 : 0;
  return (frame, container) => {
    const i = index(frame);
    const { items } = container as ListValue;
    // A queue grows by one when the place after its last item is written.
    if (i === undefined || i < 0 || i >= items.length + limit) return undefined;
    return {
      read: () => items[i],
      write: (value) => {
        items[i] = value;
      },
    };
  };
}

function itemPlace(target: Extract<ir.LValue, { kind: 'item' }>, coder: Coder): Place {
  const objectType = target.object.type;
  if (objectType.kind === 'string') return characterPlace(target, coder);
  const outer = compileContainer(target.object, coder);
  const access = itemAccess(target, coder);
  const offset = target.part === undefined ? undefined : compileIndex(target.part.offset, coder);
  const element: ir.IrType = objectType.kind === 'list' || objectType.kind === 'map' ? objectType.element : target.type;
  const missing = defaultValue(element);
  return place(
    coder,
    (frame) => {
      const container = outer(frame);
      const item = container === undefined ? undefined : access(frame, container.value);
      const at = offset?.(frame);
      if (container === undefined || item === undefined || (offset !== undefined && at === undefined)) return nowhere;
      return (value) => {
        if (at === undefined) item.write(copied(adapted(value, element)));
        else item.write(insert((item.read() ?? missing) as Vec, at, value as Vec));
        container.touched();
      };
    },
    (frame) => {
      const container = outer(frame);
      const value = (container === undefined ? undefined : access(frame, container.value)?.read()) ?? missing;
      if (offset === undefined || target.part === undefined) return value;
      const at = offset(frame);
      return select(value as Vec, at, target.part.width);
    },
  );
}

/** `s[i] = "x"`. */
function characterPlace(target: Extract<ir.LValue, { kind: 'item' }>, coder: Coder): Place {
  const whole = compileLValue(target.object, coder);
  const index = compileIndex(target.index, coder);
  return place(
    coder,
    (frame) => {
      const i = index(frame);
      return (value) => {
        const text = whole.read(frame) as string;
        const code = (value as Vec).a[0]! & 255;
        if (i === undefined || i < 0 || i >= text.length || code === 0) return;
        whole.assign(frame, text.slice(0, i) + String.fromCharCode(code) + text.slice(i + 1));
      };
    },
    (frame) => {
      const i = index(frame);
      const text = whole.read(frame) as string;
      const code = i === undefined ? Number.NaN : text.charCodeAt(i);
      return { width: 8, a: Int32Array.of(Number.isNaN(code) ? 0 : code & 255), b: new Int32Array(1) };
    },
  );
}
