import type { Random } from '../../core/random.ts';
import { mostTogether, placeBundles, structuresOf } from './bundles.ts';
import type { Draft, Portion } from './draft.ts';

/** What moves may look at besides the mapping: when each core is done. */
export interface MoveNotes {
  coreNs: readonly number[];
}

/** Changes a draft, or answers with false and leaves it as it was (or legal, if already changed). */
export type Move = (draft: Draft, notes: MoveNotes, random: Random) => boolean;

export const GIVE_UP = 30;

/** A core drawn by its rank: of `draws` random ones the latest (or the earliest) done. */
function pickCore(notes: MoveNotes, random: Random, draws: number, latest: boolean): number {
  let best = random.int(notes.coreNs.length);
  for (let draw = 1; draw < draws; draw++) {
    const core = random.int(notes.coreNs.length);
    const later = notes.coreNs[core]! > notes.coreNs[best]!;
    if (later === latest) best = core;
  }
  return best;
}

/** Of some random cores with room for so many crossbars the one that is done first; -1 where none of the drawn has room. */
function roomyCore(draft: Draft, notes: MoveNotes, crossbars: number, random: Random, draws = 24): number {
  let best = -1;
  for (let draw = 0; draw < draws; draw++) {
    const core = random.int(draft.chip.cores);
    if (draft.free[core]! < crossbars) continue;
    if (best < 0 || notes.coreNs[core]! < notes.coreNs[best]!) best = core;
  }
  return best;
}

export function pick<T>(items: readonly T[], random: Random): T | undefined {
  return items.length > 0 ? items[random.int(items.length)] : undefined;
}

/** The slowest cores' work goes to a fast core with room, and rather to one that has the layer already. */
export const relieve: Move = (draft, notes, random) => {
  const portion = pick(draft.portionsIn(pickCore(notes, random, 40, true)), random);
  if (!portion) return false;
  const part = random.int(3) === 0 ? halved(draft, portion, random) : portion;
  const same = random.int(2) === 0 ? coreWithLayer(draft, notes, part, random) : -1;
  const core = same >= 0 ? same : roomyCore(draft, notes, part.crossbars, random);
  return core >= 0 && core !== part.core && draft.movePortion(part, core);
};

/** Half of a portion: a run of its array groups from one end. */
function halved(draft: Draft, portion: Portion, random: Random): Portion {
  if (portion.places.length < 2) return portion;
  const cut = 1 + random.int(portion.places.length - 1);
  const places = random.int(2) === 0 ? portion.places.slice(0, cut) : portion.places.slice(cut);
  return {
    ...portion,
    places,
    crossbars: places.reduce((sum, place) => sum + draft.crossbarsAt(portion.layer, place), 0),
  };
}

/** A core with room that holds other array groups of the portion's layer. */
function coreWithLayer(draft: Draft, notes: MoveNotes, portion: Portion, random: Random): number {
  const cores = draft.coresOf(portion.layer);
  let best = -1;
  for (let draw = 0; draw < 16; draw++) {
    const core = cores[random.int(cores.length)]!;
    if (core === portion.core || draft.free[core]! < portion.crossbars) continue;
    if (best < 0 || notes.coreNs[core]! < notes.coreNs[best]!) best = core;
  }
  return best;
}

/** Something of a slow core changes place with something of a faster one. */
export const trade: Move = (draft, notes, random) => {
  const slow = draft.portionsIn(pickCore(notes, random, 24, true));
  const fast = draft.portionsIn(pickCore(notes, random, 4, false));
  for (let tries = 0; tries < GIVE_UP && slow.length > 0 && fast.length > 0; tries++) {
    const [one, other] = [pick(slow, random)!, pick(fast, random)!];
    if (one.layer !== other.layer && draft.exchange(one, other)) return true;
  }
  return false;
};

/** Cores for a new replica: one core with room for all of it, or else as few as it takes, fast ones first. */
function coresForReplica(draft: Draft, notes: MoveNotes, layer: number, random: Random): number[] | undefined {
  const { slices, crossbars, widest } = draft.shapes[layer]!;
  const whole = roomyCore(draft, notes, crossbars, random, 48);
  if (whole >= 0) return slices.map(() => whole);
  const free = draft.free.slice();
  const cores: number[] = [];
  while (cores.length < slices.length) {
    let best = -1;
    for (let draw = 0; draw < 48; draw++) {
      const core = random.int(draft.chip.cores);
      if (free[core]! < Math.max(widest, slices[cores.length]!.crossbars)) continue;
      if (
        best < 0 ||
        free[core]! > free[best]! * 1.5 ||
        (free[core]! * 1.5 > free[best]! && notes.coreNs[core]! < notes.coreNs[best]!)
      )
        best = core;
    }
    if (best < 0) return undefined;
    while (cores.length < slices.length && free[best]! >= slices[cores.length]!.crossbars) {
      free[best]! -= slices[cores.length]!.crossbars;
      cores.push(best);
    }
  }
  return cores;
}

/** A layer drawn in proportion to the windows that each of its replicas has to do. */
function busyLayer(draft: Draft, random: Random): number {
  const weights = draft.shapes.map((shape) => {
    const replicas = draft.replicas(shape.index);
    return replicas < shape.maxReplicas ? (shape.windows / replicas) ** 2 : 0;
  });
  let draw = random.float() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [layer, weight] of weights.entries()) {
    draw -= weight;
    if (draw < 0) return layer;
  }
  return -1;
}

