/**
 * The fast back end: processes and continuous assignments as JavaScript functions made once per design. Whatever cannot be written so is left
 * to the interpreter, one process at a time; both work on the same memory and queues.
 *
 * Combinational logic (continuous assignments without delay, `always_comb`, `always @*` and the like without side effects) is sorted so that
 * writers come before readers, marked when an operand changes, and worked out in one turn of the active queue.
 */

import type { At, Design, Expr, NetPart, Read, SignalId, Stmt } from '../../ir/types.ts';
import { wordsOf } from '../../ir/words.ts';
import { setBit } from '../bits.ts';
import { elementType } from '../layout.ts';
import type { NetPlan } from '../nets.ts';
import { innerStatements, type ProcessShape, visitDesign, type Waits } from '../processes.ts';
import type { Runtime } from '../runtime.ts';
import type { Steps, Thread, Threads } from '../threads.ts';
import { Uncompilable } from './context.ts';
import { widest } from './expression.ts';
import { Generator, type Written } from './generate.ts';
import { type CombNode, levelise, wrotePart } from './levels.ts';
import { type Copy, Readers } from './readers.ts';
import { helpers } from './runtime.ts';
import { type ThreadTables, threadText, type Waited } from './thread.ts';
import { expression, noUses, usesOf } from './uses.ts';
import { appearances } from './writers.ts';

/** What the interpreter does instead, where a piece of levelised logic cannot be written: the whole body, run once. */
export interface Fallback {
  process(index: number): () => void;
  assign(index: number): () => void;
  /** A statement without waits and without automatic variables. */
  statement(stmt: Stmt): () => void;
  /** The event object of an event control without automatic variables. */
  event(waited: Waited): number;
  threads: Threads;
}

export interface Compiled {
  /** By process: what runs its body once. The caller lets it wait for its event, as it does an interpreted one. */
  bodies: Map<number, () => void>;
  /** Processes that a body of `bodies` runs besides its own: they wait for the same event. The caller does nothing for them. */
  absorbed: ReadonlySet<number>;
  /** By process that is combinational: to be called where the process would start to wait. The caller does nothing else for it. */
  combProcesses: Map<number, () => void>;
  /** By continuous assignment: to be called where it would be evaluated first. The caller does nothing else for it. */
  assigns: Map<number, () => void>;
  /** By flow of the plan: to be called once at the start, as it would be if it were a hook. */
  flows: Map<number, () => void>;
  /** By process that waits in its middle: what runs it, for `Threads.create`. */
  threads: Map<number, (thread: Thread) => Steps>;
  /** Statements without waits inside of processes that wait, to be run instead of what the interpreter makes of them. */
  statements: Map<Stmt, () => void>;
  /** Once all declarations have their initial values, before anything runs. */
  prepare(): void;
  /** Where the combinational logic stands that is to be worked out next. */
  involved(): At[];
  /** What was generated. */
  text: string;
}

/** False where the page's rules forbid to make functions from text. */
export function canGenerate(): boolean {
  try {
    return new Function('return 1')() === 1;
  } catch {
    return false;
  }
}

/** A copy that is made inside the change of what it copies. */
interface Follow {
  read: Read;
  target: NetPart[];
  value: Expr;
  /** Which continuous assignment it is, or which flow of the plan. */
  assign?: number;
  flow?: number;
}

interface Node extends CombNode {
  process?: number;
  assign?: number;
  /** Runs once at the start; `always @*` waits first. */
  atStart: boolean;
}

