import type { Layer, Network } from '../onnx/network.ts';
import { isProduct } from './operators-network.ts';

/** Layers [from, to), of which the block [from, from + each) is compiled and runs `times` times. */
export interface Stretch {
  name: string;
  from: number;
  to: number;
  each: number;
  times: number;
}

type Run = Network['repeats'][number];

/**
 * Runs of equal blocks that count as one block run again and again: those of transformers. Blocks of convolutions are left
 * as they are, since the best segments of a convolutional network reach over them.
 */
export function foldableRuns({ layers, repeats }: Network): Run[] {
  return repeats.filter(({ first, layersEach }) => {
    const block = layers.slice(first, first + layersEach);
    const hasConvolutions = block.some(({ kind }) => kind.op === 'conv');
    const hasAttention = block.some(({ kind }) => kind.op === 'matmul');
    return block.some(isProduct) && (hasAttention || !hasConvolutions);
  });
}

/** The run that most of the work is in. */
export function mainRun(runs: readonly Run[], layers: readonly Layer[]): Run | undefined {
  const work = ({ first, layersEach, times }: Run) =>
    times * layers.slice(first, first + layersEach).reduce((sum, { macs }) => sum + macs, 0);
  return [...runs].sort((a, b) => work(b) - work(a))[0];
}

/** The stretches of a network: the runs, and what stands before, between and after them. */
export function stretchesOf(network: Network, runs: readonly Run[], blocks: 'folded' | 'one' | 'unrolled'): Stretch[] {
  const { layers, name } = network;
  const whole: Stretch = { name, from: 0, to: layers.length, each: layers.length, times: 1 };
  if (blocks === 'unrolled' || runs.length === 0) return [whole];
  if (blocks === 'one') {
    const { block, first, layersEach } = mainRun(runs, layers)!;
    return [{ name: block, from: first, to: first + layersEach, each: layersEach, times: 1 }];
  }
  const stretches: Stretch[] = [];
  const between = (from: number, to: number, called: string) => {
    if (layers.slice(from, to).some(isProduct)) stretches.push({ name: called, from, to, each: to - from, times: 1 });
  };
  let end = 0;
  for (const { block, first, layersEach, times } of runs) {
    between(end, first, end === 0 ? 'before' : 'between');
    end = first + layersEach * times;
    stretches.push({ name: block, from: first, to: end, each: layersEach, times });
  }
  between(end, layers.length, 'after');
  return stretches;
}

/**
 * The runs that can be folded without loss: every block reads the one before alike, nothing older of its run, and nothing
 * from before the run that the first block does not read too; what comes after reads the last block only.
 * `sources`: products that a layer reads, by layer.
 */
export function faithfulRuns(runs: readonly Run[], network: Network, sources: readonly (readonly number[])[]): Run[] {
  return runs.filter((run) => isFaithful(run, network.layers, sources));
}

function isFaithful(
  { first, layersEach, times }: Run,
  layers: readonly Layer[],
  sources: readonly (readonly number[])[],
) {
  const end = first + layersEach * times;
  const last = end - layersEach;
  for (let offset = 0; offset < layersEach; offset++) {
    const atStart = sources[first + offset]!;
    let pattern: string | undefined;
    for (let block = 1; block < times; block++) {
      const start = first + block * layersEach;
      const relative: string[] = [];
      for (const source of sources[start + offset]!) {
        if (source >= start) relative.push(`own ${source - start}`);
        else if (source >= start - layersEach) relative.push(`before ${source - start + layersEach}`);
        else if (source >= first || !atStart.includes(source)) return false;
        else relative.push(`outside ${source}`);
      }
      const found = relative.join();
      if (pattern !== undefined && pattern !== found) return false;
      pattern = found;
    }
  }
  return !layers.slice(end).some(({ index }) => sources[index]!.some((source) => source >= first && source < last));
}
