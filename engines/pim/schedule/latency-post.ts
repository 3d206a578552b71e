import { FUNCTIONS, Op, type OpCode, Stage } from '../program/types.ts';
import { loadPixel } from './latency-copies.ts';
import type { LatencyMachine } from './latency-machine.ts';
import { MatmulRunner } from './latency-matmul.ts';
import type { Operand, Piece, Unit, Work } from './latency-types.ts';
import { type At, pointwise } from './latency-vector.ts';

const ELEMENTWISE: Record<'add' | 'sub' | 'mul' | 'div' | 'max' | 'min', OpCode> = {
  add: Op.VVADD,
  sub: Op.VVSUB,
  mul: Op.VVMUL,
  div: Op.VVDIV,
  max: Op.VVMAX,
  min: Op.VVMIN,
};

/** A layer without weights: makes a pixel at its home core from copies that are there. */
export class PostRunner {
  readonly unit: Unit;
  /** Windows whose inputs have arrived since the last round. */
  ready: number[] = [];
  left: number;
  private readonly machine: LatencyMachine;
  /** As the released program writes it: sums start from zeros, averages multiply by a vector. */
  private readonly released: boolean;
  private readonly under: Int32Array;
  /** Local address of the layer's constants by core, -1 where they are not loaded. */
  private readonly constants: Int32Array;
  private readonly matmul?: MatmulRunner;

  constructor(machine: LatencyMachine, unit: Unit, released: boolean) {
    this.machine = machine;
    this.unit = unit;
    this.released = released;
    this.left = unit.pixels;
    const need = unit.operands[0]?.need;
    this.under = new Int32Array(need?.how === 'window' ? need.pixels.positions : 0);
    this.constants = new Int32Array(machine.heaps.length).fill(-1);
    if (unit.work.do === 'matmul') this.matmul = new MatmulRunner(machine, unit, unit.work.spec);
  }

  /** Counts the uses of every operand's copies. */
  countUses(): void {
    const { unit } = this;
    for (const [index, operand] of unit.operands.entries()) {
      const { store, from } = operand;
      if (store.isBlock) {
        for (const core of new Set(unit.home)) store.uses[store.slot(core, store.lowest, store.highest)]!.fill(1);
        continue;
      }
      for (let window = 0; window < unit.pixels; window++) {
        const uses = store.uses[store.slot(unit.home[window]!, 0, from.channels)]!;
        this.eachPixel(index, window, (pixel) => {
          uses[pixel] = uses[pixel]! + 1;
        });
      }
    }
  }

  /** Writes the window; answers with the local address of the result. */
  make(window: number): number {
    this.left--;
    const { unit, machine } = this;
    const core = unit.home[window]!;
    const at: At = { core, stage: Stage.POST, layer: unit.layer, window };
    this.load(core, window);
    const out = machine.heaps[core]!.allocate(unit.channels);
    this.compute(unit.work, at, out);
    if (unit.activation) pointwise(machine, at, unit.activation, out, out, unit.channels);
    return out;
  }

  private compute(work: Work, at: At, out: number): void {
    switch (work.do) {
      case 'pool':
        this.pool(work, at, out);
        return;
      case 'eltwise':
        if (this.released) this.sumUp(work.how, at, out);
        else this.combine(work, at, out);
        return;
      case 'concat':
        this.concat(at, out);
        return;
      case 'activation':
        pointwise(this.machine, at, work.spec, out, this.addressOf(0, at), this.unit.channels);
        this.release(at);
        return;
      case 'shuffle':
        this.shuffle(work.groups, at, out);
        return;
      case 'gather':
        this.gather(work, at, out);
        return;
      case 'softmax':
        this.softmax(work.parts, at, out);
        return;
      case 'normalise':
        this.normalise(work, at, out);
        return;
      case 'reduce':
        this.reduce(work, at, out);
        return;
      case 'matmul':
        this.matmul!.make(at, out, this.addressOf(0, at));
        this.releaseOperand(0, at);
        return;
      case 'zeros':
        this.machine.fill(at.core, Stage.POST, at.layer, out, this.unit.channels, 0, false);
        this.release(at);
        return;
      default:
        throw new Error(`a unit that does ${work.do} is no post operation`);
    }
  }