export function compileDesign(
  runtime: Runtime,
  plan: NetPlan,
  waits: Waits,
  shapes: readonly ProcessShape[],
  fallback: Fallback,
): Compiled {
  const { design, kernel, layout, canon } = runtime;
  const generator = new Generator(runtime, plan, waits);
  const found = appearances(design, canon);
  for (let i = 0; i < found.late.length; i++) if (found.late[i] === 1) generator.late.add(i);

  const levelsOf = (index: number): Read[] | undefined => {
    const { body } = design.processes[index]!;
    return levels(shapes[index]!, body.op === 'wait-event' && body.star === true);
  };

  // ---- what is combinational
  const nodes: Node[] = [];
  const follows: Follow[] = [];
  design.assigns.forEach((assign, index) => {
    const how = plan.assigns[index]!;
    if (!how.direct || how.constant) return;
    if (!assign.target.every((part) => isVector(runtime, part.signal))) return;
    const uses = noUses();
    expression(assign.value, uses);
    for (const callee of [...uses.calls]) if (generator.usesOfSubprogram(callee).other) uses.other = true;
    if (uses.other) return;
    if (how.atOnce) follows.push({ read: assign.reads[0]!, target: assign.target, value: assign.value, assign: index });
    else nodes.push({ assign: index, reads: assign.reads, writes: assign.target.map(wrotePart), atStart: true });
  });
  plan.flows.forEach((flow, index) => {
    const target = canon[flow.to.signal]!;
    if (plan.kind[target] !== 'direct' || plan.forcible[target] === 1 || plan.kind[canon[flow.from.signal]!] === 'bits')
      return;
    if (!isNarrow(runtime, flow.from.signal) || !isNarrow(runtime, flow.to.signal)) return;
    follows.push({ ...copyOf(runtime, flow), flow: index });
  });
  shapes.forEach((shape, index) => {
    const reads = levelsOf(index);
    if (reads === undefined || shape.kind !== 'listening' || shape.body === undefined) return;
    if (!reads.every((read) => !design.signals[read.signal]!.automatic && isVector(runtime, read.signal))) return;
    const uses = generator.usesDeep(shape.body);
    if (uses.other) return;
    const writes = [...uses.blocking].map((signal) => ({ signal }));
    nodes.push({ process: index, reads, writes, atStart: shape.atStart });
  });
  const order = levelise(nodes, canon);
  const rank = new Int32Array(nodes.length);
  order.forEach((node, k) => {
    rank[node] = k;
  });
  const wordCount = Math.max(1, (nodes.length + 31) >>> 5);

  // ---- who reads what
  const wiring = new Readers(canon, generator);
  nodes.forEach((node, i) => {
    for (const read of node.reads) wiring.mark(read, rank[i]!);
  });
  const followNames = follows.map(({ read, target, value }) => {
    const name = generator.fresh();
    wiring.call(read, name, plainCopy(runtime, target, value));
    const from = canon[read.signal]!;
    const list = generator.copies.get(from) ?? [];
    list.push(...target.map((part) => canon[part.signal]!));
    generator.copies.set(from, list);
    return name;
  });
  generator.marksFor = (signal, part, element, change) => wiring.text(signal, part, element, change);

  // ---- shadows of what one clocked process alone writes, with nonblocking assignments
  const shadowBy = new Map<SignalId, { process: number; at: number }>();
  let shadowEnd = 0;
  const clocked: number[] = [];
  shapes.forEach((shape, index) => {
    if (shape.kind !== 'listening' || shape.body === undefined || levelsOf(index) !== undefined) return;
    clocked.push(index);
  });
  let current = -1;
  generator.shadowOf = (signal) => {
    const known = shadowBy.get(signal);
    if (known) return known.process === current ? known.at : undefined;
    const { type } = design.signals[signal]!;
    if (current < 0 || type.kind !== 'vector' || plan.kind[signal] !== undefined || plan.forcible[signal] === 1)
      return undefined;
    if (found.late[signal] === 1 || found.edges[signal] === 1 || found.written[signal] !== found.nonblocking[signal])
      return undefined;
    if (writersOf(signal) !== 1) return undefined;
    const at = shadowEnd;
    shadowEnd += 2 * wordsOf(type.width);
    shadowBy.set(signal, { process: current, at });
    return at;
  };
  const writingProcesses = new Map<SignalId, Set<number>>();
  design.processes.forEach((process, index) => {
    for (const signal of generator.usesDeep(process.body).nonblocking) {
      const id = canon[signal]!;
      const set = writingProcesses.get(id) ?? new Set();
      set.add(index);
      writingProcesses.set(id, set);
    }
  });
  const writersOf = (signal: SignalId): number => writingProcesses.get(signal)?.size ?? 0;

  // ---- clocked processes of one event, which run one after the other
  const teams = teamsOf(runtime, generator, shapes, clocked, follows);

  // ---- text
  const texts: string[] = [];
  const made: string[] = [];
  const bodies: number[] = [];
  const groups: { name: string }[] = [];
  const absorbed = new Set<number>();
  for (const team of teams) {
    const group = groups.length;
    const done: { index: number; name: string; apply: string | undefined }[] = [];
    const push = `if (G[${group}] === 0) { G[${group}] = 1; K.nbaRun(Q[${group}]); }`;
    for (const index of team) {
      current = index;
      const shape = shapes[index]!;
      if (shape.kind !== 'listening') continue;
      try {
        const written = generator.body(shape.body, (shadows) =>
          team.length > 1 || shadows.size === 0 ? '' : `${push}\n`,
        );
        texts.push(written.text);
        const apply = written.shadows.size > 0 ? generator.fresh() : undefined;
        if (apply !== undefined) texts.push(applyText(apply, written));
        done.push({ index, name: written.name, apply });
      } catch (problem) {
        if (!(problem instanceof Uncompilable)) throw problem;
        for (const [signal, it] of shadowBy) if (it.process === index) shadowBy.delete(signal);
      }
    }
    current = -1;
    const applies = done.map((it) => it.apply).filter((it) => it !== undefined);
    if (applies.length > 0) {
      const name = generator.fresh();
      texts.push(`function ${name}() { G[${group}] = 0; ${applies.map((it) => `${it}();`).join(' ')} }`);
      groups.push({ name });
    }
    if (team.length === 1) {
      for (const it of done) {
        made.push(it.name);
        bodies.push(it.index);
      }
      continue;
    }
    // One that the interpreter has stands between those before it and those after it.
    for (const run of runsOf(team, done)) {
      const name = generator.fresh();
      const turn = generator.fresh();
      const forth = run.map((it) => `${it.name}();`);
      const tail = run.some((it) => it.apply !== undefined) ? push : '';
      // Waiters are woken newest first, and wait again as they have run: the order turns round each time.
      texts.push(
        `let ${turn} = 0;\nfunction ${name}() { ${turn} ^= 1; if (${turn} === 0) { ${forth.join(' ')} } else { ${forth.toReversed().join(' ')} } ${tail} }`,
      );
      made.push(name);
      bodies.push(run[0]!.index);
      for (const it of run.slice(1)) absorbed.add(it.index);
    }
  }

  function applyText(name: string, written: Written): string {
    const lines: string[] = [];
    for (const signal of written.shadows) {
      const { at } = shadowBy.get(signal)!;
      const type = elementType(design.signals[signal]!.type);
      if (type.kind !== 'vector') continue;
      const n = wordsOf(type.width);
      const offset = layout.offset[signal]!;
      const count = type.fourState ? 2 * n : n;
      const change = { a: 'a', b: type.fourState ? 'b' : '0', oldA: 'p', oldB: type.fourState ? 'q' : '0' };
      const marks = wiring.text(signal, undefined, undefined, n === 1 ? change : undefined);
      const tell = `${marks} if ((F[${signal}] & 15) !== 0) K.notify(${signal}, p, ${change.oldB});`;
      if (n === 1) {
        lines.push(
          type.fourState
            ? `{ const p = M[${offset}], q = M[${offset + 1}], a = N[${at}], b = N[${at + 1}]; if (p !== a || q !== b) { M[${offset}] = a; M[${offset + 1}] = b; ${tell} } }`
            : `{ const p = M[${offset}], a = N[${at}]; if (p !== a) { M[${offset}] = a; ${tell} } }`,
        );
        continue;
      }
      const differs = Array.from({ length: count }, (_, k) => `(M[${offset + k}] ^ N[${at + k}])`).join(' | ');
      const copies = Array.from({ length: count }, (_, k) => `M[${offset + k}] = N[${at + k}];`).join(' ');
      lines.push(
        `if ((${differs}) !== 0) { const p = M[${offset}]${type.fourState ? `, q = M[${offset + n}]` : ''}; ${copies} ${tell} }`,
      );
    }
    return `function ${name}() {\n${lines.join('\n')}\n}`;
  }

  // ---- processes that wait
  const tables: ThreadTables = { events: [], delegated: [], tasks: new Map() };
  const threadIndices: number[] = [];
  const threadNames: string[] = [];
  if (!endsThreads(design)) {
    shapes.forEach((shape, index) => {
      if (shape.kind !== 'thread' || design.processes[index]!.kind === 'final') return;
      const name = generator.fresh();
      const kept = { events: tables.events.length, delegated: tables.delegated.length };
      try {
        const how = { loop: design.processes[index]!.kind !== 'initial', once: !shape.loop };
        texts.push(threadText(name, shape.body, generator, runtime, tables, how));
        threadIndices.push(index);
        threadNames.push(name);
      } catch (problem) {
        if (!(problem instanceof Uncompilable)) throw problem;
        if (tables.tasks.size === 0) {
          tables.events.length = kept.events;
          tables.delegated.length = kept.delegated;
        }
      }
    });
  }

  // ---- pieces of those that the interpreter runs
  const pieces: Stmt[] = [];
  const pieceNames: string[] = [];
  const gather = (stmt: Stmt, again: boolean): void => {
    const loops = /^(for|while|do|repeat|forever)$/.test(stmt.op);
    if (!waits.statement(stmt) && !generator.usesDeep(stmt).other && (again || usesOf(stmt).loops)) {
      try {
        const written = generator.body(stmt, () => '');
        texts.push(written.text);
        pieces.push(stmt);
        pieceNames.push(written.name);
        return;
      } catch (problem) {
        if (!(problem instanceof Uncompilable)) throw problem;
      }
    }
    for (const inner of innerStatements(stmt)) gather(inner, again || loops);
  };
  shapes.forEach((shape, index) => {
    if (shape.kind === 'listening' && (levelsOf(index) !== undefined || bodies.includes(index) || absorbed.has(index)))
      return;
    if (shape.body !== undefined)
      gather(shape.body, shape.kind === 'listening' || (shape.kind === 'thread' && shape.loop));
  });
  for (const subprogram of design.subprograms) {
    if (subprogram?.kind === 'task' && !subprogram.automatic) gather(subprogram.body, true);
  }

  const fallbacks: (() => void)[] = [];
  const write = (work: () => Written, otherwise: () => () => void): string => {
    try {
      const written = work();
      texts.push(written.text);
      return written.name;
    } catch (problem) {
      if (!(problem instanceof Uncompilable)) throw problem;
      const name = generator.fresh();
      texts.push(`function ${name}() { J[${fallbacks.length}](); }`);
      fallbacks.push(otherwise());
      return name;
    }
  };
  const nodeNames = order.map((at) => {
    const node = nodes[at]!;
    if (node.assign !== undefined) {
      const index = node.assign;
      return write(
        () => generator.assign(design.assigns[index]!),
        () => fallback.assign(index),
      );
    }
    const index = node.process!;
    const shape = shapes[index]!;
    return write(
      () => generator.body(shape.body, () => ''),
      () => fallback.process(index),
    );
  });
  follows.forEach((it, i) => {
    const name = followNames[i]!;
    try {
      texts.push(generator.assign(it, name).text);
    } catch (problem) {
      // A plain copy can always be written.
      if (!(problem instanceof Uncompilable) || it.assign === undefined) throw problem;
      texts.push(`function ${name}() { J[${fallbacks.length}](); }`);
      fallbacks.push(fallback.assign(it.assign));
    }
  });
  for (let word = 0; word < wordCount; word++) {
    const lines = nodeNames.slice(32 * word, 32 * word + 32).map((name, bit) => {
      const clear = `D[${word}] &= ${~(1 << bit)};`;
      // A process cannot see what it does itself: it waits only when it has run.
      const isProcess = nodes[order[32 * word + bit]!]!.process !== undefined;
      return `if ((D[${word}] & ${1 << bit}) !== 0) { ${isProcess ? `${name}(); ${clear}` : `${clear} ${name}();`} }`;
    });
    texts.push(`function s${word}() {\n${lines.join('\n')}\n}`);
  }
  const wordList = Array.from({ length: wordCount }, (_, word) => word);
  texts.push(
    `function X() { S[0] = 1; K.push(S[2]); }
function settle() {
if (S[1] !== 0) for (let i = 0; i < ${wordCount}; i++) D[i] &= E[i];
${wordList.map((word) => `if (D[${word}] !== 0) s${word}();`).join('\n')}
S[0] = 0;
if ((${wordList.map((word) => `D[${word}]`).join(' | ')}) !== 0) X();
}`,
  );
  const heard = wiring.signals();
  const heardText = heard.map((signal) => `(e) => { ${wiring.text(signal, undefined, 'e')} }`).join(',\n');
  const text = `${generator.globals.join('\n')}
${wiring.switches.join('\n')}
${texts.join('\n')}
return { bodies: [${made.join(', ')}], pieces: [${pieceNames.join(', ')}], threads: [${threadNames.join(', ')}], nodes: [${nodeNames.join(', ')}], groups: [${groups.map((it) => it.name).join(', ')}], follows: [${followNames.join(', ')}],
settle, wake: X, heard: [
${heardText}
] };`;

  // ---- functions
  const marks = new Int32Array(wordCount);
  const enabled = new Int32Array(wordCount);
  const state = new Int32Array(4);
  const shadows = new Int32Array(Math.max(1, shadowEnd));
  const groupIds = new Int32Array(Math.max(1, groups.length));
  const eventIds = new Int32Array(Math.max(1, tables.events.length)).fill(-1);
  const delegated = tables.delegated.map((stmt): (() => void) => {
    // Made when first run: most of what is left to the interpreter runs once.
    let run: (() => void) | undefined;
    return () => {
      run ??= fallback.statement(stmt);
      run();
    };
  });
  const given: Record<string, unknown> = {
    M: runtime.words,
    N: shadows,
    T: new Int32Array(Math.max(1, generator.scratchEnd)),
    R: new Int32Array(256),
    TA: new Int32Array(64),
    TB: new Int32Array(64),
    TM: new Int32Array(64),
    D: marks,
    E: enabled,
    S: state,
    G: new Uint8Array(Math.max(1, groups.length)),
    Q: groupIds,
    F: kernel.flags,
    K: kernel,
    J: fallbacks,
    Y: fallback.threads,
    I: delegated,
    L: (at: number): number => {
      const known = eventIds[at]!;
      if (known >= 0) return known;
      const event = fallback.event(tables.events[at]!);
      eventIds[at] = event;
      return event;
    },
    P: (place: number): never => {
      runtime.at = generator.places[place];
      return kernel.outOfFuel();
    },
    ...helpers,
  };
  // Constants of the text, not parameters: these the engine takes as fixed when it optimises.
  const names = Object.keys(given)
    .map((name) => `${name} = $.${name}`)
    .join(', ');
  const make = new Function('$', `'use strict';\nconst ${names};\n${text}`) as (tables: Record<string, unknown>) => {
    bodies: (() => void)[];
    pieces: (() => void)[];
    threads: ((thread: Thread) => Steps)[];
    nodes: (() => void)[];
    groups: (() => void)[];
    follows: (() => void)[];
    settle: () => void;
    wake: () => void;
    heard: ((element: number) => void)[];
  };
  const functions = make(given);
  state[2] = kernel.define(functions.settle);
  groups.forEach((_, i) => {
    groupIds[i] = kernel.define(functions.groups[i]!);
  });
  heard.forEach((signal, i) => {
    kernel.listenCompiled(signal, functions.heard[i]!);
  });

  const result: Compiled = {
    bodies: new Map(bodies.map((index, i) => [index, functions.bodies[i]!])),
    threads: new Map(threadIndices.map((index, i) => [index, functions.threads[i]!])),
    statements: new Map(pieces.map((stmt, i) => [stmt, functions.pieces[i]!])),
    absorbed,
    combProcesses: new Map(),
    assigns: new Map(),
    flows: new Map(),
    involved: () =>
      nodes
        .filter((_, i) => (marks[rank[i]! >>> 5]! & (1 << (rank[i]! & 31))) !== 0)
        .map(
          (node) => (node.assign === undefined ? design.processes[node.process!]! : design.assigns[node.assign]!).at,
        ),
    text,
    prepare: () => {
      for (const [signal, it] of shadowBy) {
        const from = layout.offset[signal]!;
        shadows.set(runtime.words.subarray(from, from + layout.stride[signal]!), it.at);
      }
    },
  };
  state[1] = nodes.length;
  nodes.forEach((node, i) => {
    const at = rank[i]!;
    const start = (): void => {
      state[1]!--;
      enabled[at >>> 5]! |= 1 << (at & 31);
      if (!node.atStart) {
        marks[at >>> 5]! &= ~(1 << (at & 31));
        return;
      }
      // A process runs once more when all others have started; an assignment at once.
      if (node.process !== undefined) kernel.pushInactive(kernel.define(mark));
      else {
        marks[at >>> 5]! &= ~(1 << (at & 31));
        functions.nodes[at]!();
      }
    };
    const mark = (): void => {
      marks[at >>> 5]! |= 1 << (at & 31);
      if (state[0] === 0) functions.wake();
    };
    if (node.assign !== undefined) result.assigns.set(node.assign, start);
    else result.combProcesses.set(node.process!, start);
  });
  follows.forEach((it, i) => {
    if (it.assign === undefined) result.flows.set(it.flow!, functions.follows[i]!);
    else result.assigns.set(it.assign, functions.follows[i]!);
    for (const part of it.target) startUnknown(runtime, part);
  });
  for (const node of nodes) {
    if (node.assign !== undefined) for (const part of design.assigns[node.assign]!.target) startUnknown(runtime, part);
  }
  return result;
}

