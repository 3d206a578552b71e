import type { Hardware } from '../hardware.ts';
import { NetworkOnChip } from '../network-on-chip.ts';
import { Op, type Program, type Trace } from '../program/types.ts';
import type { Mapping } from '../types.ts';
import { vectorPasses } from './energy.ts';
import { EventQueue } from './event-queue.ts';
import { Scoreboard } from './scoreboard.ts';

/**
 * Instructions that an out-of-order core holds besides the products that its crossbars are at work on. PIMSIM-NN finds
 * little gain above 12 (facts 1.8).
 */
export const WINDOW = 16;

const NOBODY = -1;

/**
 * A chip that runs a program, event by event in the order of time.
 *
 * An instruction waits for the older ones of its core whose operands overlap with its own (or whose crossbars it uses),
 * then takes its unit. The matrix unit starts a product every `mvmIntervalNs`, and products of different array groups
 * overlap; the vector unit and the port of the local memory do one thing at a time; the chip's global memory and its
 * network serve first come, first served. Out-of-order cores look `WINDOW` instructions ahead (products at work do not
 * count) and issue whatever is ready. In-order cores start instructions in program order, and stand still in a synchronous
 * transfer. Synchronous: SEND and RECV meet and end together. Asynchronous: the sender goes on when the data has left, the
 * receiver when it has arrived and is stored.
 */
export class OwnMachine {
  /** Instructions that ended so far. */
  ended = 0;
  /** The end of the last instruction that ended. */
  timeNs = 0;
  readonly trace: Trace;
  private readonly program: Program;
  private readonly hardware: Hardware;
  private readonly queue = new EventQueue();
  private readonly network: NetworkOnChip;
  private readonly board: Scoreboard;
  private readonly inOrder: boolean;
  private readonly synchronous: boolean;
  private readonly coresPerChip: number;
  private readonly productNs: Float64Array;

  // By core.
  private readonly next: Int32Array;
  /** Out of order: instructions that count for the window. */
  private readonly held: Int32Array;
  /** In order: the place of the next instruction to start, which waits for others, or NOBODY. */
  private readonly pending: Int32Array;
  /** In order: in a synchronous transfer; and when the last instruction starts that has its unit only later. */
  private readonly standing: Uint8Array;
  private readonly notBefore: Float64Array;
  private readonly matrixFree: Float64Array;
  private readonly vectorFree: Float64Array;
  private readonly localFree: Float64Array;
  // By chip.
  private readonly globalFree: Float64Array;
  // By transfer: the place of the end that came first, and when an asynchronous one arrives.
  private readonly waiting: Int32Array;
  private readonly arrives: Float64Array;

