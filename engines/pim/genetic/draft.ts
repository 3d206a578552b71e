import type { Genome } from './genome.ts';
import { usedCrossbars } from './genome.ts';
import type { Chip, LayerShape } from './shapes.ts';

/** Array groups of one replica (by their place in the layer's list) that lie in one core. */
export interface Portion {
  layer: number;
  replica: number;
  core: number;
  places: number[];
  crossbars: number;
}

/** A genome under change: keeps count of free crossbars, and copies a layer's list before it is first changed. */
export class Draft {
  readonly free: Int32Array;
  private readonly cores: number[][];
  private readonly owned: Set<number> = new Set();

  constructor(
    genome: Genome,
    readonly shapes: readonly LayerShape[],
    readonly chip: Chip,
  ) {
    this.cores = [...genome.cores];
    this.free = usedCrossbars(genome, shapes, chip).map((used) => chip.perCore - used);
  }

  /** What the draft has become. Shares unchanged lists with the genome that it came from. */
  genome(): Genome {
    return { cores: this.cores };
  }

  coresOf(layer: number): readonly number[] {
    return this.cores[layer]!;
  }

  replicas(layer: number): number {
    return this.cores[layer]!.length / this.shapes[layer]!.slices.length;
  }

  crossbarsAt(layer: number, place: number): number {
    const { slices } = this.shapes[layer]!;
    return slices[place % slices.length]!.crossbars;
  }

  /** Moves one array group; false (and nothing changed) where there is no room. */
  move(layer: number, place: number, core: number): boolean {
    const from = this.cores[layer]![place]!;
    if (from === core) return true;
    const crossbars = this.crossbarsAt(layer, place);
    if (this.free[core]! < crossbars) return false;
    this.free[core]! -= crossbars;
    this.free[from]! += crossbars;
    this.own(layer)[place] = core;
    return true;
  }

  movePortion(portion: Portion, core: number): boolean {
    if (portion.core === core) return true;
    if (this.free[core]! < portion.crossbars) return false;
    for (const place of portion.places) this.move(portion.layer, place, core);
    return true;
  }

  /** Two portions change cores; false (and nothing changed) where one of them has no room. */
  exchange(one: Portion, other: Portion): boolean {
    if (one.core === other.core) return false;
    if (this.free[one.core]! + one.crossbars < other.crossbars) return false;
    if (this.free[other.core]! + other.crossbars < one.crossbars) return false;
    const [onto, back] = [other.core, one.core];
    this.take(one);
    this.take(other);
    this.put(one, onto);
    this.put(other, back);
    return true;
  }

  /** Appends a replica whose array groups go to these cores; false where there is no room. */
  addReplica(layer: number, cores: readonly number[]): boolean {
    const shape = this.shapes[layer]!;
    if (this.replicas(layer) >= shape.maxReplicas) return false;
    const wanted = new Map<number, number>();
    for (const [at, core] of cores.entries()) wanted.set(core, (wanted.get(core) ?? 0) + shape.slices[at]!.crossbars);
    for (const [core, crossbars] of wanted) if (this.free[core]! < crossbars) return false;
    for (const [core, crossbars] of wanted) this.free[core]! -= crossbars;
    this.own(layer).push(...cores);
    return true;
  }

  /** Takes a layer off the chip, so that it can be placed anew: only `addReplica` may follow. */
  clear(layer: number): void {
    const { slices } = this.shapes[layer]!;
    for (const [at, core] of this.cores[layer]!.entries()) this.free[core]! += slices[at % slices.length]!.crossbars;
    this.cores[layer] = [];
    this.owned.add(layer);
  }

  /** Takes a replica out; false where it is the layer's only one. */
  dropReplica(layer: number, replica: number): boolean {
    if (this.replicas(layer) <= 1) return false;
    const { slices } = this.shapes[layer]!;
    const removed = this.own(layer).splice(replica * slices.length, slices.length);
    for (const [at, core] of removed.entries()) this.free[core]! += slices[at]!.crossbars;
    return true;
  }

  /** Puts a layer's replicas into another order: in latency mode that decides who computes which window. */
  reorder(layer: number, order: readonly number[]): void {
    const length = this.shapes[layer]!.slices.length;
    const cores = this.cores[layer]!;
    this.cores[layer] = order.flatMap((replica) => cores.slice(replica * length, (replica + 1) * length));
    this.owned.add(layer);
  }

  /** Everything in one core, in the mapping's order. */
  portionsIn(core: number): Portion[] {
    const found: Portion[] = [];
    for (const shape of this.shapes) {
      const cores = this.cores[shape.index]!;
      const length = shape.slices.length;
      let last: Portion | undefined;
      for (let at = cores.indexOf(core); at >= 0; at = cores.indexOf(core, at + 1)) {
        const replica = Math.floor(at / length);
        if (last?.replica !== replica) {
          last = { layer: shape.index, replica, core, places: [], crossbars: 0 };
          found.push(last);
        }
        last.places.push(at);
        last.crossbars += shape.slices[at % length]!.crossbars;
      }
    }
    return found;
  }

  /** The portions of one replica, by core as they come. */
  portionsOf(layer: number, replica: number): Portion[] {
    const { slices } = this.shapes[layer]!;
    const byCore = new Map<number, Portion>();
    for (let at = 0; at < slices.length; at++) {
      const place = replica * slices.length + at;
      const core = this.cores[layer]![place]!;
      const portion = byCore.get(core) ?? { layer, replica, core, places: [], crossbars: 0 };
      portion.places.push(place);
      portion.crossbars += slices[at]!.crossbars;
      byCore.set(core, portion);
    }
    return [...byCore.values()];
  }

  private take(portion: Portion): void {
    this.free[portion.core]! += portion.crossbars;
  }

  private put(portion: Portion, core: number): void {
    this.free[core]! -= portion.crossbars;
    const cores = this.own(portion.layer);
    for (const place of portion.places) cores[place] = core;
  }

  private own(layer: number): number[] {
    if (!this.owned.has(layer)) {
      this.cores[layer] = [...this.cores[layer]!];
      this.owned.add(layer);
    }
    return this.cores[layer]!;
  }
}
