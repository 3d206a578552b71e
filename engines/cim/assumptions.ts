import type { Assumption } from '../core/report.ts';
import { CHOSEN_RULES } from './assumptions-rules.ts';
import { startingMode } from './judge.ts';
import { changedConstants, constantAt, presetOf } from './presets/index.ts';
import type { CimOperator, CimProblem, CimSlice } from './types.ts';

/** What a report rests on that no source says, and what is odd in the sources. Only what bears on the design. */
export function assumptionsOf(slice: CimSlice, problem: CimProblem): Assumption[] {
  const { operators, rules } = problem;
  return [
    ...chip(slice, problem),
    ...CHOSEN_RULES.filter(({ holds }) => holds(rules, operators)).map(({ holds: _, ...rest }) => rest),
    ...ofModel(problem),
    ...ofOperators(slice, problem),
    ...ofPlans(slice, problem),
  ];
}

/** The chip: every constant of the preset that is ours and unchanged, and all that the design changed. */
function chip({ hardware: choice }: CimSlice, { hardware }: CimProblem): Assumption[] {
  const preset = presetOf(choice);
  if (!preset) return [];
  const changes = changedConstants(choice);
  const isChanged = new Set(changes.map(({ path }) => path));
  const value = (number: number, unit: string) => (unit ? `${number} ${unit}` : `${number}`);
  const found: Assumption[] = changes.map(({ path, label, unit, preset: was, value: now }) => ({
    id: `chip.${path}`,
    what: `${label}: changed in this design.`,
    value: value(now, unit),
    reason: `The preset "${preset.title}" has ${value(was, unit)}.`,
    source: 'ours',
  }));
  for (const { path, label, unit, source, reason } of preset.constants) {
    // Where an array is drawn bears on nothing.
    if (source !== 'ours' || isChanged.has(path) || path === 'grid.columns') continue;
    const own = value(constantAt(hardware, path), unit);
    found.push({ id: `chip.${path}`, what: `${label}.`, value: own, reason, source });
  }
  return found;
}

function ofModel({ hardware, operators }: CimProblem): Assumption[] {
  return [
    {
      id: 'vector-unit',
      what: 'Softmax, normalisation, activations, pools and sums take no time and no energy.',
      reason:
        'CMSwitch times matrix products alone ("CIM-supportable operators"). How many layers are left out is listed with the network.',
      source: 'paper',
    },
    {
      id: 'rates',
      what: 'Cycles are real numbers: arrays work and are fed at steady rates, and nothing is lost at the ends of a pipeline.',
      reason: 'Eq. 10 is a rate, and Eq. 9 takes the slowest operator for the whole segment.',
      source: 'paper',
    },
    {
      id: 'duplication',
      what: 'Arrays beyond those that hold an operator’s weights once speed it up in proportion, whole copies or not.',
      reason:
        'Eq. 10 counts arrays in compute mode, not copies. A part of a copy would have to share out the rows of an operator unevenly.',
      source: 'paper',
    },
    {
      id: 'main-for-each',
      what: 'Every operator of a segment has the whole main bandwidth, side by side with the others.',
      reason: 'So Eq. 10 has it: D_main stands in the bound of each operator.',
      value: `${hardware.mainBytesPerCycle} B/cycle each`,
      source: 'paper',
    },
    {
      id: 'read-back',
      what: 'What was written back is read again at the main bandwidth, as any input; no further time is charged.',
      reason: 'Eq. 4 has write-back and reload of weights, and no term for reading data again.',
      source: 'paper',
    },
    {
      id: 'starting-mode',
      what: 'Before the first segment all arrays stand in compute mode.',
      reason: 'The papers do not say. An array that a segment does not use keeps its mode.',
      value: `${startingMode(hardware)} arrays`,
      source: 'ours',
    },
    {
      id: 'stored-at-activation-bits',
      what: 'Outputs are stored as activations, before any pool; whoever reads them pools, adds and normalises.',
      reason: 'No source says where these are done. Pooling before storing would make what is written back smaller.',
      value: `${hardware.activationBits} bit`,
      source: 'ours',
    },
    ...(operators.some(({ sums }) => sums)
      ? [
          {
            id: 'residual',
            what: 'A residual sum is made as the last of its terms leaves its arrays: the earlier term has to last until then, and the sum alone is read later.',
            reason: 'No source says. Otherwise all that was ever added would have to be kept.',
            source: 'ours' as const,
          },
        ]
      : []),
  ];
}

