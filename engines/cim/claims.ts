import type { SweepAxis } from './sweep.ts';

/** What a paper prints: never a result of ours, drawn as a mark and labelled so. */
export interface Claim {
  id: string;
  figure: string;
  /** Of which network; absent: over all. */
  model?: string;
  title: string;
  axis?: SweepAxis;
  /** [value of the axis, speed-up over CIM-MLC], where the paper's text gives both. */
  points?: [number, number][];
  /** Least and largest speed-up, where it gives no more than these. */
  range?: [number, number];
  mean?: number;
  /** What is not said of how they came about. */
  unknown: string;
}

const SETTINGS =
  'With what bandwidths and write times, and how CIM-MLC was set up, the paper does not say; nor which batch belongs to which point.';

/** CMSwitch's speed-ups over CIM-MLC, as its text gives them (arXiv 2502.17006, sections 5.2 to 5.5). */
export const CLAIMS: readonly Claim[] = [
  { id: 'mean', figure: 'abstract', title: 'All networks', mean: 1.31, range: [1, 2.03], unknown: SETTINGS },
  ...batch('mobilenet-v2', 'MobileNet', [1.06, 1.23]),
  ...batch('resnet18', 'ResNet-18', [1.07, 1.23]),
  ...batch('vgg16', 'VGG-16', [1.32, 1.48]),
  ...batch('bert-large', 'BERT-large, 64 tokens', [1.02, 1.25], 1.17),
  ...batch('llama2-7b', 'LLaMA2-7B, 64 tokens', [1.13, 1.3], 1.24),
  ...batch('opt-13b', 'OPT-13B, 64 tokens', [1.2, 2.03], 1.73),
  {
    id: 'sequence-bert-large',
    figure: 'Fig. 16',
    model: 'bert-large',
    title: 'BERT-large',
    axis: 'sequence',
    points: [
      [32, 1.19],
      [256, 1.03],
      [512, 1],
    ],
    unknown: SETTINGS,
  },
  ...falling('llama2-7b', 'LLaMA2-7B', [1.08, 1.25]),
  ...falling('opt-6.7b', 'OPT-6.7B', [1.23, 1.5]),
  ...falling('opt-13b', 'OPT-13B', [1.32, 1.76]),
  {
    id: 'output-llama2-7b',
    figure: 'Fig. 17a',
    model: 'llama2-7b',
    title: 'LLaMA2-7B, 128 tokens in',
    axis: 'output',
    range: [1.1, 1.24],
    unknown: SETTINGS,
  },
  {
    id: 'output-opt-13b',
    figure: 'Fig. 17a',
    model: 'opt-13b',
    title: 'OPT-13B, 128 tokens in',
    axis: 'output',
    range: [1.43, 1.62],
    unknown: SETTINGS,
  },
];

function batch(model: string, title: string, range: [number, number], mean?: number): Claim[] {
  const claim: Claim = {
    id: `batch-${model}`,
    figure: 'Fig. 14',
    model,
    title,
    axis: 'batch',
    range,
    unknown: SETTINGS,
  };
  return [mean === undefined ? claim : { ...claim, mean }];
}

/** Falls from the larger to the smaller as the sequence grows; between which lengths is not in the text. */
function falling(model: string, title: string, range: [number, number]): Claim[] {
  return [{ id: `sequence-${model}`, figure: 'Fig. 16', model, title, axis: 'sequence', range, unknown: SETTINGS }];
}

/** What is claimed of a network along an axis. */
export function claimsOf(model: string | undefined, axis: SweepAxis): Claim[] {
  return CLAIMS.filter((claim) => claim.axis === axis && claim.model === model);
}
