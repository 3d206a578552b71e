import type { Report } from '../core/report.ts';
import type { Problem } from '../core/result.ts';
import type { BlobRef } from '../document/types.ts';
import type { BitPlan } from '../onnx/bit-plan.ts';
import type { LayerFormats, Plan } from '../onnx/run/types.ts';
import type { NumberFormat } from '../tensor/formats/types.ts';
import type { LayerMovement, Machine } from './movement/types.ts';

/** Networks that come with data: `digits-cnn`, `digits-resnet`, `ocr` (PP-OCRv4 recogniser). Or the user's own. */
export type BfpModel = 'digits-cnn' | 'digits-resnet' | 'ocr' | { onnx: BlobRef; symbols?: Record<string, number> };

/** The user's labelled inputs: an NPZ (`x`: samples, `y`: classes), as a file or made by the app from folders of images. */
export interface OwnData {
  npz: BlobRef;
}

/** Formats as a design writes them: an object, or in short: "bfp6/32", "mxfp4", "int4/64", "fp16", "q4_0". */
export type FormatText = string;
export type FormatChoice = NumberFormat | FormatText;

export interface SearchSettings {
  method: 'exact' | 'genetic' | 'hawq-like' | 'greedy' | 'random';
  /** The published objective, or one bound and the best of the rest. */
  objective: 'published' | 'accuracy-drop' | 'average-bits' | 'energy';
  /** Weight of data movement in the published objective; 0.2 in the released program. */
  lambda: number;
  /** accuracy-drop: points; average-bits: bits per value, weights and activations; energy: pJ. */
  limit: number;
  /** What a layer may choose from. */
  mantissaBits: number[];
  blocks: number[];
  /** Layers' sensitivities: change of the outputs (needs no labels), or Fisher (needs gradients: the digit networks). */
  sensitivity: 'output-error' | 'fisher';
  /** Candidates measured for real at the end. */
  measured: number;
  /** Genetic: size and generations. */
  population: number;
  generations: number;
  /** Ends the search after so many evaluations: what 'take the best so far' writes. 0: none. */
  stopAfter: number;
}

export interface FineTuneSettings {
  epochs: number;
  learningRate: number;
  /** Samples a step. */
  batch: number;
}

/** The choices of a design in the BitQ lab. */
export interface BfpSlice {
  /** Entry of the engine that the command line runs. */
  task: 'run' | 'layers';
  model: BfpModel;
  /** Only with the user's own model. */
  data: OwnData | null;
  /** Of every layer that `plan` does not name. */
  format: { weights: FormatChoice; activations: FormatChoice };
  /** Layer by layer: what differs from `format`. */
  plan: Record<string, { weights?: FormatChoice; inputs?: FormatChoice; outputs?: FormatChoice }>;
  /** Null: the plan is measured as it is. Else the plan is searched, and the best is measured. */
  search: Partial<SearchSettings> | null;
  /** Null: after training only. Else the digit networks are trained on in the plan's formats (straight-through). */
  fineTune: Partial<FineTuneSettings> | null;
  /** Where accuracy is measured: `search` data may be looked at as often as wanted, `test` data only for final figures. */
  set: 'test' | 'search';
  /** At most so many samples; 0: all. */
  samples: number;
  machine: string | ({ base: string } & Partial<Omit<Machine, 'id' | 'assumptions'>>);
}

/** A share of `of`, with its 95 % interval by Wilson's score. */
export interface Share {
  count: number;
  of: number;
  percent: number;
  lowPercent: number;
  highPercent: number;
}

/** A plan against float32 on the same samples. Classes: McNemar's exact test. Text: paired bootstrap over lines. */
export interface PairedDifference {
  /** Plan minus float32, in points of accuracy. */
  points: number;
  lowPoints: number;
  highPoints: number;
  /** Two-sided. */
  pValue: number;
  test: 'mcnemar' | 'bootstrap';
  /** Samples that only float32, and only the plan, has right. */
  lost: number;
  won: number;
}

/** What a network said of one sample. */
export interface Prediction {
  /** Place in its set. */
  sample: number;
  /** The class, or the text read. */
  float: number | string;
  plan: number | string;
  label: number | string;
  /** Probability of what was said. */
  floatConfidence: number;
  planConfidence: number;
}

