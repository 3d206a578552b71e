/**
 * A running design: its memory, its scheduler, and the general ways to read and write signals. Back ends write simple
 * cases themselves (see `kernel.ts`); whatever is forced, driven by several or of odd shape comes through here.
 */

import type { Problem } from '../../core/result.ts';
import type { At, Design, SignalId } from '../ir/types.ts';
import { wordsOf } from '../ir/words.ts';
import { copyBits, getBit } from './bits.ts';
import { Forces } from './force.ts';
import { Kernel, StopProcess, StopRun } from './kernel.ts';
import { elementCount, elementType, type FullLayout, initialise } from './layout.ts';
import type { Machine, PathHandle, SystemTasks, Value, Vec } from './machine.ts';
import { drivenAs, strengthText } from './strength.ts';
import type { SimEnd, SimSpec, VirtualFiles } from './types.ts';

export interface RuntimeHost {
  files: VirtualFiles;
  print(text: string): void;
  printError?(text: string): void;
}

export class Runtime implements Machine {
  readonly design: Design;
  readonly spec: SimSpec;
  readonly files: VirtualFiles;
  readonly layout: FullLayout;
  readonly words: Int32Array;
  readonly reals: Float64Array;
  readonly objects: unknown[];
  readonly kernel: Kernel;
  readonly forces: Forces;
  /** Which signal's storage a signal has. Listeners and writes go by it. */
  readonly canon: Int32Array;
  /** Set once the system tasks are made, before anything runs. */
  tasks: SystemTasks | undefined;
  /** Where execution stands. Back ends keep it up for whatever can fail, print or loop. */
  at: At | undefined;
  ended: SimEnd | undefined;
  readonly warnings: Problem[] = [];
  readonly paths: PathHandle[] = [];
  /** When each event object that is a named event was triggered last; -1: never. */
  readonly triggeredAt: Float64Array;
  /** By canon signal, from the plan of nets: some statement may force it. */
  forcible: Uint8Array | undefined;
  /** Strengths, for `%v` and for switches. Set once drivers are made. */
  drivers:
    | {
        strengthOf(signal: SignalId, bit: number, element?: number): string;
        keepsBits(canon: SignalId): boolean;
        hold(canon: SignalId, element: number, values: ReadonlyMap<number, number>): void;
      }
    | undefined;
  private printed = 0;
  private readonly host: RuntimeHost;
  private readonly isArray: Uint8Array;

  /** `driven`: by canon signal, defined where something drives it all the time. */
  constructor(
    design: Design,
    spec: SimSpec,
    layout: FullLayout,
    host: RuntimeHost,
    staticIds: number,
    driven: readonly unknown[] = [],
  ) {
    this.design = design;
    this.spec = spec;
    this.files = host.files;
    this.host = host;
    this.layout = layout;
    this.canon = layout.canon;
    this.words = new Int32Array(Math.max(1, layout.totalWords));
    this.reals = new Float64Array(Math.max(1, layout.totalReals));
    this.objects = new Array<unknown>(layout.totalObjects);
    this.kernel = new Kernel(this.words, layout.offset, layout.stride, staticIds);
    for (const signal of design.signals) if (signal.type.kind === 'array') this.kernel.isArray[signal.id] = 1;
    this.isArray = this.kernel.isArray;
    this.triggeredAt = new Float64Array(layout.totalEvents).fill(-1);
    for (let i = 0; i < layout.totalEvents; i++) this.kernel.newEvent();
    this.forces = new Forces(this);
    initialise(design, layout, this.words, this.reals, this.objects, driven);
    this.kernel.stepEvents = spec.limits.stepEvents;
    this.kernel.timeLimit = spec.limits.timeTicks ?? Number.POSITIVE_INFINITY;
    this.kernel.eventLimit = spec.limits.events ?? Number.POSITIVE_INFINITY;
  }

  // --------------------------------------------------------------------------------------------------- Machine

  now(): number {
    return this.kernel.now;
  }

  place(): At | undefined {
    return this.at;
  }

  print(text: string): void {
    if (this.mayPrint(text)) this.host.print(text);
  }

  printError(text: string): void {
    if (!this.mayPrint(text)) return;
    if (this.host.printError) this.host.printError(text);
    else this.host.print(text);
  }

  private mayPrint(text: string): boolean {
    this.printed += text.length;
    if (this.printed <= this.spec.limits.outputChars) return true;
    this.end({
      kind: 'limit',
      limit: 'outputChars',
      problem: {
        code: 'output-limit',
        severity: 'error',
        what: `The design printed more than the limit of ${this.spec.limits.outputChars} characters.`,
        remedy: 'Print less, or raise the limit.',
        where: this.at,
      },
    });
    return false;
  }

  end(end: SimEnd): void {
    const first = this.ended === undefined;
    if (first || end.kind === 'error' || end.kind === 'limit') this.ended = end;
    if (end.kind === 'finish') this.kernel.stopAfterStep();
    else this.kernel.stop();
  }

  /** To be called by processes after calls of system tasks: leaves the process where the run is about to end. */
  checkEnded(): void {
    if (this.kernel.stopped) throw new StopRun();
    if (this.ended !== undefined) throw new StopProcess();
  }

  /** A run-time error: the run ends with exit status 1. */
  fail(code: string, what: string, remedy?: string, where: At | undefined = this.at): void {
    this.end({ kind: 'error', problem: { code, severity: 'error', what, remedy, where } });
  }

