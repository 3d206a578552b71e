import { SlotBus } from '../evaluate/slots.ts';
import type { Hardware } from '../hardware.ts';

/**
 * What the fitness models make of a program: only what takes time, in the words of the released evaluator's clock (the
 * docstring of `walkReference` tells it), neighbouring costs added up. Two whole numbers an operation.
 */
export const Step = {
  /** Inputs prepared locally (copies, padding): nanoseconds on the input time line. */
  PREPARE: 0,
  /** Load from global memory: bus slots. */
  LOAD: 1,
  /** Product of the array group with this number. */
  MVM: 2,
  /** Vector unit: nanoseconds. */
  VECTOR: 3,
  /** Addition of a received sum: nanoseconds; moves the last meeting too. */
  ADD_RECEIVED: 4,
  STORE: 5,
  /** Meeting of the two cores that name this pair. */
  TRANSFER: 6,
} as const;

/** Cores of a chip: a constant of the released program (facts 1.7). */
const CORES_PER_CHIP = 144;

/** Runs one instruction group after the other, each from streams of steps by core, by the released evaluator's clock. */
export class Clock {
  /** When each core is done so far, in ns. */
  readonly now: Float64Array;
  /** Steps run so far: what a fitness costs. */
  steps = 0;
  /** Slots booked on the buses to the global memories. */
  memorySlots = 0;
  private readonly streams: Int32Array[];
  private readonly filled: Int32Array;
  private readonly at: Int32Array;
  private readonly inputs: Float64Array;
  private readonly prepared: Float64Array;
  private readonly lastMvm: Float64Array;
  private readonly lastMeeting: Float64Array;
  private readonly multiplied: Uint8Array;
  private readonly agStart: Float64Array;
  private readonly bus: SlotBus[];
  private readonly memory: SlotBus[];
  private pairSlots = new Int32Array(256);
  private pairCore = new Int32Array(256);
  private pairs = 0;
  private stack = new Int32Array(256);

  constructor(
    private readonly cores: number,
    ags: number,
    private readonly mvmNs: number,
    private readonly intervalNs: number,
  ) {
    this.now = new Float64Array(cores);
    this.streams = Array.from({ length: cores }, () => new Int32Array(128));
    this.filled = new Int32Array(cores);
    this.at = new Int32Array(cores);
    this.inputs = new Float64Array(cores);
    this.prepared = new Float64Array(cores);
    this.lastMvm = new Float64Array(cores);
    this.lastMeeting = new Float64Array(cores);
    this.multiplied = new Uint8Array(cores);
    this.agStart = new Float64Array(ags);
    const chips = Math.ceil(cores / CORES_PER_CHIP) || 1;
    this.bus = Array.from({ length: chips }, () => new SlotBus());
    this.memory = Array.from({ length: chips }, () => new SlotBus());
  }

  /** Appends a step to a core's stream of this group; costs that follow each other on one time line are added up. */
  push(core: number, step: number, argument: number): void {
    const filled = this.filled[core]!;
    let stream = this.streams[core]!;
    if (filled > 0 && (step === Step.VECTOR || step === Step.PREPARE) && stream[filled - 2] === step) {
      stream[filled - 1]! += argument;
      return;
    }
    if (filled + 2 > stream.length) {
      const wider = new Int32Array(stream.length * 2);
      wider.set(stream);
      this.streams[core] = wider;
      stream = wider;
    }
    stream[filled] = step;
    stream[filled + 1] = argument;
    this.filled[core] = filled + 2;
  }

  /** Steps in a core's stream of this group. */
  lengthOf(core: number): number {
    return this.filled[core]! >> 1;
  }

  /** Lengthens the last step of a core's stream. */
  lengthen(core: number, argument: number): void {
    this.streams[core]![this.filled[core]! - 1]! += argument;
  }

  /** A transfer between two cores that takes so many slots of the bus. */
  transfer(from: number, to: number, slots: number): void {
    const pair = this.pairs++;
    if (pair >= this.pairSlots.length) {
      this.pairSlots = doubled(this.pairSlots);
      this.pairCore = doubled(this.pairCore);
      this.stack = doubled(this.stack);
    }
    this.pairSlots[pair] = slots;
    this.pairCore[pair] = -1;
    this.push(from, Step.TRANSFER, pair);
    this.push(to, Step.TRANSFER, pair);
  }

