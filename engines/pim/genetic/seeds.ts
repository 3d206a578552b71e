import type { Random } from '../../core/random.ts';
import type { Mode } from '../types.ts';
import {
  loadSlotsPerWindow,
  mostTogether,
  PLAIN,
  partsOf,
  placeBundles,
  type Structure,
  structuresOf,
} from './bundles.ts';
import type { Costs } from './clock.ts';
import { Draft } from './draft.ts';
import type { Genome } from './genome.ts';
import type { Chip, LayerShape } from './shapes.ts';

/**
 * Replication by the greedy rule of the balance heuristic with `share` of what one copy of each layer leaves: the layer whose replicas have
 * most windows left gets the next one; a layer that does not fit any more stands back for the others.
 */
export function balancedReplication(shapes: readonly LayerShape[], chip: Chip, share: number): number[] {
  const replicas = shapes.map(() => 1);
  const spare = chip.cores * chip.perCore - shapes.reduce((sum, shape) => sum + shape.crossbars, 0);
  let left = Math.floor(spare * share);
  const open = new Set(shapes.filter((shape) => shape.maxReplicas > 1));
  while (open.size > 0) {
    let next: LayerShape | undefined;
    let most = 0;
    for (const shape of open) {
      const windows = Math.ceil(shape.windows / replicas[shape.index]!);
      if (windows > most) [next, most] = [shape, windows];
    }
    if (!next || most <= 1) break;
    if (next.crossbars > left || replicas[next.index]! >= next.maxReplicas) {
      open.delete(next);
      continue;
    }
    replicas[next.index]!++;
    left -= next.crossbars;
  }
  return replicas;
}

/**
 * Places replicas so that all cores have about the same work: layers with wide array groups first, then those with most
 * work, each in bundles of its structure. Layers lose replicas that find no room; undefined where one does not fit at all.
 */
export function spread(
  shapes: readonly LayerShape[],
  replicas: readonly number[],
  structures: readonly Structure[],
  chip: Chip,
  intervalNs: number,
): Genome | undefined {
  const draft = new Draft({ cores: shapes.map(() => []) }, shapes, chip);
  const work = new Float64Array(chip.cores);
  const isWide = (shape: LayerShape) => Number(8 * shape.widest > chip.perCore);
  const workOf = (shape: LayerShape) => shape.slices.length * shape.windows;
  const order = [...shapes].sort(
    (a, b) => isWide(b) - isWide(a) || b.crossbars - a.crossbars || workOf(b) - workOf(a) || a.index - b.index,
  );
  for (const shape of order) {
    const count = replicas[shape.index]!;
    const each = (shape.windows / count) * intervalNs;
    const structure = structures[shape.index] ?? PLAIN;
    const placed = placeBundles(draft, shape.index, count, structure, work, each, 0.1);
    if (placed === 0) return undefined;
  }
  return draft.genome();
}

/**
 * How dense the constructed seeds are, each a share of the spare crossbars and the share of a core that one bundle may fill.
 * Chosen on the networks of the published rows, of which each has a seed among them within some per cent of the best of a finer grid.
 */
const DENSITIES: Record<Mode, readonly (readonly [spare: number, fill: number])[]> = {
  throughput: [
    [0.75, 0.85],
    [0.93, 0.85],
    [0.93, 1],
    [1, 1],
  ],
  latency: [
    [0.2, 0.2],
    [0.2, 0.4],
    [0.35, 0.6],
    [0.5, 0.65],
    [0.7, 1],
    [1, 1],
  ],
};

/**
 * Constructed mappings: balanced replication with shares of the spare crossbars, spread so that work is even, in bundles
 * that share loads.
 */
export function constructedSeeds(
  shapes: readonly LayerShape[],
  chip: Chip,
  mode: Mode,
  costs: Costs,
  intervalNs: number,
  fixedReplicas?: readonly number[],
): Genome[] {
  const seeds: Genome[] = [];
  for (const [spare, fill] of DENSITIES[mode]) {
    const replicas = fixedReplicas ?? balancedReplication(shapes, chip, spare);
    const structures = shapes.map((shape) =>
      bestStructure(shape, replicas[shape.index]!, Math.floor(chip.perCore * fill), costs),
    );
    const genome = spread(shapes, replicas, structures, chip, intervalNs);
    const usable = genome && (!fixedReplicas || isComplete(genome, shapes, fixedReplicas));
    if (usable) seeds.push(genome);
  }
  return seeds;
}

/** A constructed mapping whose shares are drawn, layer by layer a little different: fresh blood for the search. */
export function drawnSeed(
  shapes: readonly LayerShape[],
  chip: Chip,
  costs: Costs,
  intervalNs: number,
  random: Random,
  fixedReplicas?: readonly number[],
): Genome | undefined {
  const replicas = fixedReplicas
    ? [...fixedReplicas]
    : balancedReplication(shapes, chip, 0.1 + 0.9 * random.float()).map((count, layer) => {
        if (random.int(3) > 0) return count;
        const drawn = Math.round(count * (0.7 + 0.6 * random.float()));
        return Math.max(1, Math.min(shapes[layer]!.maxReplicas, drawn));
      });
  const fill = 0.1 + 0.9 * random.float();
  const structures = shapes.map((shape) => {
    const own = random.int(3) > 0 ? fill : 0.1 + 0.9 * random.float();
    return bestStructure(shape, replicas[shape.index]!, Math.floor(chip.perCore * own), costs);
  });
  const genome = spread(shapes, replicas, structures, chip, intervalNs);
  return fixedReplicas && genome && !isComplete(genome, shapes, fixedReplicas) ? undefined : genome;
}

function isComplete(genome: Genome, shapes: readonly LayerShape[], replicas: readonly number[]): boolean {
  return shapes.every(({ index, slices }) => genome.cores[index]!.length === replicas[index]! * slices.length);
}

/** The price of sending a part's sum, as a share of its time on the bus, against slots of the global memory. */
const SUM_PRICE = 0.1;

/** The structure that loads least, where sums that travel cost something too. */
export function bestStructure(shape: LayerShape, replicas: number, crossbars: number, costs: Costs): Structure {
  const { outputs } = shape.slices[0]!;
  const sum = SUM_PRICE * (costs.transferSlots(outputs) + costs.vectorNs(outputs));
  let best = PLAIN;
  let bestPrice = Number.POSITIVE_INFINITY;
  for (const cut of structuresOf(shape)) {
    const together = mostTogether(shape, cut, crossbars, replicas);
    if (together < 1) continue;
    const structure = { ...cut, together };
    const price = loadSlotsPerWindow(shape, structure, costs) + (partsOf(shape, structure).length - 1) * sum;
    if (price < bestPrice) [best, bestPrice] = [structure, price];
  }
  return best;
}
