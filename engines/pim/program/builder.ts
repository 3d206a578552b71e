import type { Instruction, OpCode, Program, ProgramColumns, StageCode } from './types.ts';

const FIRST = 1024;

type Column = ProgramColumns[keyof ProgramColumns];

const MAKE: { [K in keyof ProgramColumns]: (size: number) => ProgramColumns[K] } = {
  op: (size) => new Uint8Array(size),
  stage: (size) => new Uint8Array(size),
  group: (size) => new Int32Array(size),
  layer: (size) => new Int16Array(size),
  replica: (size) => new Int16Array(size),
  ag: (size) => new Int32Array(size),
  window: (size) => new Int32Array(size),
  dst: (size) => new Int32Array(size),
  src1: (size) => new Int32Array(size),
  src2: (size) => new Int32Array(size),
  elements: (size) => new Int32Array(size),
  pair: (size) => new Int32Array(size),
  peer: (size) => new Int16Array(size),
  immediate: (size) => new Float32Array(size),
  stride: (size) => new Int32Array(size),
  repeats: (size) => new Int32Array(size),
};

const NAMES = Object.keys(MAKE) as (keyof ProgramColumns)[];

function columns(size: number): ProgramColumns {
  return Object.fromEntries(NAMES.map((name) => [name, MAKE[name](size)])) as unknown as ProgramColumns;
}

/** The growing program of one core. */
export class CoreProgram {
  length = 0;
  columns = columns(0);

  /** Answers with the instruction's number in this core. */
  push(it: Instruction): number {
    if (this.length === this.columns.op.length) this.grow();
    const at = this.length++;
    const to = this.columns;
    to.op[at] = it.op;
    to.stage[at] = it.stage;
    to.group[at] = it.group;
    to.layer[at] = it.layer;
    to.replica[at] = it.replica ?? -1;
    to.ag[at] = it.ag ?? -1;
    to.window[at] = it.window ?? -1;
    to.dst[at] = it.dst ?? -1;
    to.src1[at] = it.src1 ?? -1;
    to.src2[at] = it.src2 ?? -1;
    to.elements[at] = it.elements;
    to.pair[at] = it.pair ?? -1;
    to.peer[at] = it.peer ?? -1;
    to.immediate[at] = it.immediate ?? 0;
    to.stride[at] = it.stride ?? 0;
    to.repeats[at] = it.repeats ?? 1;
    return at;
  }

  /** `push` without an object, for schedulers that emit millions: what is not given is missing. */
  append(
    op: OpCode,
    stage: StageCode,
    group: number,
    layer: number,
    dst: number,
    src1: number,
    src2: number,
    elements: number,
  ): number {
    if (this.length === this.columns.op.length) this.grow();
    const at = this.length++;
    const to = this.columns;
    to.op[at] = op;
    to.stage[at] = stage;
    to.group[at] = group;
    to.layer[at] = layer;
    to.replica[at] = -1;
    to.ag[at] = -1;
    to.window[at] = -1;
    to.dst[at] = dst;
    to.src1[at] = src1;
    to.src2[at] = src2;
    to.elements[at] = elements;
    to.pair[at] = -1;
    to.peer[at] = -1;
    to.immediate[at] = 0;
    to.stride[at] = 0;
    to.repeats[at] = 1;
    return at;
  }

  /** Makes room for one instruction before each of these (ascending numbers of instructions); what stands there is old. */
  insert(before: readonly number[]): void {
    while (this.length + before.length > this.columns.op.length) this.grow();
    for (const name of NAMES) {
      const column = this.columns[name];
      let end = this.length;
      for (let index = before.length - 1; index >= 0; index--) {
        const start = before[index]!;
        column.copyWithin(start + index + 1, start, end);
        end = start;
      }
    }
    this.length += before.length;
  }

  private grow(): void {
    const wider = columns(Math.max(FIRST, this.length * 2));
    for (const name of NAMES) (wider[name] as Uint8Array).set(this.columns[name] as Uint8Array);
    this.columns = wider;
  }
}

/** The columns of the instructions at `places`, in that order. */
export function pickColumns(from: ProgramColumns, places: Int32Array): ProgramColumns {
  const picked = columns(places.length);
  for (const name of NAMES) {
    const [source, target] = [from[name], picked[name]];
    for (let at = 0; at < places.length; at++) target[at] = source[places[at]!]!;
  }
  return picked;
}

export type ProgramFacts = Omit<Program, keyof ProgramColumns | 'count' | 'cores' | 'coreStart' | 'pairs'>;

/** Collects the instructions of all cores and joins them into one program. */
export class ProgramBuilder {
  readonly cores: CoreProgram[];
  pairs = 0;

  constructor(cores: number) {
    this.cores = Array.from({ length: cores }, () => new CoreProgram());
  }

  /** A transfer: SEND in one core, RECV in the other, under a new pair number. */
  transfer(
    from: { core: number; src: number },
    to: { core: number; dst: number },
    shared: Pick<Instruction, 'stage' | 'group' | 'layer' | 'elements' | 'replica' | 'ag' | 'window'>,
    op: { SEND: Instruction['op']; RECV: Instruction['op'] },
  ): number {
    const pair = this.pairs++;
    this.cores[from.core]!.push({ ...shared, op: op.SEND, src1: from.src, pair, peer: to.core });
    this.cores[to.core]!.push({ ...shared, op: op.RECV, dst: to.dst, pair, peer: from.core });
    return pair;
  }

  finish(facts: ProgramFacts): Program {
    const count = this.cores.reduce((sum, core) => sum + core.length, 0);
    const joined = columns(count);
    const coreStart = new Int32Array(this.cores.length + 1);
    let at = 0;
    for (const [index, core] of this.cores.entries()) {
      coreStart[index] = at;
      for (const name of NAMES)
        (joined[name] as Column as Uint8Array).set((core.columns[name] as Uint8Array).subarray(0, core.length), at);
      at += core.length;
      core.columns = columns(0);
    }
    coreStart[this.cores.length] = at;
    return { ...facts, ...joined, count, cores: this.cores.length, coreStart, pairs: this.pairs };
  }
}
