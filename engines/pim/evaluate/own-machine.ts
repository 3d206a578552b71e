import type { Hardware } from '../hardware.ts';
import { NetworkOnChip } from '../network-on-chip.ts';
import { Op, type Program, type Trace } from '../program/types.ts';
import type { Mapping } from '../types.ts';
import { vectorPasses } from './energy.ts';
import { EventQueue } from './event-queue.ts';
import { Operands } from './operands.ts';

/** Instructions of a core in flight at once: its reorder buffer. PIMSIM-NN finds little gain above 12 (facts 1.8). */
export const WINDOW = 16;
const MASK = WINDOW - 1;

const WAITING = 0;
const ISSUED = 1;
const DONE = 2;

/**
 * A chip that runs a program, event by event in the order of time.
 *
 * Every core keeps the next `WINDOW` instructions. An instruction waits for the older ones whose operands overlap with its
 * own (or whose crossbars it uses), then takes its unit: the matrix unit starts a product every `mvmIntervalNs` and lets
 * products of different array groups overlap; the vector unit and the port of the local memory do one thing at a time; the
 * chip's global memory and its network serve first come, first served. Out-of-order cores issue whatever is ready;
 * in-order cores issue in program order, and stand still in a synchronous transfer. Synchronous: SEND and RECV meet and
 * end together. Asynchronous: the sender goes on when the data has left, the receiver when it has arrived and is stored.
 */
export class OwnMachine {
  /** Instructions that ended so far. */
  ended = 0;
  readonly trace: Trace;
  private readonly program: Program;
  private readonly hardware: Hardware;
  private readonly queue = new EventQueue();
  private readonly network: NetworkOnChip;
  private readonly operands: Operands;
  private readonly inOrder: boolean;
  private readonly synchronous: boolean;
  private readonly productNs: Float64Array;
  private nowNs = 0;

  // Of each core.
  private readonly head: Int32Array;
  private readonly tail: Int32Array;
  private readonly next: Int32Array;
  private readonly standing: Uint8Array;
  private readonly lastStart: Float64Array;
  private readonly matrixFree: Float64Array;
  private readonly vectorFree: Float64Array;
  private readonly localFree: Float64Array;
  private readonly globalFree: Float64Array;
  private readonly coresPerChip: number;

  // Of each place in a window.
  private readonly state: Uint8Array;
  private readonly waitsFor: Int32Array;
  private readonly wakes: Int32Array;
  private readonly readA: Float64Array;
  private readonly readAEnd: Float64Array;
  private readonly readB: Float64Array;
  private readonly readBEnd: Float64Array;
  private readonly write: Float64Array;
  private readonly writeEnd: Float64Array;
  private readonly group: Int32Array;

  // Of each transfer: the end that came first, its core, and when an asynchronous one arrives.
  private readonly first: Int32Array;
  private readonly firstCore: Int32Array;
  private readonly arrives: Float64Array;

  constructor(program: Program, mapping: Mapping, hardware: Hardware) {
    this.program = program;
    this.hardware = hardware;
    this.network = new NetworkOnChip(hardware);
    this.operands = new Operands(program, mapping.ags);
    this.inOrder = hardware.execution === 'in-order';
    this.synchronous = hardware.communication === 'synchronous';
    this.trace = { startNs: new Float64Array(program.count), endNs: new Float64Array(program.count) };
    this.productNs = Float64Array.from(mapping.ags.mapped, (mapped) => {
      return (hardware.mvmLatencyNs * mapping.layers[mapped]!.activationBits) / hardware.activationBits;
    });
    const { cores } = program;
    this.coresPerChip = hardware.cores.x * hardware.cores.y;
    this.head = program.coreStart.slice(0, cores);
    this.tail = program.coreStart.slice(0, cores);
    this.next = program.coreStart.slice(0, cores);
    this.standing = new Uint8Array(cores);
    this.lastStart = new Float64Array(cores);
    this.matrixFree = new Float64Array(cores);
    this.vectorFree = new Float64Array(cores);
    this.localFree = new Float64Array(cores);
    this.globalFree = new Float64Array(Math.max(hardware.chips.x * hardware.chips.y, 1));
    const places = cores * WINDOW;
    this.state = new Uint8Array(places);
    this.waitsFor = new Int32Array(places);
    this.wakes = new Int32Array(places);
    this.readA = new Float64Array(places);
    this.readAEnd = new Float64Array(places);
    this.readB = new Float64Array(places);
    this.readBEnd = new Float64Array(places);
    this.write = new Float64Array(places);
    this.writeEnd = new Float64Array(places);
    this.group = new Int32Array(places);
    this.first = new Int32Array(program.pairs).fill(-1);
    this.firstCore = new Int32Array(program.pairs);
    this.arrives = new Float64Array(program.pairs).fill(-1);
    for (let core = 0; core < cores; core++) this.fill(core);
  }

