import type { Random } from '../../core/random.ts';
import type { Draft, Portion } from './draft.ts';
import { GIVE_UP, type Move, pick } from './moves.ts';

/*
 * The five mutations of the released program (facts of its source), on genes: what a core holds of a layer.
 */

/** Released 'increase': a random layer gets a replica in a random core with room for all of it. */
export const increase: Move = (draft, _notes, random) => {
  const layer = random.int(draft.shapes.length);
  const { slices, crossbars } = draft.shapes[layer]!;
  for (let tries = 0; tries < GIVE_UP; tries++) {
    const core = random.int(draft.chip.cores);
    if (draft.free[core]! >= crossbars)
      return draft.addReplica(
        layer,
        slices.map(() => core),
      );
  }
  return false;
};

/** Released 'decrease': a random layer with more than one replica loses one. */
export const decrease: Move = (draft, _notes, random) => {
  const layer = random.int(draft.shapes.length);
  const replicas = draft.replicas(layer);
  return replicas > 1 && draft.dropReplica(layer, random.int(replicas));
};

/** Released 'split': of a gene that takes more than a quarter of its core, a random part goes to a core with room. */
export const split: Move = (draft, _notes, random) => {
  for (let tries = 0; tries < GIVE_UP; tries++) {
    const gene = pick(genesIn(draft, random.int(draft.chip.cores)), random);
    if (!gene || gene.places.length < 2 || 4 * gene.crossbars <= draft.chip.perCore) continue;
    const some = random.shuffle(gene.places).slice(0, 1 + random.int(gene.places.length - 1));
    return movePlaces(draft, gene.layer, some, random);
  }
  return false;
};

/** Released 'gather': a gene of at most two array groups on less than 1/24 of its core joins others of its layer. */
export const gather: Move = (draft, _notes, random) => {
  for (let tries = 0; tries < GIVE_UP; tries++) {
    const gene = pick(genesIn(draft, random.int(draft.chip.cores)), random);
    if (!gene || gene.places.length > 2 || 24 * gene.crossbars >= draft.chip.perCore) continue;
    const cores = draft.coresOf(gene.layer);
    const core = cores[random.int(cores.length)]!;
    if (core !== gene.core && draft.free[core]! >= gene.crossbars)
      return gene.places.every((place) => draft.move(gene.layer, place, core));
  }
  return false;
};

/** Released 'exchange': two genes of random cores change as many array groups as have the same crossbars. */
export const exchange: Move = (draft, _notes, random) => {
  for (let tries = 0; tries < GIVE_UP; tries++) {
    const one = pick(genesIn(draft, random.int(draft.chip.cores)), random);
    const other = pick(genesIn(draft, random.int(draft.chip.cores)), random);
    if (!one || !other || one.core === other.core || one.layer === other.layer) continue;
    const portion = (gene: Portion, count: number): Portion => {
      const places = gene.places.slice(0, count);
      const crossbars = places.reduce((sum, place) => sum + draft.crossbarsAt(gene.layer, place), 0);
      return { ...gene, places, crossbars };
    };
    const [few, many] = one.crossbars <= other.crossbars ? [one, other] : [other, one];
    const count = many.places.findIndex((_, at) => portion(many, at + 1).crossbars === few.crossbars);
    if (count >= 0) return draft.exchange(portion(few, few.places.length), portion(many, count + 1));
  }
  return false;
};

/** The genes of a core: what it holds of each layer, whichever replica it belongs to. */
function genesIn(draft: Draft, core: number): Portion[] {
  const genes = new Map<number, Portion>();
  for (const portion of draft.portionsIn(core)) {
    const gene = genes.get(portion.layer);
    if (!gene) genes.set(portion.layer, { ...portion, places: [...portion.places] });
    else {
      gene.places.push(...portion.places);
      gene.crossbars += portion.crossbars;
    }
  }
  return [...genes.values()];
}

function movePlaces(draft: Draft, layer: number, places: readonly number[], random: Random): boolean {
  const crossbars = places.reduce((sum, place) => sum + draft.crossbarsAt(layer, place), 0);
  for (let tries = 0; tries < GIVE_UP; tries++) {
    const core = random.int(draft.chip.cores);
    if (draft.free[core]! >= crossbars) return places.every((place) => draft.move(layer, place, core));
  }
  return false;
}
