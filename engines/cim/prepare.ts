import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { loadNetwork } from '../onnx/load.ts';
import type { Network } from '../onnx/network.ts';
import type { ModelRef } from '../onnx/types.ts';
import { findZooModel, type ZooModel } from '../onnx/zoo/index.ts';
import type { OperatorList } from './operators.ts';
import { operatorsOf } from './operators.ts';
import { resolveHardware } from './presets/index.ts';
import type { CimProblem, CimSlice } from './types.ts';

export interface Prepared {
  network: Network;
  problem: CimProblem;
  notModelled: OperatorList['notModelled'];
  /** What a reader of the result must know: work that is not counted, choices that have no effect here. */
  problems: Problem[];
}

/** From the design to what segmenters work on. */
export async function prepare(slice: CimSlice, job: Pick<Job, 'source'>): Promise<Result<Prepared>> {
  const hardware = resolveHardware(slice.hardware);
  if (!hardware.ok) return hardware;
  const refused = withoutDecode(slice);
  if (refused) return fail(refused);
  const network = await loadNetwork(modelOf(slice), job);
  if (!network.ok) return { ok: false, problems: network.problems.map(inDesign) };
  const { rules, batch, blocks } = slice;
  const list = operatorsOf(network.value, { hardware: hardware.value, rules, batch, blocks });
  if (!list.ok) return list;
  const { operators, sections, notModelled, problems } = list.value;
  return ok({
    network: network.value,
    problem: { operators, sections, hardware: hardware.value, rules, batch },
    notModelled,
    problems: [...remarks(slice, sections.length), ...problems],
  });
}

/**
 * The model with the design's sizes: tokens and phase where the model has them. In decode one token is computed, with
 * `sequence` tokens before it. Sizes that the model's own reference gives come first. Batch multiplies the operators
 * instead, so a batch that the reference gives is counted besides.
 */
export function modelOf({ model, sequence, phase }: CimSlice): ModelRef {
  const found = zooModelOf(model);
  if (!found) return model;
  const own = (typeof model === 'object' && 'zoo' in model && model.symbols) || {};
  const { symbols } = found;
  const sizes: Record<string, number> = {};
  if ('sequence' in symbols) Object.assign(sizes, { sequence });
  if (phase === 'decode' && 'past' in symbols) Object.assign(sizes, { sequence: 1, past: sequence });
  return { zoo: found.id, symbols: { ...sizes, ...own } };
}

function zooModelOf(model: ModelRef): ZooModel | undefined {
  const name = typeof model === 'string' ? model : 'zoo' in model ? model.zoo : undefined;
  if (name === undefined) return undefined;
  const found = findZooModel(name);
  return found.ok ? found.value : undefined;
}

/** A transformer that reads all tokens at once has no decoding, so no result of it may say so. */
function withoutDecode({ model, phase }: CimSlice): Problem | undefined {
  const found = zooModelOf(model);
  if (phase !== 'decode' || found?.family !== 'transformer' || 'past' in found.symbols) return undefined;
  return error(
    'cim.no-decode',
    `${found.title} reads all of its input at once: it keeps no keys and values, and has no decode phase.`,
    'Choose the prefill phase, or a model that writes: GPT-2, OPT or LLaMA.',
    { path: 'slices.cim.phase' },
  );
}

/** Choices of the design that do not reach this model. */
function remarks({ model, phase, blocks }: CimSlice, sections: number): Problem[] {
  const found = zooModelOf(model);
  const problems: Problem[] = [];
  const note = (code: string, what: string, path: string, remedy?: string) =>
    problems.push({ code, severity: 'note', what, where: { path }, ...(remedy && { remedy }) });
  if (phase === 'decode' && found?.family === 'convolutional') {
    note('cim.no-phase', `${found.title} has no tokens; the phase does not matter for it.`, 'slices.cim.phase');
  }
  if (phase === 'decode' && !found) {
    note(
      'cim.phase-of-file',
      'A model from a file is compiled as it is: phase and tokens of the design do not reach it.',
      'slices.cim.phase',
      'Give its open sizes with the model, as in "symbols": { "past": 64 }.',
    );
  }
  if (blocks === 'one' && sections === 1 && found?.family === 'convolutional') {
    note(
      'cim.no-blocks',
      `${found.title} has no equal blocks to take one of; all of it is compiled.`,
      'slices.cim.blocks',
    );
  }
  return problems;
}

/** Sizes that a model leaves open are given in the design. */
function inDesign(problem: Problem): Problem {
  const path = problem.where?.path;
  if (path?.startsWith('symbols.')) return { ...problem, where: { path: `slices.cim.model.${path}` } };
  return path === undefined && problem.where?.file === undefined
    ? { ...problem, where: { path: 'slices.cim.model' } }
    : problem;
}