  /**
   * Runs up to `events` events; answers whether the program is done.
   * @throws where a SEND or RECV never meets its partner: the program is wrong.
   */
  run(events: number): boolean {
    const { queue } = this;
    for (let i = 0; i < events; i++) {
      if (queue.size === 0) {
        if (this.ended < this.program.count) this.complain();
        return true;
      }
      queue.pop();
      this.nowNs = queue.timeNs;
      this.end(queue.instruction, queue.core);
    }
    return false;
  }

  get timeNs(): number {
    return this.nowNs;
  }

  private end(k: number, core: number): void {
    const base = core * WINDOW;
    const place = base + (k & MASK);
    this.state[place] = DONE;
    this.ended += 1;
    if (this.standing[core] === 1 && isTransfer(this.program.op[k]!)) this.standing[core] = 0;
    const wakes = this.wakes[place]!;
    if (wakes !== 0) {
      for (let younger = k + 1; younger < this.tail[core]!; younger++) {
        if ((wakes & (1 << (younger & MASK))) === 0) continue;
        const its = base + (younger & MASK);
        this.waitsFor[its]! -= 1;
        if (!this.inOrder && this.waitsFor[its] === 0) this.issue(younger, core);
      }
    }
    let head = this.head[core]!;
    const tail = this.tail[core]!;
    while (head < tail && this.state[base + (head & MASK)] === DONE) head += 1;
    this.head[core] = head;
    this.fill(core);
  }

  /** Takes the next instructions into the window, and issues what may be issued. */
  private fill(core: number): void {
    const stop = Math.min(this.program.coreStart[core + 1]!, this.head[core]! + WINDOW);
    while (this.tail[core]! < stop) {
      const k = this.tail[core]!++;
      const waits = this.enter(k, core);
      if (!this.inOrder && waits === 0) this.issue(k, core);
    }
    if (!this.inOrder) return;
    const base = core * WINDOW;
    while (this.standing[core] === 0 && this.next[core]! < this.tail[core]!) {
      const k = this.next[core]!;
      if (this.waitsFor[base + (k & MASK)] !== 0) return;
      this.next[core] = k + 1;
      this.issue(k, core);
    }
  }

  /** Answers with the number of older instructions that `k` has to wait for. */
  private enter(k: number, core: number): number {
    const { operands, state, readA, readAEnd, readB, readBEnd, write, writeEnd, group } = this;
    const base = core * WINDOW;
    const place = base + (k & MASK);
    operands.of(k);
    const a = operands.readA;
    const aEnd = operands.readAEnd;
    const b = operands.readB;
    const bEnd = operands.readBEnd;
    const w = operands.write;
    const wEnd = operands.writeEnd;
    const crossbars = this.program.op[k] === Op.MVMUL ? this.program.ag[k]! : -1;
    const bit = 1 << (k & MASK);
    let waits = 0;
    for (let older = this.head[core]!; older < k; older++) {
      const its = base + (older & MASK);
      if (state[its] === DONE) continue;
      const itsWrite = write[its]!;
      const itsWriteEnd = writeEnd[its]!;
      if (
        (a < itsWriteEnd && itsWrite < aEnd) ||
        (b < itsWriteEnd && itsWrite < bEnd) ||
        (w < itsWriteEnd && itsWrite < wEnd) ||
        (w < readAEnd[its]! && readA[its]! < wEnd) ||
        (w < readBEnd[its]! && readB[its]! < wEnd) ||
        (crossbars >= 0 && group[its] === crossbars)
      ) {
        this.wakes[its]! |= bit;
        waits += 1;
      }
    }
    state[place] = WAITING;
    this.waitsFor[place] = waits;
    this.wakes[place] = 0;
    readA[place] = a;
    readAEnd[place] = aEnd;
    readB[place] = b;
    readBEnd[place] = bEnd;
    write[place] = w;
    writeEnd[place] = wEnd;
    group[place] = crossbars;
    return waits;
  }