/** Something may end threads from outside, or start more: then the interpreter has them all. */
function endsThreads(design: Design): boolean {
  let found = false;
  visitDesign(design, (stmt) => {
    if (stmt.op === 'disable' || stmt.op === 'disable-fork' || stmt.op === 'fork') found = true;
  });
  return found;
}

/**
 * Clocked processes that may run in one turn of the queue: they wait for the same event, none of them can set it off, and none that waits in
 * its middle stands between them.
 */
function teamsOf(
  runtime: Runtime,
  generator: Generator,
  shapes: readonly ProcessShape[],
  clocked: readonly number[],
  follows: readonly Follow[],
): number[][] {
  const { canon } = runtime;
  const copied = new Set(follows.map((it) => canon[it.read.signal]!));
  const copies = new Set(follows.flatMap((it) => it.target.map((part) => canon[part.signal]!)));
  const isClocked = new Set(clocked);
  const open = new Map<string, number[]>();
  const teams: number[][] = [];
  shapes.forEach((shape, index) => {
    if (shape.kind === 'thread') {
      open.clear();
      return;
    }
    if (!isClocked.has(index) || shape.kind !== 'listening' || shape.body === undefined) return;
    const key = eventKey(runtime, shape);
    const uses = generator.usesDeep(shape.body);
    const signals = key?.signals ?? [];
    const wakes = [...uses.blocking].some((it) => {
      const id = canon[it]!;
      return signals.includes(id) || (copied.has(id) && signals.some((signal) => copies.has(signal)));
    });
    if (key === undefined || uses.other || wakes) {
      teams.push([index]);
      if (key !== undefined) open.delete(key.text);
      return;
    }
    const team = open.get(key.text);
    if (team !== undefined) team.push(index);
    else {
      const fresh = [index];
      open.set(key.text, fresh);
      teams.push(fresh);
    }
  });
  return teams;
}