  constructor(program: Program, mapping: Mapping, hardware: Hardware) {
    const { cores } = program;
    const { ags, layers } = mapping;
    this.program = program;
    this.hardware = hardware;
    this.network = new NetworkOnChip(hardware);
    this.inOrder = hardware.execution === 'in-order';
    this.synchronous = hardware.communication === 'synchronous';
    this.coresPerChip = hardware.cores.x * hardware.cores.y;
    this.trace = { startNs: new Float64Array(program.count), endNs: new Float64Array(program.count) };
    this.productNs = Float64Array.from(ags.mapped, (mapped) => {
      return (hardware.mvmLatencyNs * layers[mapped]!.activationBits) / hardware.activationBits;
    });
    const capacities = new Int32Array(cores).fill(WINDOW);
    for (const core of ags.core) if (core >= 0 && core < cores) capacities[core]! += 1;
    this.board = new Scoreboard(program, ags, capacities);
    this.next = program.coreStart.slice(0, cores);
    this.held = new Int32Array(cores);
    this.pending = new Int32Array(cores).fill(NOBODY);
    this.standing = new Uint8Array(cores);
    this.notBefore = new Float64Array(cores);
    this.matrixFree = new Float64Array(cores);
    this.vectorFree = new Float64Array(cores);
    this.localFree = new Float64Array(cores);
    this.globalFree = new Float64Array(hardware.chips.x * hardware.chips.y);
    this.waiting = new Int32Array(program.pairs).fill(NOBODY);
    this.arrives = new Float64Array(program.pairs).fill(-1);
    for (let core = 0; core < cores; core++) this.advance(core);
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
      if (queue.event >= 0) this.end(queue.event);
      else this.advance(-1 - queue.event);
    }
    return false;
  }

  private end(place: number): void {
    const { board } = this;
    const core = board.coreOf[place]!;
    const code = this.program.op[board.instruction[place]!]!;
    this.ended += 1;
    this.timeNs = this.queue.timeNs;
    board.leave(place);
    if (this.inOrder) {
      if (isTransfer(code)) this.standing[core] = 0;
    } else {
      if (code !== Op.MVMUL) this.held[core]! -= 1;
      // Issuing never takes anything from the board, so the list stays as it is.
      for (let i = 0; i < board.readyCount; i++) this.issue(board.ready[i]!, core);
    }
    this.advance(core);
  }

  /** Takes the next instructions of a core, as far as it can. */
  private advance(core: number): void {
    const { board } = this;
    const stop = this.program.coreStart[core + 1]!;
    if (this.inOrder) {
      for (;;) {
        let place = this.pending[core]!;
        if (this.standing[core] === 1 || this.queue.timeNs < this.notBefore[core]!) return;
        if (place === NOBODY) {
          if (this.next[core]! >= stop || board.isFull(core)) return;
          place = board.enter(this.next[core]!++, core);
          this.pending[core] = place;
        }
        if (board.waits[place] !== 0) return;
        this.pending[core] = NOBODY;
        const startNs = this.issue(place, core);
        if (startNs > this.queue.timeNs) {
          // It waits for its unit, and the next one for it.
          this.notBefore[core] = startNs;
          this.queue.push(startNs, -1 - core);
          return;
        }
      }
    }
    while (this.next[core]! < stop && this.held[core]! < WINDOW && !board.isFull(core)) {
      const place = board.enter(this.next[core]!++, core);
      this.held[core]! += 1;
      if (board.waits[place] === 0) this.issue(place, core);
    }
  }

  /** Books the unit of an instruction that may start; answers with the time at which it has it. */
  private issue(place: number, core: number): number {
    const { program, hardware } = this;
    const k = this.board.instruction[place]!;
    const code = program.op[k]!;
    const bytes = program.elements[k]! * program.elementBytes;
    const now = this.queue.timeNs;
    let start: number;
    let took: number;
    switch (code) {
      case Op.MVMUL:
        start = Math.max(now, this.matrixFree[core]!);
        took = this.productNs[program.ag[k]!]!;
        this.matrixFree[core] = start + hardware.mvmIntervalNs;
        // Handed to the crossbars: its place in the window is free again.
        if (!this.inOrder) this.held[core]! -= 1;
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
        if (this.inOrder && this.synchronous) this.standing[core] = 1;
        this.meet(place, k, core, code === Op.SEND, bytes);
        return now;
      default: {
        const { bytesPerStep, stepNs } = hardware.vector;
        const passes = code === Op.VDOT ? program.repeats[k]! : vectorPasses(code);
        start = Math.max(now, this.vectorFree[core]!);
        took = Math.ceil(bytes / bytesPerStep) * stepNs * passes;
        this.vectorFree[core] = start + took;
      }
    }
    this.trace.startNs[k] = start;
    this.finish(place, k, start + took);
    return start;
  }

  private meet(place: number, k: number, core: number, sends: boolean, bytes: number): void {
    const { board, trace, network } = this;
    const pair = this.program.pair[k]!;
    const now = this.queue.timeNs;
    const other = this.waiting[pair]!;
    if (this.synchronous) {
      if (other === NOBODY) {
        this.waiting[pair] = place;
        return;
      }
      const partner = board.coreOf[other]!;
      const its = board.instruction[other]!;
      const arrives = network.send(sends ? core : partner, sends ? partner : core, bytes, now);
      this.waiting[pair] = NOBODY;
      trace.startNs[its] = now;
      this.finish(place, k, arrives);
      this.finish(other, its, arrives);
      return;
    }
    if (sends) {
      this.arrives[pair] = network.send(core, this.program.peer[k]!, bytes, now);
      this.finish(place, k, network.departedNs);
      if (other !== NOBODY) this.receive(other, board.instruction[other]!, pair, bytes);
    } else if (this.arrives[pair]! >= 0) this.receive(place, k, pair, bytes);
    else this.waiting[pair] = place;
  }

  private receive(place: number, k: number, pair: number, bytes: number): void {
    const start = Math.max(this.queue.timeNs, this.arrives[pair]!);
    this.waiting[pair] = NOBODY;
    this.trace.startNs[k] = start;
    this.finish(place, k, start + bytes / this.hardware.localMemory.gbps);
  }

  private finish(place: number, k: number, atNs: number): void {
    this.trace.endNs[k] = atNs;
    this.queue.push(atNs, place);
  }

  private complain(): never {
    const pair = this.waiting.findIndex((place) => place !== NOBODY);
    if (pair < 0) throw new Error('The program stands still before its end.');
    const core = this.board.coreOf[this.waiting[pair]!]!;
    throw new Error(`Core ${core} waits for ever for the partner of transfer ${pair}.`);
  }
}

function isTransfer(op: number): boolean {
  return op === Op.SEND || op === Op.RECV;
}