  private issue(k: number, core: number): void {
    const { program, hardware } = this;
    this.state[core * WINDOW + (k & MASK)] = ISSUED;
    const now = this.inOrder ? Math.max(this.nowNs, this.lastStart[core]!) : this.nowNs;
    const code = program.op[k]!;
    const bytes = program.elements[k]! * program.elementBytes;
    let start: number;
    let took: number;
    switch (code) {
      case Op.MVMUL:
        start = Math.max(now, this.matrixFree[core]!);
        took = this.productNs[program.ag[k]!]!;
        this.matrixFree[core] = start + hardware.mvmIntervalNs;
        break;
      case Op.LD:
      case Op.ST: {
        const chip = Math.floor(core / this.coresPerChip);
        start = Math.max(now, this.globalFree[chip]!);
        took = bytes / hardware.globalMemory.gbps;
        this.globalFree[chip] = start + took;
        break;
      }
      case Op.LMV:
      case Op.LLDI:
        start = Math.max(now, this.localFree[core]!);
        took = ((code === Op.LMV ? 2 * program.repeats[k]! : 1) * bytes) / hardware.localMemory.gbps;
        this.localFree[core] = start + took;
        break;
      case Op.SEND:
      case Op.RECV:
        this.trace.startNs[k] = now;
        if (this.inOrder) {
          this.lastStart[core] = now;
          if (this.synchronous) this.standing[core] = 1;
        }
        this.meet(k, core, code === Op.SEND, bytes, now);
        return;
      default: {
        const { bytesPerStep, stepNs } = hardware.vector;
        const passes = code === Op.VDOT ? program.repeats[k]! : vectorPasses(code);
        start = Math.max(now, this.vectorFree[core]!);
        took = Math.ceil(bytes / bytesPerStep) * stepNs * passes;
        this.vectorFree[core] = start + took;
      }
    }
    this.lastStart[core] = start;
    this.trace.startNs[k] = start;
    this.finish(k, core, start + took);
  }

  private meet(k: number, core: number, sends: boolean, bytes: number, now: number): void {
    const pair = this.program.pair[k]!;
    const other = this.first[pair]!;
    const partner = this.firstCore[pair]!;
    if (this.synchronous) {
      if (other < 0) {
        this.first[pair] = k;
        this.firstCore[pair] = core;
        return;
      }
      const arrives = this.network.send(sends ? core : partner, sends ? partner : core, bytes, now);
      this.trace.startNs[other] = now;
      this.finish(k, core, arrives);
      this.finish(other, partner, arrives);
      return;
    }
    const storeNs = bytes / this.hardware.localMemory.gbps;
    if (sends) {
      const arrives = this.network.send(core, this.program.peer[k]!, bytes, now);
      this.finish(k, core, this.network.departedNs);
      this.arrives[pair] = arrives;
      if (other >= 0) this.receive(other, partner, arrives, storeNs);
    } else if (this.arrives[pair]! >= 0) {
      this.receive(k, core, Math.max(now, this.arrives[pair]!), storeNs);
    } else {
      this.first[pair] = k;
      this.firstCore[pair] = core;
    }
  }

  private receive(k: number, core: number, fromNs: number, storeNs: number): void {
    this.trace.startNs[k] = fromNs;
    this.finish(k, core, fromNs + storeNs);
  }

  private finish(k: number, core: number, atNs: number): void {
    this.trace.endNs[k] = atNs;
    this.queue.push(atNs, k, core);
  }

  private complain(): never {
    const { program } = this;
    for (let core = 0; core < program.cores; core++) {
      for (let k = this.head[core]!; k < this.tail[core]!; k++) {
        if (isTransfer(program.op[k]!) && this.state[core * WINDOW + (k & MASK)] === ISSUED)
          throw new Error(`Core ${core} waits for ever for the partner of transfer ${program.pair[k]}.`);
      }
    }
    throw new Error('The program stands still before its end.');
  }
}

function isTransfer(op: number): boolean {
  return op === Op.SEND || op === Op.RECV;
}