  warn(problem: Problem): void {
    if (this.warnings.length < 1000) this.warnings.push(problem);
  }

  postpone(run: () => void): void {
    this.kernel.postpone(run);
  }

  after(ticks: number, run: () => void): void {
    this.kernel.runAfter(ticks, run);
  }

  watch(signal: SignalId, changed: (element?: number) => void): () => void {
    return this.kernel.hook(this.canon[signal]!, (element) => changed(element < 0 ? undefined : element));
  }

  read(signal: SignalId, element = 0): Value {
    const { type } = this.design.signals[signal]!;
    const one = elementType(type);
    const at = this.layout.offset[signal]!;
    if (one.kind === 'vector') return this.readVector(signal, element, one.width);
    if (one.kind === 'real') return this.reals[at + element]!;
    return this.objects[at + element] as Value;
  }

  readVector(signal: SignalId, element: number, width: number): Vec {
    const n = wordsOf(width);
    const at = this.layout.offset[signal]! + element * 2 * n;
    return { width, a: this.words.slice(at, at + n), b: this.words.slice(at + n, at + 2 * n) };
  }

  write(signal: SignalId, value: Value, element = 0): void {
    const one = elementType(this.design.signals[signal]!.type);
    if (one.kind === 'vector') this.storeBits(signal, element, 0, one.width, value as Vec, 0);
    else if (one.kind === 'real') this.storeReal(signal, element, value as number);
    else this.storeObject(signal, element, value);
  }

  /** As `%v` says it: St1, PuX, HiZ; bits of a vector from the highest on, joined by underscores. */
  strength(signal: SignalId | undefined, element: number | undefined, value: Vec): string {
    const bits: string[] = [];
    for (let bit = value.width - 1; bit >= 0; bit--) {
      if (signal !== undefined && this.drivers !== undefined) {
        bits.push(this.drivers.strengthOf(signal, bit, element));
        continue;
      }
      const logic = getBit(value.a, 0, bit) | (getBit(value.b, 0, bit) << 1);
      bits.push(strengthText(drivenAs(logic, 6, 6)));
    }
    return bits.join('_');
  }

  // ---------------------------------------------------------------------------------------------------- Stores

  /**
   * Bits [toBit, toBit + width) of an element take those of `value` from `fromBit` on; everything within range. What is
   * forced stays. Wakes whoever waits.
   */
  storeBits(signal: SignalId, element: number, toBit: number, width: number, value: Vec, fromBit: number): void {
    const canon = this.canon[signal]!;
    if (this.forces.holds(canon)) this.forces.store(canon, element, toBit, width, value, fromBit);
    else this.storeFree(canon, element, toBit, width, value, fromBit);
  }

  /** The same past all forces, for a signal that is its own canon. */
  storeFree(canon: SignalId, element: number, toBit: number, width: number, value: Vec, fromBit: number): void {
    const { words } = this;
    const stride = this.layout.stride[canon]!;
    const base = this.layout.offset[canon]! + element * stride;
    const plane = stride >> 1;
    const oldA = words[base]!;
    const oldB = words[base + plane]!;
    const limit = value.a.length;
    const a = copyBits(words, base, toBit, value.a, 0, limit, fromBit, width);
    const b = copyBits(words, base + plane, toBit, value.b, 0, limit, fromBit, width);
    if ((a || b) && this.kernel.flags[canon] !== 0) {
      if (this.isArray[canon] !== 0) this.kernel.notifyElement(canon, element);
      else this.kernel.notify(canon, oldA, oldB);
    }
  }

  storeReal(signal: SignalId, element: number, value: number): void {
    const canon = this.canon[signal]!;
    if (this.forces.holds(canon)) {
      this.forces.storePlain(canon, element, value);
      return;
    }
    this.storeRealFree(canon, element, value);
  }

  storeRealFree(canon: SignalId, element: number, value: number): void {
    const type = elementType(this.design.signals[canon]!.type);
    const next = type.kind === 'real' && type.short ? Math.fround(value) : value;
    const at = this.layout.offset[canon]! + element;
    if (Object.is(this.reals[at], next)) return;
    this.reals[at] = next;
    if (this.kernel.flags[canon] !== 0) this.kernel.notifyElement(canon, this.isArray[canon] !== 0 ? element : -1);
  }

  storeObject(signal: SignalId, element: number, value: Value): void {
    const canon = this.canon[signal]!;
    const at = this.layout.offset[canon]! + element;
    if (typeof value === 'string' && this.objects[at] === value) return;
    this.objects[at] = value;
    if (this.kernel.flags[canon] !== 0) this.kernel.notifyElement(canon, this.isArray[canon] !== 0 ? element : -1);
  }

  isForcible(canon: SignalId): boolean {
    return this.forcible !== undefined && this.forcible[canon] !== 0;
  }

  /** After a list or map was changed in place. */
  touched(signal: SignalId): void {
    const canon = this.canon[signal]!;
    if (this.kernel.flags[canon] !== 0) this.kernel.notifyElement(canon, -1);
  }

  // ---------------------------------------------------------------------------------------------------- Events

  /** The event object of a named event; undefined: the index is out of range. */
  eventId(signal: SignalId, index = 0): number | undefined {
    const canon = this.canon[signal]!;
    if (index < 0 || index >= elementCount(this.design.signals[canon]!.type)) return undefined;
    return this.layout.eventBase[canon]! + index;
  }

  trigger(event: number): void {
    this.triggeredAt[event] = this.kernel.now;
    this.kernel.fire(event);
  }
}