  /** Runs the streams, which are empty afterwards. */
  runGroup(): void {
    const { cores, at, filled, multiplied, stack } = this;
    at.fill(0);
    multiplied.fill(0);
    let visited = 1;
    let depth = 0;
    let core = 0;
    for (;;) {
      const partner = this.run(core);
      if (partner >= 0) {
        stack[depth++] = core;
        core = partner;
      } else if (visited < cores) core = visited++;
      else if (depth > 0) core = stack[--depth]!;
      else break;
    }
    for (let each = 0; each < cores; each++) this.steps += filled[each]! >> 1;
    filled.fill(0);
    this.pairs = 0;
  }

  /** When the slowest core is done, in ns. */
  get timeNs(): number {
    let time = 0;
    for (let core = 0; core < this.cores; core++) time = Math.max(time, this.now[core]!);
    return time;
  }

  /** To the end of the group or to a partner that is missing (-1), or through a transfer (its partner). */
  private run(core: number): number {
    const stream = this.streams[core]!;
    const last = this.filled[core]!;
    const { mvmNs, intervalNs, now, inputs, prepared } = this;
    const chip = (core / CORES_PER_CHIP) | 0;
    let at = this.at[core]!;
    if (at >= last) return -1;
    for (; at < last; at += 2) {
      const argument = stream[at + 1]!;
      switch (stream[at]) {
        case Step.PREPARE:
          inputs[core]! += argument;
          prepared[core]! += argument;
          break;
        case Step.LOAD: {
          this.memorySlots += argument;
          const took = this.memory[chip]!.book(inputs[core]!, argument);
          const until = inputs[core]! + took;
          inputs[core] = until;
          prepared[core]! += took;
          if (until > now[core]!) now[core] = until;
          break;
        }
        case Step.MVM: {
          let start: number;
          if (this.multiplied[core]) {
            const before = this.lastMvm[core]!;
            start = Math.max(before + intervalNs, inputs[core]!);
            const again = this.agStart[argument]!;
            if (again !== 0 && again + mvmNs > start) start = again + mvmNs;
            if (start < this.lastMeeting[core]!) start = this.lastMeeting[core]! + prepared[core]!;
            now[core] = start + mvmNs;
          } else {
            this.multiplied[core] = 1;
            start = inputs[core]!;
            now[core]! += mvmNs;
          }
          this.agStart[argument] = start;
          this.lastMvm[core] = start;
          prepared[core] = 0;
          break;
        }
        case Step.VECTOR:
          now[core]! += argument;
          break;
        case Step.ADD_RECEIVED:
          now[core]! += argument;
          this.lastMeeting[core]! += argument;
          break;
        case Step.STORE:
          this.memorySlots += argument;
          now[core]! += this.memory[chip]!.book(now[core]!, argument);
          break;
        default: {
          this.at[core] = at;
          const partner = this.pairCore[argument]!;
          if (partner === core) return -1;
          if (partner < 0) {
            this.pairCore[argument] = core;
            return -1;
          }
          this.meet(core, partner, argument);
          return partner;
        }
      }
    }
    this.at[core] = last;
    this.close(core);
    return -1;
  }

  private meet(core: number, partner: number, pair: number): void {
    const { now, lastMeeting, at, filled } = this;
    const later = Math.max(now[core]!, now[partner]!);
    lastMeeting[core] = later;
    lastMeeting[partner] = later;
    const took = this.bus[(core / CORES_PER_CHIP) | 0]!.book(later, this.pairSlots[pair]!);
    now[core] = later + took;
    now[partner] = later + took;
    at[core]! += 2;
    at[partner]! += 2;
    if (at[core] === filled[core]) this.close(core);
    if (at[partner] === filled[partner]) this.close(partner);
  }

  private close(core: number): void {
    this.inputs[core] = this.now[core]!;
    this.prepared[core] = 0;
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(array.length * 2);
  wider.set(array);
  return wider;
}

/** Times of single operations in whole nanoseconds and bus slots, as the released evaluator rounds them. */
export interface Costs {
  elementBytes: number;
  loadSlots(elements: number): number;
  transferSlots(elements: number): number;
  copyNs(elements: number): number;
  fillNs(elements: number): number;
  vectorNs(elements: number): number;
}

export function costsOf(hardware: Hardware): Costs {
  const elementBytes = Math.ceil(hardware.activationBits / 8);
  const slots = (gbps: number) => (elements: number) => Math.ceil((elements * elementBytes) / gbps);
  const fillNs = slots(hardware.localMemory.gbps);
  const { bytesPerStep, stepNs } = hardware.vector;
  return {
    elementBytes,
    loadSlots: slots(hardware.globalMemory.gbps),
    transferSlots: slots(hardware.network.busGBps),
    copyNs: (elements) => 2 * fillNs(elements),
    fillNs,
    vectorNs: (elements) => Math.ceil((elements * elementBytes) / bytesPerStep) * stepNs,
  };
}
