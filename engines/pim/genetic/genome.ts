import type { Hardware } from '../hardware.ts';
import { agTable } from '../partition-ags.ts';
import type { MappedLayer, Mapping } from '../types.ts';
import type { Chip, LayerShape } from './shapes.ts';

/**
 * A mapping as the search changes it: for every mapped layer the cores of its array groups, replica by replica in the
 * order of the mapping's table. Replication is the length over the array groups of a replica. The genes of the papers
 * (layer, core, number of array groups) are the counts of this (`genesOf`).
 */
export interface Genome {
  cores: number[][];
}

/** One gene of the papers' chromosome: `count` array groups of a layer in a core. */
export interface Gene {
  layer: number;
  core: number;
  count: number;
}

export function replicasOf(genome: Genome, shape: LayerShape): number {
  return genome.cores[shape.index]!.length / shape.slices.length;
}

export function genomeOf(mapping: Mapping): Genome {
  const cores: number[][] = mapping.layers.map(() => []);
  for (let ag = 0; ag < mapping.ags.count; ag++) cores[mapping.ags.mapped[ag]!]!.push(mapping.ags.core[ag]!);
  return { cores };
}

export function mappingOf(genome: Genome, layers: readonly MappedLayer[], hardware: Hardware, method: string): Mapping {
  const replicated = layers.map((layer, index) => ({
    ...layer,
    replication: genome.cores[index]!.length / (layer.agsPerReplica * layer.columnParts),
  }));
  const ags = agTable(replicated, hardware);
  let ag = 0;
  for (const cores of genome.cores) for (const core of cores) ags.core[ag++] = core;
  return { layers: replicated, ags, method };
}

/** Counts of array groups by layer and core, cores ascending. */
export function genesOf(genome: Genome): Gene[] {
  return genome.cores.flatMap((cores, layer) => {
    const counts = new Map<number, number>();
    for (const core of cores) counts.set(core, (counts.get(core) ?? 0) + 1);
    return [...counts].sort(([a], [b]) => a - b).map(([core, count]) => ({ layer, core, count }));
  });
}

/** Crossbars in use by core. */
export function usedCrossbars(genome: Genome, shapes: readonly LayerShape[], chip: Chip): Int32Array {
  const used = new Int32Array(chip.cores);
  for (const shape of shapes) {
    const cores = genome.cores[shape.index]!;
    for (let at = 0; at < cores.length; at++) used[cores[at]!]! += shape.slices[at % shape.slices.length]!.crossbars;
  }
  return used;
}

/** What is wrong with a genome, or nothing: cores overfull, replicas torn, replication out of bounds. */
export function illegality(genome: Genome, shapes: readonly LayerShape[], chip: Chip): string | undefined {
  for (const shape of shapes) {
    const replicas = replicasOf(genome, shape);
    if (!Number.isInteger(replicas)) return `layer ${shape.index} has a torn replica`;
    if (replicas < 1 || replicas > shape.maxReplicas) return `layer ${shape.index} has ${replicas} replicas`;
    if (genome.cores[shape.index]!.some((core) => core < 0 || core >= chip.cores))
      return `layer ${shape.index} lies on a core that is not there`;
  }
  const full = usedCrossbars(genome, shapes, chip).findIndex((used) => used > chip.perCore);
  return full < 0 ? undefined : `core ${full} holds more crossbars than it has`;
}

/** A digest of two independent 32-bit hashes: equal for equal genomes. */
export function keyOf(genome: Genome): string {
  let [one, other] = [0x811c9dc5, 0x9e3779b9];
  for (const cores of genome.cores) {
    for (const core of cores) {
      one = Math.imul(one ^ core, 0x01000193);
      other = Math.imul(other + core + 1, 0x85ebca6b) ^ (other >>> 15);
    }
    one = Math.imul(one ^ 0xffff, 0x01000193);
    other = Math.imul(other ^ cores.length, 0xc2b2ae35);
  }
  return `${(one >>> 0).toString(36)}.${(other >>> 0).toString(36)}`;
}