/** What the process waits for, as a text, where that is edges or changes of whole signals alone. */
function eventKey(
  runtime: Runtime,
  shape: Extract<ProcessShape, { kind: 'listening' }>,
): { text: string; signals: SignalId[] } | undefined {
  const signals: SignalId[] = [];
  const texts: string[] = [];
  for (const item of shape.items ?? []) {
    if (item.iff !== undefined || item.what.kind !== 'expr' || item.what.expr.op !== 'signal') return undefined;
    if (item.what.reads.some((read) => read.part !== undefined || read.element !== undefined)) return undefined;
    const id = runtime.canon[item.what.expr.signal]!;
    signals.push(id);
    texts.push(`${item.edge ?? ''} ${id}`);
  }
  return texts.length > 0 ? { text: texts.join(','), signals } : undefined;
}

/** Stretches of a team without those that could not be compiled. */
function runsOf<T extends { index: number }>(team: readonly number[], done: readonly T[]): T[][] {
  const runs: T[][] = [[]];
  for (const index of team) {
    const it = done.find((one) => one.index === index);
    if (it === undefined) runs.push([]);
    else runs.at(-1)!.push(it);
  }
  return runs.filter((run) => run.length > 0);
}

/** Driven bits are x before their driver has spoken. */
function startUnknown(runtime: Runtime, part: NetPart): void {
  const signal = runtime.canon[part.signal]!;
  const type = elementType(runtime.design.signals[signal]!.type);
  if (type.kind !== 'vector' || !type.fourState) return;
  const n = wordsOf(type.width);
  const base = runtime.layout.offset[signal]! + (part.element ?? 0) * 2 * n;
  for (let i = 0; i < part.width; i++) {
    setBit(runtime.words, base, part.offset + i, 1);
    setBit(runtime.words, base + n, part.offset + i, 1);
  }
}

