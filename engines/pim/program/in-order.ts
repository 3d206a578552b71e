import type { AgTable } from '../types.ts';
import { pickColumns } from './builder.ts';
import { LatestKeys } from './latest-keys.ts';
import { Op, type Program, Stage } from './types.ts';

/** The order of kinds of instructions in a wave: loads; copies and products as they come; vectors and transfers; stores. */
const KINDS = 4;
const [LOAD, PRODUCT, VECTOR, STORE] = [0, 1, 2, 3];
/** Order through global memory is kept by pages of so many elements (a power of two): coarser than need be, never wrong. */
const PAGE_BITS = 12;

/**
 * Orders a program for cores that start their instructions one after the other (TCAD, section IV-E: "all loads, then all
 * mvm, then all vec"; facts 1.6), so that products overlap and none waits behind a sum of another. Within each instruction
 * group of a core, instructions come in waves of loads, copies and products, vectors and transfers, stores; each is in the
 * earliest wave in which all that it depends on comes before it, and instructions of one wave and kind stay in the order
 * they had. Sends thereby come after the products that do not depend on them.
 *
 * Kept in order: whatever reads or writes what another one writes, in local memory by element, in global memory by page;
 * all transfers of a core, so that cores that meet in them cannot deadlock where they did not before. The instructions
 * are the same, only their order differs.
 */
export function orderForInOrder(program: Program, ags: AgTable): Program {
  return { ...program, ...pickColumns(program, new Waves(program, ags).order()) };
}

/** Finds for each instruction its key: wave times KINDS plus kind, counted on from group to group so that none is reset. */
class Waves {
  private readonly program: Program;
  private readonly ags: AgTable;
  /** By element of local memory, and by page of global memory: the largest key of what wrote and read there. */
  private readonly written: LatestKeys;
  private readonly read: LatestKeys;
  private readonly stored: LatestKeys;
  private readonly loaded: LatestKeys;
  private lastTransfer = 0;
  /** First key of the group: what is smaller comes before all of it. */
  private base = 0;
  private most = 0;

  constructor(program: Program, ags: AgTable) {
    this.program = program;
    this.ags = ags;
    const local = program.localElements.reduce((most, size) => Math.max(most, size), 0);
    this.written = new LatestKeys(local);
    this.read = new LatestKeys(local);
    const pages = (program.globalElements >> PAGE_BITS) + 1;
    this.stored = new LatestKeys(pages);
    this.loaded = new LatestKeys(pages);
  }

  /** Places in the old program by place in the new one. */
  order(): Int32Array {
    const { group, count, cores, coreStart } = this.program;
    const order = new Int32Array(count);
    for (let core = 0; core < cores; core++) {
      const stop = coreStart[core + 1]!;
      for (let from = coreStart[core]!; from < stop; ) {
        let to = from + 1;
        while (to < stop && group[to] === group[from]) to++;
        this.sort(from, to, order);
        from = to;
      }
    }
    return order;
  }

  private sort(from: number, to: number, order: Int32Array): void {
    const { base } = this;
    this.most = base;
    const keys = new Int32Array(to - from);
    for (let at = from; at < to; at++) keys[at - from] = this.keyOf(at) - base;
    const waves = this.most - base + 1;
    const next = new Int32Array(waves + 1);
    for (const key of keys) next[key + 1]! += 1;
    for (let key = 0; key < waves; key++) next[key + 1]! += next[key]!;
    for (let at = from; at < to; at++) order[from + next[keys[at - from]!]!++] = at;
    this.base = base + Math.ceil(waves / KINDS) * KINDS;
  }

  private keyOf(at: number): number {
    const { op, dst, src1, src2, elements, stride, repeats } = this.program;
    const code = op[at]!;
    const n = elements[at]!;
    const times = repeats[at]!;
    const step = stride[at]!;
    const transfers = code === Op.SEND || code === Op.RECV;
    let after = transfers ? Math.max(this.base, this.lastTransfer) : this.base;

    let readA = src1[at]!;
    let readAEnd = readA + n;
    let [readB, readBEnd] = [0, 0];
    if (code === Op.LD || code === Op.LLDI || code === Op.RECV) readA = readAEnd = 0;
    else if (code === Op.LMV && step !== 0) readAEnd += (times - 1) * step;
    if (code >= Op.VVADD && code <= Op.VVMIN) {
      readB = src2[at]!;
      readBEnd = readB + n;
    } else if (code === Op.VDOT) {
      readB = src2[at]!;
      readBEnd = readB + (times - 1) * step + n;
    }
    const write = code === Op.SEND || code === Op.ST ? 0 : dst[at]!;
    const writeEnd = code === Op.SEND || code === Op.ST ? 0 : write + this.writes(at, code, n, times);

    after = this.written.latest(readA, readAEnd, after);
    after = this.written.latest(readB, readBEnd, after);
    after = this.written.latest(write, writeEnd, after);
    after = this.read.latest(write, writeEnd, after);
    if (code === Op.LD) after = this.stored.latest(...pages(src1[at]!, n), after);
    else if (code === Op.ST) {
      after = this.stored.latest(...pages(dst[at]!, n), after);
      after = this.loaded.latest(...pages(dst[at]!, n), after);
    }
    const kind = kindOf(code, this.program.stage[at]!);
    // The first key from `after` on that is of this kind.
    const key = after + ((kind - (after % KINDS) + KINDS) % KINDS);
    this.read.raise(readA, readAEnd, key);
    this.read.raise(readB, readBEnd, key);
    this.written.raise(write, writeEnd, key);
    if (code === Op.LD) this.loaded.raise(...pages(src1[at]!, n), key);
    else if (code === Op.ST) this.stored.raise(...pages(dst[at]!, n), key);
    if (transfers) this.lastTransfer = key;
    if (key > this.most) this.most = key;
    return key;
  }

  /** Elements that an instruction writes from its target on. */
  private writes(at: number, code: number, n: number, times: number): number {
    if (code === Op.MVMUL) {
      const ag = this.program.ag[at]!;
      return this.ags.columnEnd[ag]! - this.ags.columnStart[ag]!;
    }
    if (code === Op.LMV) return n * times;
    return code === Op.VDOT ? times : n;
  }
}

function kindOf(code: number, stage: number): number {
  if (code === Op.LD) return LOAD;
  if (code === Op.ST) return STORE;
  if (code === Op.MVMUL) return PRODUCT;
  // Copies and zeros that make up the input of a product.
  return (code === Op.LMV || code === Op.LLDI) && stage === Stage.MAIN ? PRODUCT : VECTOR;
}

function pages(address: number, elements: number): [from: number, to: number] {
  return [address >> PAGE_BITS, ((address + elements - 1) >> PAGE_BITS) + 1];
}
