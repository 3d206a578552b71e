import type { NumberFormat } from '../../tensor/formats/types.ts';
import type { OperandBits } from '../movement/types.ts';
import type { Share } from '../types.ts';

/*
 * What a search sees of a network: layers with choices, what each choice costs, and a way to measure whole plans. Nothing
 * of the runner, the data or the machine; toys are as good as networks.
 */

/** A format that an operand of a layer may be put into. */
export interface OperandChoice {
  format: NumberFormat;
  /** Stored bits per value, shared exponents and short last blocks included. */
  bitsPerValue: number;
  /**
   * What is lost when only this operand is put into the format and all else stays float32: adds up over operands. In points
   * of accuracy, or in any unit that points are roughly proportional to (relative output error, Fisher loss): measured plans
   * give the scale.
   */
  drop: number;
}

export interface SpaceLayer {
  name: string;
  /** At least one of each; one only: the operand is not searched. */
  weights: OperandChoice[];
  inputs: OperandChoice[];
  /** Values that are stored: learned numbers, and the input of one sample. */
  weightCount: number;
  inputCount: number;
  /**
   * Places in `PlanSpace.layers`, all behind this layer, of the layers that read its output (element-wise operators and the
   * like in between). Its output is kept in the widest format that one of them reads.
   */
  consumers: number[];
  /** Bits per value of the output of a layer without consumers: the network's own output. */
  outputBits: number;
}

export interface MovementCost {
  /** Across the border of the large memory, one sample. */
  dramBits: number;
  energyPj: number;
}

/** A plan that was run on the search data. */
export interface MeasuredPlan {
  accuracy: Share;
  /** Against float32 on the same samples: those that only float32, and only the plan, has right. */
  lost?: number;
  won?: number;
  /** Sum (y - y_float)^2 over sum y_float^2 of the network's outputs: tells plans apart that accuracy cannot. */
  outputError?: number;
  /** Mean distance of the outputs' distributions from float32's over all search samples (`distance.ts`): finer still. */
  distance?: number;
}

/** One choice of each operand: [weights of layer 0, inputs of layer 0, weights of layer 1, ...], places in the lists. */
export type Assignment = readonly number[];

export interface PlanSpace {
  /** In the order of the run: a layer's consumers stand behind it. */
  layers: SpaceLayer[];
  /** Of float32 on the search data. */
  floatAccuracyPercent: number;
  /** Asked once for each layer and triple of bits. More bits never move less. */
  movement(layer: number, bits: OperandBits): MovementCost;
  /** `movement().dramBits`, where that is known sooner than the energy: asked many thousand times. */
  dramBits?(layer: number, bits: OperandBits): number;
  /**
   * Runs plans on the search data, as many at once as it likes; answers in their order. Called with batches that the spec
   * fixes. Absent: there is no labelled data, and the search goes by estimates alone.
   */
  measure?(plans: Assignment[], signal: AbortSignal): Promise<MeasuredPlan[]>;
  /** What a search may ask of plans more cheaply than to measure them. */
  probing?: {
    /** How many plans it may ask for: fixed by network and data. */
    plans: number;
    /** Distances of the plans' outputs from those of float32 on a few search samples, in the unit of `distance`. */
    probe(plans: Assignment[], signal: AbortSignal): Promise<number[]>;
  };
}

/** What a plan costs and is believed to lose: sums over the layers. */
export interface PlanCost {
  /** Additive, in the unit of `OperandChoice.drop`. */
  drop: number;
  weightBits: number;
  activationBits: number;
  averageWeightBits: number;
  averageActivationBits: number;
  dramBits: number;
  energyPj: number;
}
