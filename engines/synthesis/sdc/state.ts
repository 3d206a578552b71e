import type { Problem, Severity } from '../../core/result.ts';
import type { GateNetlist } from '../gates/types.ts';
import type { Library } from '../liberty/types.ts';
import type { Clock, Constraints, Edge, MinMaxEdges, TimingException, TimingPoint } from '../timing/types.ts';
import { DesignObjects, type SdcObject } from './objects.ts';
import type { Spot } from './tcl-words.ts';

/** A clock as far as the commands so far say. Its place among the clocks is its handle. */
export interface ClockDraft {
  clock: Clock;
  spot: Spot;
  sources: SdcObject[];
  /** Another took its place on its ports. */
  removed: boolean;
  /** Of a generated clock: where the master is to be sought, and its name if it is given. */
  derived?: { source: SdcObject; master?: string; combinational: boolean };
}

export interface DelayDraft {
  port: string;
  clock?: ClockDraft;
  clockEdge: Edge;
  delayNs: MinMaxEdges;
  line: number;
}

export interface ExceptionDraft {
  exception: TimingException;
  /** Tells whether a later one is given for the same paths. */
  key: string;
}

export interface GroupDraft {
  relation: 'asynchronous' | 'exclusive';
  groups: ClockDraft[][];
  line: number;
}

/** What the commands of one file build up. */
export class State {
  readonly design: GateNetlist;
  readonly library: Library;
  readonly objects: DesignObjects;
  readonly file: string;
  readonly problems: Problem[] = [];
  readonly clocks: ClockDraft[] = [];
  readonly inputDelays = new Map<string, DelayDraft>();
  readonly outputDelays = new Map<string, DelayDraft>();
  readonly inputTransitions = new Map<string, MinMaxEdges>();
  readonly drivingCells = new Map<string, Constraints['drivingCells'][string]>();
  readonly loads = new Map<string, number>();
  readonly caseValues = new Map<string, 0 | 1>();
  readonly groups: GroupDraft[] = [];
  readonly interClock = new Map<string, { from: ClockDraft; to: ClockDraft; setup?: number; hold?: number }>();
  exceptions: ExceptionDraft[] = [];
  wireLoad?: string;
  /** What a unit of the file is in ns, pF. */
  units = { timeNs: 1, capacitancePf: 1 };
  separator = '/';
  /** Takes from what a script may do; set by the reader. */
  spend: (amount: number, spot: Spot) => void = () => {};

  constructor(design: GateNetlist, library: Library, file: string) {
    this.design = design;
    this.library = library;
    this.file = file;
    this.objects = new DesignObjects(design);
  }

  say(severity: Exclude<Severity, 'error'>, code: string, what: string, spot: Spot, remedy?: string): void {
    const problem: Problem = { code, severity, what, where: { file: this.file, ...spot } };
    if (remedy !== undefined) problem.remedy = remedy;
    this.problems.push(problem);
  }

  clockNamed(name: string): ClockDraft | undefined {
    return this.clocks.find((draft) => !draft.removed && draft.clock.name === name);
  }

  living(): ClockDraft[] {
    return this.clocks.filter((draft) => !draft.removed);
  }

  /** Clocks that enter at a port or pin. */
  clocksAt(object: SdcObject): ClockDraft[] {
    return this.living().filter((draft) => draft.sources.some((source) => same(source, object)));
  }

  nameOf(object: SdcObject): string {
    return object.kind === 'clock' ? this.clocks[object.clock]!.clock.name : this.objects.nameOf(object);
  }

  pointOf(object: SdcObject): TimingPoint {
    if (object.kind !== 'port' && object.kind !== 'pin') throw new Error(`a ${object.kind} is no point`);
    return this.objects.pointOf(object);
  }

  /** The net at a port or pin; negative for constants and open pins. */
  netAt(object: SdcObject): number {
    if (object.kind === 'port') return this.design.ports[object.port]!.net;
    if (object.kind === 'pin') return this.design.instances[object.instance]!.pins[object.pin]!;
    return object.kind === 'net' ? object.net : -3;
  }
}

export function same(a: SdcObject, b: SdcObject): boolean {
  if (a.kind === 'port') return b.kind === 'port' && a.port === b.port;
  if (a.kind === 'pin') return b.kind === 'pin' && a.instance === b.instance && a.pin === b.pin;
  if (a.kind === 'cell') return b.kind === 'cell' && a.instance === b.instance;
  if (a.kind === 'net') return b.kind === 'net' && a.net === b.net;
  return b.kind === 'clock' && a.clock === b.clock;
}

export function allEdges(value: number): MinMaxEdges {
  return { minRise: value, minFall: value, maxRise: value, maxFall: value };
}

/** Which of the four a command speaks of: -min or -max or both, -rise or -fall or both. */
export function slots(of: { min: boolean; max: boolean; rise: boolean; fall: boolean }): (keyof MinMaxEdges)[] {
  const out: (keyof MinMaxEdges)[] = [];
  const [min, max] = of.min === of.max ? [true, true] : [of.min, of.max];
  const [rise, fall] = of.rise === of.fall ? [true, true] : [of.rise, of.fall];
  if (min && rise) out.push('minRise');
  if (min && fall) out.push('minFall');
  if (max && rise) out.push('maxRise');
  if (max && fall) out.push('maxFall');
  return out;
}