  private pool(work: Work & { do: 'pool' }, at: At, out: number): void {
    const { machine, unit, released } = this;
    const { kind } = work;
    const n = unit.channels;
    const op = kind.method === 'max' ? Op.VVMAX : Op.VVADD;
    const pixels: number[] = [];
    this.eachPixel(0, at.window, (pixel) => pixels.push(pixel));
    const divisor = kind.countPadding ? this.under.length : pixels.length;
    const address = (pixel: number) => this.copyAt(0, at, pixel);
    for (let index = 0; index < pixels.length; index++) {
      const pixel = pixels[index]!;
      if (index === 0) {
        if (released || pixels.length === 1) machine.copy(at.core, Stage.POST, at.layer, out, address(pixel), n, false);
      } else {
        const first = index === 1 && !released ? address(pixels[0]!) : out;
        machine.vector(at.core, op, Stage.POST, at.layer, at.window, out, first, address(pixel), n);
        if (index === 1 && !released) this.use(0, at, pixels[0]!);
      }
      if (kind.method === 'average' && index === pixels.length - 1) this.scale(at, out, 1 / divisor);
      if (released || index > 0 || pixels.length === 1) this.use(0, at, pixel);
    }
  }

  private scale(at: At, out: number, factor: number): void {
    const { machine, unit, released } = this;
    const n = unit.channels;
    if (!released) {
      machine.vector(at.core, Op.VMULI, Stage.POST, at.layer, at.window, out, out, -1, n, factor);
      return;
    }
    const heap = machine.heaps[at.core]!;
    const factors = heap.allocate(n);
    machine.fill(at.core, Stage.POST, at.layer, factors, n, factor, false);
    machine.vector(at.core, Op.VVMUL, Stage.POST, at.layer, at.window, out, out, factors, n);
    heap.free(factors, n);
  }

  /** The released program's manner: zeros, and every operand added to them. */
  private sumUp(how: string, at: At, out: number): void {
    const { machine, unit } = this;
    const n = unit.channels;
    machine.fill(at.core, Stage.POST, at.layer, out, n, 0, false);
    for (let index = 0; index < unit.operands.length; index++) {
      const op = how === 'sub' && index > 0 ? Op.VVSUB : Op.VVADD;
      machine.vector(at.core, op, Stage.POST, at.layer, at.window, out, out, this.addressOf(index, at), n);
      this.releaseOperand(index, at);
    }
  }

  private combine(work: Work & { do: 'eltwise' }, at: At, out: number): void {
    const { machine, unit } = this;
    const n = unit.channels;
    let sum = this.addressOf(0, at);
    let repeats = work.parts?.[0] ?? 1;
    for (let index = 1; index < unit.operands.length; index++) {
      this.apply(work.how, at, out, sum, this.addressOf(index, at), repeats, work.parts?.[index] ?? 1);
      sum = out;
      repeats = 1;
    }
    if (typeof work.constant === 'number') {
      this.applyNumber(work.how, at, out, sum, work.constant);
    } else if (work.constant !== undefined) {
      const constant = machine.heaps[at.core]!.allocate(n);
      this.loadConstant(at, constant, work.constant(at.window));
      this.apply(work.how, at, out, sum, constant);
      machine.heaps[at.core]!.free(constant, n);
    } else if (unit.operands.length === 1) {
      machine.copy(at.core, Stage.POST, at.layer, out, sum, n, false);
    }
    this.release(at);
  }

  private loadConstant(at: At, to: number, pieces: readonly Piece[]): void {
    const { machine } = this;
    const base = machine.layout.constants[at.layer]!;
    if (pieces.every((piece) => piece.repeats === 1)) {
      let dst = to;
      for (const piece of pieces) {
        machine.load(at.core, Stage.INPUT, at.layer, dst, base + piece.from, piece.length);
        dst += piece.length;
      }
      return;
    }
    // Global memory has no strides: all between the first and the last element is loaded, and sorted here.
    const first = Math.min(...pieces.map((piece) => piece.from));
    const last = Math.max(...pieces.map((piece) => piece.from + (piece.repeats - 1) * piece.stride + piece.length));
    const heap = machine.heaps[at.core]!;
    const loaded = heap.allocate(last - first);
    machine.load(at.core, Stage.INPUT, at.layer, loaded, base + first, last - first);
    let dst = to;
    for (const { from, length, stride, repeats } of pieces) {
      machine.gather(at.core, Stage.POST, at.layer, dst, loaded + from - first, length, stride, repeats);
      dst += length * repeats;
    }
    heap.free(loaded, last - first);
  }

