import { Op, type Program } from '../program/types.ts';
import type { AgTable } from '../types.ts';
import { Operands } from './operands.ts';

const NONE = -1;

/**
 * Which instructions of a core are under way, and which of them wait for which. An instruction waits for every older one
 * under way that writes what it reads or writes, reads what it writes, or multiplies with its crossbars. Entries of a core
 * are places [first[core], first[core + 1]); waiting is kept as lists from the one waited for to those that wait.
 */
export class Scoreboard {
  /** First place of each core. */
  readonly first: Int32Array;
  /** By place: the instruction there. */
  readonly instruction: Int32Array;
  readonly coreOf: Int32Array;
  /** By place: how many older instructions it waits for. */
  readonly waits: Int32Array;
  /** By core: entries under way. */
  readonly under: Int32Array;
  /** Places that the last `leave` set free of waiting, oldest first; `readyCount` of them hold. */
  readonly ready: Int32Array;
  readyCount = 0;
  private readonly program: Program;
  private readonly operands: Operands;
  /** By core, from its first place on: the places in use, oldest first, then the free ones. */
  private readonly order: Int32Array;
  private readonly readA: Float64Array;
  private readonly readAEnd: Float64Array;
  private readonly readB: Float64Array;
  private readonly readBEnd: Float64Array;
  private readonly write: Float64Array;
  private readonly writeEnd: Float64Array;
  private readonly crossbars: Int32Array;
  // Lists of those that wait.
  private readonly firstEdge: Int32Array;
  private readonly lastEdge: Int32Array;
  private edgeTo = new Int32Array(1024);
  private edgeNext = new Int32Array(1024);
  private freeEdge = NONE;
  private edges = 0;

  /** `capacities`: by core, how many instructions can be under way at most. */
  constructor(program: Program, ags: AgTable, capacities: Int32Array) {
    this.program = program;
    this.operands = new Operands(program, ags);
    const cores = capacities.length;
    this.first = new Int32Array(cores + 1);
    for (let core = 0; core < cores; core++) this.first[core + 1] = this.first[core]! + capacities[core]!;
    const places = this.first[cores]!;
    this.order = Int32Array.from({ length: places }, (_, place) => place);
    this.coreOf = new Int32Array(places);
    for (let core = 0; core < cores; core++) this.coreOf.fill(core, this.first[core], this.first[core + 1]);
    this.under = new Int32Array(cores);
    this.instruction = new Int32Array(places);
    this.waits = new Int32Array(places);
    this.ready = new Int32Array(places);
    this.readA = new Float64Array(places);
    this.readAEnd = new Float64Array(places);
    this.readB = new Float64Array(places);
    this.readBEnd = new Float64Array(places);
    this.write = new Float64Array(places);
    this.writeEnd = new Float64Array(places);
    this.crossbars = new Int32Array(places);
    this.firstEdge = new Int32Array(places).fill(NONE);
    this.lastEdge = new Int32Array(places).fill(NONE);
  }

  isFull(core: number): boolean {
    return this.first[core]! + this.under[core]! === this.first[core + 1]!;
  }

  /** Enters the next instruction of a core that is not full; answers with its place. */
  enter(k: number, core: number): number {
    const { operands, order, readA, readAEnd, readB, readBEnd, write, writeEnd, crossbars } = this;
    const base = this.first[core]!;
    const end = base + this.under[core]!;
    const place = order[end]!;
    this.under[core]! += 1;
    operands.of(k);
    const a = operands.readA;
    const aEnd = operands.readAEnd;
    const b = operands.readB;
    const bEnd = operands.readBEnd;
    const w = operands.write;
    const wEnd = operands.writeEnd;
    const own = this.program.op[k] === Op.MVMUL ? this.program.ag[k]! : NONE;
    let waits = 0;
    for (let at = base; at < end; at++) {
      const older = order[at]!;
      const itsWrite = write[older]!;
      const itsWriteEnd = writeEnd[older]!;
      if (
        (a < itsWriteEnd && itsWrite < aEnd) ||
        (w < itsWriteEnd && itsWrite < wEnd) ||
        (w < readAEnd[older]! && readA[older]! < wEnd) ||
        (b < itsWriteEnd && itsWrite < bEnd) ||
        (w < readBEnd[older]! && readB[older]! < wEnd) ||
        (own >= 0 && crossbars[older] === own)
      ) {
        this.link(older, place);
        waits += 1;
      }
    }
    this.instruction[place] = k;
    this.waits[place] = waits;
    readA[place] = a;
    readAEnd[place] = aEnd;
    readB[place] = b;
    readBEnd[place] = bEnd;
    write[place] = w;
    writeEnd[place] = wEnd;
    crossbars[place] = own;
    return place;
  }

  /** Takes an ended instruction out; `ready` then lists those that wait for nothing any more. */
  leave(place: number): void {
    const { order, waits, edgeTo, edgeNext } = this;
    const core = this.coreOf[place]!;
    const base = this.first[core]!;
    const last = base + --this.under[core]!;
    let at = base;
    while (order[at] !== place) at += 1;
    for (; at < last; at++) order[at] = order[at + 1]!;
    order[last] = place;
    this.readyCount = 0;
    let edge = this.firstEdge[place]!;
    if (edge === NONE) return;
    while (edge !== NONE) {
      const waiting = edgeTo[edge]!;
      waits[waiting]! -= 1;
      if (waits[waiting] === 0) this.ready[this.readyCount++] = waiting;
      const next = edgeNext[edge]!;
      edgeNext[edge] = this.freeEdge;
      this.freeEdge = edge;
      edge = next;
    }
    this.firstEdge[place] = NONE;
    this.lastEdge[place] = NONE;
  }

  private link(older: number, younger: number): void {
    let edge = this.freeEdge;
    if (edge === NONE) {
      if (this.edges === this.edgeTo.length) this.grow();
      edge = this.edges++;
    } else this.freeEdge = this.edgeNext[edge]!;
    this.edgeTo[edge] = younger;
    this.edgeNext[edge] = NONE;
    const last = this.lastEdge[older]!;
    if (last === NONE) this.firstEdge[older] = edge;
    else this.edgeNext[last] = edge;
    this.lastEdge[older] = edge;
  }

  private grow(): void {
    const { edgeTo, edgeNext } = this;
    this.edgeTo = new Int32Array(edgeTo.length * 2);
    this.edgeTo.set(edgeTo);
    this.edgeNext = new Int32Array(edgeNext.length * 2);
    this.edgeNext.set(edgeNext);
  }
}