export interface Measurement {
  kind: 'classes' | 'text';
  set: 'test' | 'search' | 'own';
  /** How many were run: images, or lines. */
  samples: number;
  /** Classes: right answers. Text: right characters (one minus the character error rate, edits over characters). */
  float: Share;
  plan: Share;
  difference: PairedDifference;
  /** classes x classes, [label][said]. Only of classes, at most 100. */
  confusion?: { float: number[][]; plan: number[][]; classes: string[] };
  /** Samples on which the two differ or the plan is wrong, at most 400; text: all lines, at most 400. */
  shown: Prediction[];
  /** Output signal to noise of the plan against float32 over the samples, dB; undefined: equal. */
  outputSignalToNoiseDb?: number;
}

/** A layer as the list shows it. */
export interface BfpLayer {
  name: string;
  op: 'conv' | 'depthwise' | 'fc';
  weightShape: number[];
  parameters: number;
  macs: number;
  formats: LayerFormats;
  /** Stored bits per value: everything counted. */
  weightBits: number;
  inputBits: number;
  outputBits: number;
  weightSignalToNoiseDb?: number;
  /** Of its output in the network as the plan runs it, against float32, over a few samples; absent without data. */
  outputSignalToNoiseDb?: number;
  /** 48 bins over +-max|w|, and that maximum. */
  histogram: { counts: number[]; maxAbs: number };
  movement?: LayerMovement;
}

export interface BfpFigures {
  /** Absent without labelled data. */
  accuracyPercent?: number;
  accuracyFloatPercent?: number;
  accuracyLowPercent?: number;
  accuracyHighPercent?: number;
  differencePoints?: number;
  samples: number;
  averageWeightBits: number;
  averageActivationBits: number;
  weightBytes: number;
  /** Bits across the border of the large memory for one sample, at every layer's own best tiles. */
  dataMovementBits: number;
  energyPj: number;
  movementEnergyPj: number;
  computeEnergyPj: number;
  /** The same network at 8 bits everywhere (BFP, blocks of 32), at its own best tiles. */
  dataMovementBits8: number;
  [search: `search${string}`]: number;
}

/** One plan that a search looked at. */
export interface SearchPoint {
  /** Names the plan within its search. */
  id: number;
  /** What proposed it: "equal", "exact", "refined", "genetic", "hawq-like", "greedy", "random". */
  by: string;
  plan: Plan;
  averageWeightBits: number;
  averageActivationBits: number;
  dataMovementBits: number;
  energyPj: number;
  /** Accuracy lost by the additive sensitivities, points. */
  estimatedDropPoints: number;
  /** Measured on the search data; absent: estimated only. */
  measured?: Share;
  /** Of the same runs: sum (y - y_float)^2 over sum y_float^2 of the outputs. */
  outputError?: number;
  objective: number;
}

export interface SearchTrace {
  settings: SearchSettings;
  /** Accuracy of float32 on the search data; absent without labelled data. */
  floatPercent?: number;
  points: SearchPoint[];
  /** Ids of the Pareto front (accuracy against data movement) among the measured. */
  front: number[];
  bestId: number;
  baselineIds: Record<string, number>;
  evaluations: number;
  /** How far the estimate is from the measurement, over the measured points: points of accuracy. */
  estimateError: { meanAbsPoints: number; worstPoints: number; rankCorrelation: number };
  /** Additive sensitivities: [layer][choice]. */
  sensitivities: { layer: string; operand: 'weights' | 'inputs'; format: NumberFormat; dropPoints: number }[];
  stopped: 'end' | 'taken';
}

export interface BfpReport extends Report<BfpFigures> {
  model: { id: string; title: string; parameters: number; macs: number; kind: 'classes' | 'text' | 'none' };
  plan: Plan;
  layers: BfpLayer[];
  machine: Machine;
  measurement?: Measurement;
  search?: SearchTrace;
  fineTuned?: { epochs: number; lossByEpoch: number[]; weightsSha256: string };
  problems: Problem[];
  artefacts: [{ kind: 'bit-plan'; version: 1; data: BitPlan }];
}