  /** `repeatsA`, `repeatsB`: how often an operand is repeated over the pixel. */
  private apply(
    how: (Work & { do: 'eltwise' })['how'],
    at: At,
    out: number,
    a: number,
    b: number,
    repeatsA = 1,
    repeatsB = 1,
  ): void {
    if (how === 'pow') throw new Error('a power of two computed operands has no instruction');
    const n = this.unit.channels / Math.max(repeatsA, repeatsB);
    for (let from = 0; from < this.unit.channels; from += n) {
      const [first, second] = [a + (repeatsA > 1 ? from % n : from), b + (repeatsB > 1 ? from % n : from)];
      this.machine.vector(at.core, ELEMENTWISE[how], Stage.POST, at.layer, at.window, out + from, first, second, n);
    }
  }

  private applyNumber(how: (Work & { do: 'eltwise' })['how'], at: At, out: number, from: number, value: number): void {
    const { machine, unit } = this;
    const one = (op: OpCode, immediate: number, second = -1) =>
      machine.vector(at.core, op, Stage.POST, at.layer, at.window, out, from, second, unit.channels, immediate);
    if (how === 'add') one(Op.VADDI, value);
    else if (how === 'sub') one(Op.VADDI, -value);
    else if (how === 'mul') one(Op.VMULI, value);
    else if (how === 'div') one(Op.VMULI, 1 / value);
    else if (how === 'max') one(Op.VRSL, value);
    else if (how === 'min') one(Op.VRSU, value);
    else if (value === 2) one(Op.VVMUL, 0, from);
    else if (value === 0.5) one(Op.VFUN, FUNCTIONS.indexOf('sqrt'));
    else if (value === -1) one(Op.VFUN, FUNCTIONS.indexOf('reciprocal'));
    else throw new Error(`the power ${value} has no instruction`);
  }

  private concat(at: At, out: number): void {
    let offset = 0;
    for (let index = 0; index < this.unit.operands.length; index++) {
      const { from } = this.unit.operands[index]!;
      const source = this.addressOf(index, at);
      this.machine.copy(at.core, Stage.POST, at.layer, out + offset, source, from.channels, index > 0);
      offset += from.channels;
      this.releaseOperand(index, at);
    }
  }

  private shuffle(groups: number, at: At, out: number): void {
    const { machine, unit } = this;
    const each = unit.channels / groups;
    const from = this.addressOf(0, at);
    if (this.released) {
      for (let group = 0; group < groups; group++) {
        for (let channel = 0; channel < each; channel++)
          machine.copy(
            at.core,
            Stage.POST,
            at.layer,
            out + channel * groups + group,
            from + group * each + channel,
            1,
            false,
          );
      }
    } else {
      for (let channel = 0; channel < each; channel++)
        machine.gather(at.core, Stage.POST, at.layer, out + channel * groups, from + channel, 1, each, groups);
    }
    this.release(at);
  }

  private gather(work: Work & { do: 'gather' }, at: At, out: number): void {
    let to = out;
    for (const piece of work.pieces(at.window)) {
      const elements = piece.length * piece.repeats;
      if (piece.pixel < 0) this.machine.fill(at.core, Stage.POST, at.layer, to, elements, 0, true);
      else {
        const from = this.copyAt(piece.operand ?? 0, at, piece.pixel) + piece.from;
        this.machine.gather(at.core, Stage.POST, at.layer, to, from, piece.length, piece.stride, piece.repeats);
      }
      to += elements;
    }
    this.release(at);
  }

  private softmax(parts: number, at: At, out: number): void {
    const from = this.addressOf(0, at);
    const n = this.unit.channels / parts;
    for (let part = 0; part < parts; part++)
      this.machine.vector(
        at.core,
        Op.VSOFTMAX,
        Stage.POST,
        at.layer,
        at.window,
        out + part * n,
        from + part * n,
        -1,
        n,
      );
    this.release(at);
  }

  private normalise(work: Work & { do: 'normalise' }, at: At, out: number): void {
    const { machine, unit } = this;
    const n = unit.channels;
    const from = this.addressOf(0, at);
    const one = (op: OpCode, src: number, immediate = 0, second = -1) =>
      machine.vector(at.core, op, Stage.POST, at.layer, at.window, out, src, second, n, immediate);
    let source = out;
    if (work.how === 'layer') one(Op.VNORM, from, work.epsilon);
    else if (work.how === 'rms') one(Op.VRMS, from, work.epsilon);
    else if (work.how === 'lrn') one(Op.VLRN, from);
    else if (work.how === 'l2') {
      one(Op.VRMS, from);
      one(Op.VMULI, out, 1 / Math.sqrt(n));
    } else source = from;
    const { scale, shift } = work;
    const constants = scale || shift ? this.constantsAt(at, (scale ? n : 0) + (shift ? n : 0)) : -1;
    if (scale) {
      one(Op.VVMUL, source, 0, constants);
      source = out;
    }
    if (shift) one(Op.VVADD, source, 0, constants + (scale ? n : 0));
    else if (source === from) machine.copy(at.core, Stage.POST, at.layer, out, from, n, false);
    this.release(at);
  }

