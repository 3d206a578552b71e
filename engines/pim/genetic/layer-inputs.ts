import { type Clock, type Costs, Step } from './clock.ts';
import type { LayerShape } from './shapes.ts';

/** Elements that short loads of a round are gathered into (released program). */
const GATHERED = 64;

/** Beyond the elements of an array group's inputs: number of the group and place in it share one number. */
const LOCAL = 2 ** 20;

/** Beyond any place in a round's list: address and place share one number. */
const PLACE = 2 ** 24;

const Kind = { FILL: 0, COPY: 1, LOAD: 2, MVM: 3, VECTOR: 4 } as const;

/**
 * What a core does for one layer in one round of throughput mode, until it goes into the clock: loads of what the core has
 * not loaded in this round, copies of what it has, padding, products and sums. As in the released program, pieces that lie
 * side by side are one operation, and loads shorter than 64 elements are gathered, in order of address, into loads of 64
 * from which they are copied.
 */
export class LayerInputs {
  private core = 0;
  private round = 0;
  private length = 0;
  /** Three numbers an operation: kind, and address and elements, or its one argument. */
  private ops = new Int32Array(3 * 64);
  /** By address: the round in which it was loaded last, how many elements, and where to. */
  private readonly loadedIn: Int32Array;
  private readonly loadedCount: Int32Array;
  private readonly loadedTo: Float64Array;
  /** Short loads, address and place in one number, and what becomes of them by place. */
  private short = new Float64Array(64);
  private slots = new Int32Array(0);
  private readonly elements: number;

  constructor(
    private readonly shape: LayerShape,
    private readonly clock: Clock,
    private readonly costs: Costs,
  ) {
    const { input, starts, isConv } = shape;
    const addresses = isConv ? input.rows * input.columns * starts.length : 0;
    this.loadedIn = new Int32Array(addresses);
    this.loadedCount = new Int32Array(addresses);
    this.loadedTo = new Float64Array(addresses);
    this.elements = input.rows * input.columns * input.channels;
  }

  /** A core begins its round. */
  begin(core: number): void {
    this.core = core;
    this.round++;
    this.length = 0;
  }

  /** Inputs and product of one array group (its number in the mapping, and its slice of the replica) for one window. */
  multiply(ag: number, slice: number, window: number): void {
    const { pieces } = this.shape.slices[slice]!;
    if (this.shape.isConv) this.prepare(ag, pieces, window);
    else this.push(Kind.LOAD, window * this.shape.input.channels + this.shape.starts[pieces[1]!]!, pieces[2]!);
    this.push(Kind.MVM, ag, 0);
  }

  vector(ns: number): void {
    this.push(Kind.VECTOR, ns, 0);
  }

  private prepare(ag: number, pieces: Int32Array, window: number): void {
    const { input, offsets, step, outputColumns, starts } = this.shape;
    const { loadedIn, loadedCount, loadedTo, round } = this;
    const row = Math.floor(window / outputColumns);
    const top = row * step.rows;
    const left = (window - row * outputColumns) * step.columns;
    let to = ag * LOCAL;
    let before = -1;
    let sourceEnd = -1;
    for (let at = 0; at < pieces.length; at += 3) {
      const position = pieces[at]!;
      const count = pieces[at + 2]!;
      const y = top + offsets[2 * position]!;
      const x = left + offsets[2 * position + 1]!;
      let kind: number = Kind.FILL;
      let source = 0;
      if (y >= 0 && y < input.rows && x >= 0 && x < input.columns) {
        const pixel = y * input.columns + x;
        const address = pixel * starts.length + pieces[at + 1]!;
        if (loadedIn[address] === round && loadedCount[address] === count) {
          kind = Kind.COPY;
          source = loadedTo[address]!;
        } else {
          kind = Kind.LOAD;
          source = pixel * input.channels + starts[pieces[at + 1]!]!;
          loadedIn[address] = round;
          loadedCount[address] = count;
          loadedTo[address] = to;
        }
      }
      if (kind === before && (kind === Kind.FILL || source === sourceEnd)) this.ops[this.length - 1]! += count;
      else this.push(kind, source, count);
      before = kind;
      sourceEnd = source + count;
      to += count;
    }
  }

  private push(kind: number, argument: number, count: number): void {
    if (this.length + 3 > this.ops.length) {
      const wider = new Int32Array(this.ops.length * 2);
      wider.set(this.ops);
      this.ops = wider;
    }
    this.ops[this.length++] = kind;
    this.ops[this.length++] = argument;
    this.ops[this.length++] = count;
  }

  /** The core has done its round: gathers the short loads and hands everything to the clock. */
  end(): void {
    const { ops, length, clock, core, costs } = this;
    const gathered = this.gather();
    for (let at = 0; at < length; at += 3) {
      const argument = ops[at + 1]!;
      const count = ops[at + 2]!;
      switch (ops[at]) {
        case Kind.FILL:
          clock.push(core, Step.PREPARE, costs.fillNs(count));
          break;
        case Kind.COPY:
          clock.push(core, Step.PREPARE, costs.copyNs(count));
          break;
        case Kind.LOAD: {
          if (!gathered || count >= GATHERED) clock.push(core, Step.LOAD, costs.loadSlots(count));
          else {
            if (this.slots[at]! > 0) clock.push(core, Step.LOAD, this.slots[at]!);
            clock.push(core, Step.PREPARE, costs.copyNs(count));
          }
          break;
        }
        case Kind.MVM:
          clock.push(core, Step.MVM, argument);
          break;
        default:
          clock.push(core, Step.VECTOR, argument);
      }
    }
  }

  /**
   * Into `slots`, by place of a short load: the slots that the load takes for all of its 64 elements, 0 where another one
   * does it. False where no load is short.
   */
  private gather(): boolean {
    const { ops, length } = this;
    let count = 0;
    for (let at = 0; at < length; at += 3) {
      if (ops[at] !== Kind.LOAD || ops[at + 2]! >= GATHERED) continue;
      if (count === this.short.length) {
        const wider = new Float64Array(count * 2);
        wider.set(this.short);
        this.short = wider;
      }
      this.short[count++] = ops[at + 1]! * PLACE + at;
    }
    if (count === 0) return false;
    if (this.slots.length < length) this.slots = new Int32Array(this.ops.length);
    const { short, slots } = this;
    short.subarray(0, count).sort();
    let from = Number.NEGATIVE_INFINITY;
    let first = -1;
    for (let index = 0; index < count; index++) {
      const address = Math.floor(short[index]! / PLACE);
      const at = short[index]! - address * PLACE;
      if (address + ops[at + 2]! - from > GATHERED) {
        from = address;
        first = at;
        slots[at] = this.costs.loadSlots(Math.min(GATHERED, this.elements - from));
      } else if (at < first) {
        slots[at] = slots[first]!;
        slots[first] = 0;
        first = at;
      } else slots[at] = 0;
    }
    return true;
  }
}
