import type { Network } from '../../onnx/network.ts';
import type { MappedLayer } from '../types.ts';

/** How the layers of a network are grouped into the stages of the pipeline across samples. */
export interface PipelineStages {
  /** Stage of each layer of the network; layers without weights are in the stage that their operands are ready in. */
  stage: Int32Array;
  /** By layer: the round of the pipeline cycle in which its operands are there. */
  start: Int32Array;
  /** Stages in all: a sample leaves the pipeline after so many cycles (first-batch latency = stages * cycle). */
  stages: number;
  /** Rounds of the longest stage: the pipeline cycle. */
  rounds: number;
}

/**
 * Layer grouping (TCAD, Alg. 1, with the assumption of facts 1.9 for how groups are found): in topological order, a layer
 * joins the stage of the last of those that it depends on and starts when they are done, as long as it is done itself
 * within the cycle, which the layer of most rounds sets; else it opens the next stage. Independent layers share a stage.
 * Ungrouped, every layer with weights has a stage of its own.
 *
 * `rounds`: rounds that each mapped layer takes.
 */
export function pipelineStages(
  network: Network,
  layers: readonly MappedLayer[],
  rounds: readonly number[],
  grouped: boolean,
): PipelineStages {
  const cycle = rounds.reduce((most, it) => Math.max(most, it), 0);
  const roundsOf = new Map(layers.map((layer, mapped) => [layer.layer, rounds[mapped]!]));
  const count = network.layers.length;
  const stage = new Int32Array(count);
  const start = new Int32Array(count);
  const end = new Int32Array(count);
  let stages = 1;
  for (const { index, inputs } of network.layers) {
    const ready = inputs.reduce((most, input) => Math.max(most, stage[input]!), 0);
    const after = inputs.reduce((most, input) => Math.max(most, stage[input] === ready ? end[input]! : 0), 0);
    const own = roundsOf.get(index);
    const opens = own !== undefined && after > 0 && (!grouped || after + own > cycle);
    stage[index] = opens ? ready + 1 : ready;
    start[index] = opens ? 0 : after;
    end[index] = start[index]! + (own ?? 0);
    stages = Math.max(stages, stage[index]! + 1);
  }
  return { stage, start, stages, rounds: cycle };
}