  private reduce(work: Work & { do: 'reduce' }, at: At, out: number): void {
    const { machine, unit } = this;
    const { how } = work;
    const op = how === 'max' ? Op.VVMAX : how === 'min' ? Op.VVMIN : Op.VVADD;
    if (work.across === 'pixels') {
      let count = 0;
      this.eachPixel(0, at.window, (pixel) => {
        const from = this.copyAt(0, at, pixel);
        if (count++ === 0) machine.copy(at.core, Stage.POST, at.layer, out, from, unit.channels, false);
        else machine.vector(at.core, op, Stage.POST, at.layer, at.window, out, out, from, unit.channels);
      });
      if (how === 'mean') this.scale(at, out, 1 / count);
      this.release(at);
      return;
    }
    const from = this.addressOf(0, at);
    const n = unit.operands[0]!.from.channels;
    const heap = machine.heaps[at.core]!;
    const work_ = heap.allocate(n);
    if (how === 'mean' || how === 'sum') {
      machine.fill(at.core, Stage.POST, at.layer, work_, n, how === 'mean' ? 1 / n : 1, false);
      machine.dot(at.core, at.layer, at.window, out, from, work_, n, n, 1);
    } else {
      machine.copy(at.core, Stage.POST, at.layer, work_, from, n, false);
      for (let left = n; left > 1; left = Math.ceil(left / 2)) {
        const half = Math.ceil(left / 2);
        const rest = left - half;
        machine.vector(at.core, op, Stage.POST, at.layer, at.window, work_, work_, work_ + half, rest);
      }
      machine.copy(at.core, Stage.POST, at.layer, out, work_, 1, false);
    }
    heap.free(work_, n);
    this.release(at);
  }

  /** The layer's constants in a core; loaded when they are first needed, and kept. */
  private constantsAt(at: At, elements: number): number {
    const known = this.constants[at.core]!;
    if (known >= 0) return known;
    const { machine } = this;
    const address = machine.heaps[at.core]!.allocate(elements);
    machine.load(at.core, Stage.BIAS, at.layer, address, machine.layout.constants[at.layer]!, elements);
    this.constants[at.core] = address;
    return address;
  }

  /** Loads those operands that come from global memory. */
  private load(core: number, window: number): void {
    for (const [index, { store, from }] of this.unit.operands.entries()) {
      if (from.work.do !== 'source' || store.isBlock) continue;
      const slot = store.slotOf[core]!;
      this.eachPixel(index, window, (pixel) => loadPixel(this.machine, store, slot, pixel, this.unit.layer));
    }
  }

  private eachPixel(index: number, window: number, each: (pixel: number) => void): void {
    const { need, from } = this.unit.operands[index]!;
    if (need.how === 'same') each(window);
    else if (need.how === 'all') for (let pixel = 0; pixel < from.pixels; pixel++) each(pixel);
    else if (need.how === 'listed')
      for (let at = need.start[window]!; at < need.start[window + 1]!; at++) each(need.pixel[at]!);
    else {
      need.pixels.pixelsOf(window, this.under);
      for (let position = 0; position < this.under.length; position++) {
        const pixel = this.under[position]!;
        if (pixel >= 0) each(pixel);
      }
    }
  }

  /** The address of the one pixel of an operand that the window reads. */
  private addressOf(index: number, at: At): number {
    const { need } = this.unit.operands[index]!;
    const pixel = need.how === 'listed' ? need.pixel[need.start[at.window]!]! : need.how === 'all' ? 0 : at.window;
    return this.copyAt(index, at, pixel);
  }

  private copyAt(index: number, at: At, pixel: number): number {
    const { store } = this.unit.operands[index] as Operand;
    const slot = store.slotOf[at.core]!;
    return store.address[slot]![pixel]! - store.low[slot]!;
  }

  private use(index: number, at: At, pixel: number): void {
    const { store } = this.unit.operands[index] as Operand;
    this.machine.used(store, store.slotOf[at.core]!, pixel);
  }

  private releaseOperand(index: number, at: At): void {
    this.eachPixel(index, at.window, (pixel) => this.use(index, at, pixel));
  }

  private release(at: At): void {
    for (let index = 0; index < this.unit.operands.length; index++) this.releaseOperand(index, at);
  }
}
