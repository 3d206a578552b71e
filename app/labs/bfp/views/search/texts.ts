import type { SearchSettings } from '../../../../../engines/bfp/types.ts';
import { formatNumber } from '../../../../ui/format.ts';

const percent = (value: number) => `${value.toFixed(2)}\u202f%`;
const points = (value: number) => `${value.toFixed(2)}\u202fpoints`;

/** Every word of the view of the search. */
export const texts = {
  title: 'Search',
  about: 'Plans on the search data: what they keep, and what they cost',
  scatter: 'Accuracy of plans against their cost',
  across: 'Against',
  axes: { movement: 'Movement', bits: 'Bits', energy: 'Energy' },
  axisNames: {
    movement: 'Data movement a sample',
    bits: 'Stored bits a value, weights and activations',
    energy: 'Energy a sample',
  },
  accuracy: 'Accuracy on the search data',
  range: 'Accuracy shown',
  ranges: { near: 'Near the best', all: 'All' },
  float: 'float32',
  front: 'Front',
  selected: 'Selected',
  estimatedOnly: 'Estimated only',
  below: (count: number) =>
    count === 1 ? '1 plan lies below what is shown.' : `${formatNumber(count)} plans lie below what is shown.`,
  hint: 'Point at a plan for its numbers; click it to take its formats into the design.',
  hintSearching: 'Point at a plan for its numbers. Plans can be taken when the search has ended.',
  by: {
    equal: 'Equal formats',
    exact: 'Exact',
    refined: 'Refined around the best',
    genetic: 'Genetic (NSGA-II)',
    'hawq-like': 'HAWQ-like (re-implementation)',
    greedy: 'Greedy',
    random: 'Random',
  } as Record<string, string>,
  /** Of single plans: "Equal bfp4/32", "Exact 3". */
  names: {
    equal: 'Equal',
    exact: 'Exact',
    refined: 'Refined',
    genetic: 'Genetic',
    'hawq-like': 'HAWQ-like',
    greedy: 'Greedy',
    random: 'Random',
  } as Record<string, string>,
  best: 'taken by the search',
  interval: (low: number, high: number) => `95\u202f%: ${percent(low)} to ${percent(high)}`,
  percent,
  points,
  measuredDrop: 'Measured loss',
  estimatedDrop: 'Estimated loss',
  inPoints: (name: string) => `${name} (points)`,
  starting: 'Searching',
  startingText: 'Sensitivities are measured operand by operand; the first plans follow.',
  none: 'No search yet',
  noneText:
    'A search looks for the formats of each layer, measures them on the search data, and draws them here as they come.',
  start: 'Search',
  stop: 'Stop',
  take: 'Take the best so far',
  takeAbout: 'End the search here; the design keeps how far it went',
  running: (evaluations: number) => `Searching: ${plans(evaluations)} measured`,
  ended: (evaluations: number) => `Ended: ${plans(evaluations)} measured`,
  taken: (evaluations: number) => `Taken early: ${plans(evaluations)} measured`,
  plan: {
    title: 'Bits by layer',
    of: (name: string) => `Bits by layer: ${name}`,
    weights: 'Weights',
    inputs: 'Inputs',
    layer: 'Layer',
    quantity: 'Mantissa bits',
    format: 'Format',
    take: 'Use this plan',
    loaded: 'In the design',
    best: 'The best',
  },
  estimate: {
    title: 'Estimate against measurement',
    about: (mean: number, worst: number, rank: number) =>
      `Each plan estimated from the others: ${points(mean)} off on average, ${points(worst)} at worst; rank correlation ${rank.toFixed(2)}.`,
    none: 'Too few plans were measured.',
    diagonal: 'Equal',
    hint: 'On the line, the estimate is the measurement. Point at a plan for its numbers.',
  },
  settings: {
    title: 'Settings of this search',
    method: 'Method',
    objective: 'Aim',
    objectives: (settings: SearchSettings) =>
      ({
        published: `Loss + ${settings.lambda} × movement (published)`,
        'accuracy-drop': `At most ${settings.limit} points lost, least movement`,
        'average-bits': `At most ${settings.limit} bits a weight and an activation, least loss`,
        energy: `At most ${formatNumber(settings.limit, 'pJ')}, least loss`,
      })[settings.objective],
    candidates: 'Choices',
    candidateText: (settings: SearchSettings) =>
      `Mantissa ${spans(settings.mantissaBits)} bits, blocks of ${spans(settings.blocks)}`,
    sensitivity: 'Estimate by',
    sensitivities: { 'output-error': 'Error of the outputs', fisher: 'Fisher information' },
    measured: 'Measured at most',
    measuredText: (count: number) => `${plans(count)}, and the baselines`,
    genetic: 'Population and generations',
  },
  table: {
    caption: 'Plans of the search',
    plan: 'Plan',
    accuracy: 'Accuracy',
    interval: '95\u202f% interval',
    low: 'Low',
    high: 'High',
    weightBits: 'Weights, bits',
    activationBits: 'Inputs, bits',
    movement: 'Movement',
    energy: 'Energy',
    estimated: 'Est. loss, points',
  },
};

function plans(count: number): string {
  return count === 1 ? '1 plan' : `${formatNumber(count)} plans`;
}

/** "2 to 8", "16, 64". */
function spans(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
  const whole = sorted.length > 2 && sorted.every((value, i) => value === first + i);
  return whole ? `${first} to ${last}` : sorted.join(', ');
}