/** One more replica for a layer with many windows a replica; room is made by taking replicas of layers with few. */
export const grow: Move = (draft, notes, random) => {
  const layer = busyLayer(draft, random);
  if (layer < 0) return false;
  for (let tries = 0; tries < 4; tries++) {
    const cores = coresForReplica(draft, notes, layer, random);
    if (cores && draft.addReplica(layer, cores)) return true;
    if (!dropIdle(draft, layer, random)) return false;
  }
  return false;
};

/** Takes a replica from the layer, of some drawn ones, whose replicas have fewest windows; never from `keep`. */
function dropIdle(draft: Draft, keep: number, random: Random): boolean {
  let best = -1;
  let fewest = Number.POSITIVE_INFINITY;
  for (let draw = 0; draw < 6; draw++) {
    const layer = random.int(draft.shapes.length);
    const replicas = draft.replicas(layer);
    if (layer === keep || replicas < 2) continue;
    const windows = draft.shapes[layer]!.windows / (replicas - 1);
    if (windows < fewest) [best, fewest] = [layer, windows];
  }
  return best >= 0 && draft.dropReplica(best, random.int(draft.replicas(best)));
}

/** One replica less for a layer that the slowest cores hold. */
export const shrink: Move = (draft, notes, random) => {
  const portions = draft.portionsIn(pickCore(notes, random, 12, true)).filter((it) => draft.replicas(it.layer) > 1);
  const portion = pick(portions, random);
  return portion !== undefined && draft.dropReplica(portion.layer, portion.replica);
};

/** All array groups of a replica that lies in several cores go to one of them, or to another core: no sums are sent. */
export const unite: Move = (draft, notes, random) => {
  for (let tries = 0; tries < GIVE_UP; tries++) {
    const shape = draft.shapes[random.int(draft.shapes.length)]!;
    if (shape.crossbars > draft.chip.perCore) continue;
    const portions = draft.portionsOf(shape.index, random.int(draft.replicas(shape.index)));
    if (portions.length < 2) continue;
    const own = pick(portions, random)!;
    const rest = portions.filter((it) => it !== own);
    const missing = shape.crossbars - own.crossbars;
    const core = draft.free[own.core]! >= missing ? own.core : roomyCore(draft, notes, shape.crossbars, random, 48);
    if (core < 0) continue;
    if (core === own.core) return rest.every((portion) => draft.movePortion(portion, core));
    return portions.every((portion) => draft.movePortion(portion, core));
  }
  return false;
};

/** Replicas of one layer come together in a core: they share what they load. Others make room where they have to. */
export const cluster: Move = (draft, _notes, random) => {
  for (let tries = 0; tries < GIVE_UP; tries++) {
    const layer = random.int(draft.shapes.length);
    if (draft.replicas(layer) < 2) continue;
    const cores = draft.coresOf(layer);
    const onto = cores[random.int(cores.length)]!;
    const portion = pick(draft.portionsOf(layer, random.int(draft.replicas(layer))), random)!;
    if (portion.core === onto) continue;
    if (draft.movePortion(portion, onto)) return true;
    const other = pick(
      draft.portionsIn(onto).filter((it) => it.layer !== layer),
      random,
    );
    if (other && draft.exchange(portion, other)) return true;
  }
  return false;
};

/** A layer is placed anew, in bundles of a drawn structure, and now and then with more or fewer replicas. */
export const rebundle: Move = (draft, notes, random) => {
  const layer = random.int(draft.shapes.length);
  const shape = draft.shapes[layer]!;
  const before = draft.replicas(layer);
  const structures = structuresOf(shape);
  const cut = structures[random.int(structures.length)]!;
  const most = mostTogether(shape, cut, draft.chip.perCore, before);
  if (most < 1) return false;
  const together = random.int(2) === 0 ? most : 1 + random.int(most);
  let count = before;
  if (random.int(3) === 0) count = Math.round(before * (0.6 + 0.9 * random.float()));
  count = Math.max(1, Math.min(shape.maxReplicas, count));

  let sum = 0;
  for (const ns of notes.coreNs) sum += ns;
  let products = 0;
  for (const it of draft.shapes) products += it.slices.length * it.windows;
  const perProduct = sum / products;
  const work = Float64Array.from(notes.coreNs);
  for (const core of draft.coresOf(layer)) work[core]! -= (perProduct * shape.windows) / before;
  draft.clear(layer);
  const each = (perProduct * shape.windows) / count;
  const placed = placeBundles(draft, layer, count, { ...cut, together }, work, each, 0.3 * random.float());
  return placed > 0 && 4 * placed >= 3 * count;
};

/** The replicas of a layer take their windows in another order: by core, or in turn over the cores. */
export const reorder: Move = (draft, _notes, random) => {
  const layer = random.int(draft.shapes.length);
  const replicas = draft.replicas(layer);
  if (replicas < 3) return false;
  const { slices } = draft.shapes[layer]!;
  const cores = draft.coresOf(layer);
  const homeOf = (replica: number) => cores[replica * slices.length]!;
  const order = Array.from({ length: replicas }, (_, replica) => replica);
  const how = random.int(3);
  if (how === 0) order.sort((a, b) => homeOf(a) - homeOf(b) || a - b);
  else if (how === 1) {
    const turn = new Map<number, number>();
    const turns = order.map((replica) => {
      const of = turn.get(homeOf(replica)) ?? 0;
      turn.set(homeOf(replica), of + 1);
      return of;
    });
    order.sort((a, b) => turns[a]! - turns[b]! || a - b);
  } else {
    const from = random.int(replicas);
    const piece = order.splice(from, 1 + random.int(replicas - from));
    order.splice(random.int(order.length + 1), 0, ...piece);
  }
  draft.reorder(layer, order);
  return true;
};