/** The place that a whole word is copied to, where the value is one that stands in memory as it is. */
function plainCopy(runtime: Runtime, target: readonly NetPart[], value: Expr): Copy | undefined {
  if (target.length !== 1 || (value.op !== 'signal' && value.op !== 'element')) return undefined;
  const part = target[0]!;
  const signal = runtime.canon[part.signal]!;
  const to = elementType(runtime.design.signals[signal]!.type);
  const from = elementType(runtime.design.signals[value.signal]!.type);
  if (to.kind !== 'vector' || from.kind !== 'vector' || !to.fourState || !from.fourState) return undefined;
  if (to.width > 32 || to.width !== from.width || part.offset !== 0 || part.width !== to.width) return undefined;
  if (value.op === 'element' && value.indices.some((index) => index.value.op !== 'const')) return undefined;
  return { signal, element: part.element, offset: runtime.layout.offset[signal]! + 2 * (part.element ?? 0) };
}

/** A connection that flows one way, as an assignment. */
function copyOf(runtime: Runtime, flow: NetPlan['flows'][number]): Pick<Follow, 'read' | 'target' | 'value'> {
  const { from, to } = flow;
  const { type } = runtime.design.signals[from.signal]!;
  const own = elementType(type);
  if (own.kind !== 'vector') throw new Uncompilable('flow');
  const number = (value: number): Expr => ({
    op: 'const',
    value: { kind: 'vector', width: 32, signed: true, a: BigInt(value), b: 0n },
    type: { kind: 'vector', width: 32, signed: true, fourState: true },
  });
  const base: Expr =
    type.kind === 'array'
      ? {
          op: 'element',
          signal: from.signal,
          indices: [{ value: number(from.element ?? 0), size: type.count }],
          type: own,
        }
      : { op: 'signal', signal: from.signal, type: own };
  const whole = from.offset === 0 && from.width === own.width;
  const value: Expr = whole
    ? base
    : {
        op: 'select',
        base,
        offset: number(from.offset),
        width: from.width,
        type: { kind: 'vector', width: from.width, signed: false, fourState: own.fourState },
      };
  const read: Read = { signal: from.signal };
  if (!whole) read.part = { offset: from.offset, width: from.width };
  if (type.kind === 'array') read.element = from.element ?? 0;
  return { read, target: [to], value };
}

function isNarrow(runtime: Runtime, signal: SignalId): boolean {
  const type = elementType(runtime.design.signals[signal]!.type);
  return type.kind === 'vector' && type.width <= widest;
}

function isVector(runtime: Runtime, signal: SignalId): boolean {
  return elementType(runtime.design.signals[signal]!.type).kind === 'vector';
}

/** What a process waits for, if that is levels of plain signals alone. */
function levels(shape: ProcessShape, star: boolean): Read[] | undefined {
  if (shape.kind !== 'listening') return undefined;
  if (shape.items === undefined) return shape.reads;
  const reads: Read[] = [];
  for (const item of shape.items) {
    if (item.edge !== undefined || item.iff !== undefined || item.what.kind !== 'expr') return undefined;
    const { expr } = item.what;
    // Woken by a part or an element, it may only run when that has changed; what is written `@*` does not mind.
    if (
      !star &&
      (expr.op !== 'signal' || item.what.reads.some((read) => read.part !== undefined || read.element !== undefined))
    ) {
      return undefined;
    }
    reads.push(...item.what.reads);
  }
  return reads.length > 0 ? reads : undefined;
}