function ofOperators({ blocks }: CimSlice, { operators, sections, batch, hardware }: CimProblem): Assumption[] {
  const found: Assumption[] = [];
  const parts = operators.filter(({ part }) => part);
  if (parts.length > 0) {
    found.push({
      id: 'splitting',
      what: 'A layer too large for the chip is cut into equal parts: at most a quarter of the chip’s arrays below one another, then side by side.',
      reason:
        'CMSwitch says "greedily" and no more. With this rule the parts of VGG-16 are those of its published segments.',
      value: `${new Set(parts.map(({ layer }) => layer)).size} layers in ${parts.length} parts`,
      source: 'ours',
    });
  }
  if (isCutByInner(parts)) {
    found.push({
      id: 'partial-sums',
      what: 'Parts that are cut along the input give partial sums; each is an output of its own, as wide as an activation, and readers add them up.',
      reason: 'No source says. Sums kept at more bits would be larger by that factor where they are written back.',
      source: 'ours',
    });
  }
  const repeated = sections.filter(({ times }) => times > 1);
  if (repeated.length > 0) {
    found.push({
      id: 'folded',
      what: 'One of equal blocks is compiled and counts as often as it is there; segments end at its borders.',
      reason:
        'CMSwitch compiles one block of a transformer too and reuses it. The way from block to block is costed as such.',
      value: repeated.map(({ name, times }) => `${times} x ${name}`).join(', '),
      source: 'paper',
    });
  } else if (blocks === 'one') {
    found.push({
      id: 'one-block',
      what: 'Only one of equal blocks is compiled where the network has them: embedding and head are left out.',
      reason: 'Papers compare single layers of large models.',
      source: 'ours',
    });
  }
  if (batch > 1) {
    found.push({
      id: 'batch',
      what: 'The samples of a batch go through each segment together: its weights are written once for all of them.',
      reason: 'CMSwitch reports the latency of a batch and does not say how its samples follow one another.',
      value: `${batch} samples`,
      source: 'ours',
    });
  }
  if (operators.some(({ dynamic }) => dynamic)) {
    found.push({
      id: 'computed-weights',
      what: 'Keys and values are written into compute arrays for every run, as weights are.',
      reason:
        'CMSwitch, section 5.3, does so or switches arrays that hold them; how the operand is laid out is not published.',
      source: 'paper',
    });
  }
  if (operators.some(({ cachedBytes = 0 }) => cachedBytes > 0)) {
    found.push({
      id: 'cache-outside',
      what: 'Keys and values of earlier tokens lie in external memory and come in for every run.',
      reason:
        'No source says where the cache lies. On the chips here it is larger than all arrays together for long texts.',
      source: 'ours',
    });
  }
  if (Math.ceil(hardware.weightBits / hardware.array.cellBits) > hardware.array.columns) {
    found.push({
      id: 'wide-weights',
      what: 'A weight is spread over several arrays.',
      reason: 'Its columns are more than an array has.',
      source: 'ours',
    });
  }
  return found;
}

function isCutByInner(parts: readonly CimOperator[]): boolean {
  return parts.some(({ part, layer }) =>
    parts.some((other) => other.layer === layer && other.part!.inner[0] !== part!.inner[0]),
  );
}

function ofPlans({ segmentation, improvements, baselines, cuts }: CimSlice, { batch }: CimProblem): Assumption[] {
  const found: Assumption[] = [
    {
      id: 'reimplemented',
      what: 'The published method is a re-implementation from its paper, not its authors’ program.',
      reason: 'CMSwitch has no public code. Where the paper is silent, the rules and constants listed here stand in.',
      source: 'ours',
    },
  ];
  if (baselines) {
    found.push({
      id: 'baselines',
      what: 'The methods compared are re-implementations on the same chip, costs and operators; only their plans differ.',
      reason:
        'CIM-MLC’s program counts no writing of weights, and the settings used as baseline in the paper are not published.',
      source: 'ours',
    });
  }
  if (segmentation === 'published' || baselines) {
    found.push({
      id: 'published-objective',
      what: 'As published, the plan of a segment is chosen by its pipeline alone (Eq. 9); the reload that follows from it is charged, not weighed.',
      reason: 'The integer program of the paper has no term for it.',
      source: 'paper',
    });
    if (batch > 1) {
      found.push({
        id: 'published-one-sample',
        what: 'As published, segments and arrays are planned for one sample, and the batch runs that plan.',
        reason: 'The paper’s formulas have no batch; its results do.',
        source: 'ours',
      });
    }
  }
  if (segmentation === 'improved' && improvements.orders && !cuts) {
    found.push({
      id: 'orders',
      what: 'Other orders of a branching network are searched by a beam, not all of them.',
      reason: 'Their number grows too fast. The order of the network is always among those tried.',
      source: 'ours',
    });
  }
  found.push({
    id: 'energy-model',
    what: 'Energy is counted by events: turns of arrays, bytes by where they come from, arrays written and switched, and static power over the time.',
    reason: 'CMSwitch reports none. The energies of the events are constants of the chip above.',
    source: 'ours',
  });
  return found;
}
