import { createRandom } from '../../core/random.ts';
import type { NumberFormat } from '../../tensor/formats/types.ts';
import { wilsonShare } from '../statistics/index.ts';
import type { Assignment, MeasuredPlan, OperandChoice, PlanSpace, SpaceLayer } from './types.ts';

function bfp(mantissaBits: number, block: number): NumberFormat {
  return { kind: 'bfp', mantissaBits, exponentBits: 8, block, rounding: 'even' };
}

export interface ToyOptions {
  layers?: number;
  seed?: number;
  weightBits?: number[];
  inputBits?: number[];
  /** Layers that read a layer's output; a chain unless given. */
  consumers?: (layer: number, layers: number) => number[];
  /** Points that a whole plan really loses, by its additive drop. */
  real?: (drop: number, assignment: Assignment) => number;
  samples?: number;
}

/** A network that is not one: drops fall by four a bit, movement is linear in the bits with a step where a tile fits. */
export function toySpace(options: ToyOptions = {}): PlanSpace & { measurements: { count: number } } {
  const { layers: count = 6, seed = 1, weightBits = [3, 4, 6], inputBits = [4, 6], samples = 10_000 } = options;
  const random = createRandom(seed);
  const between = (low: number, high: number) => low + (high - low) * random.float();
  const choices = (bits: number[], sensitivity: number): OperandChoice[] =>
    bits.map((m) => ({
      format: bfp(m, 32),
      bitsPerValue: m + 8 / 32,
      drop: (sensitivity * between(0.5, 1.5)) / 4 ** m,
    }));
  const layers: SpaceLayer[] = Array.from({ length: count }, (_, i) => ({
    name: `layer${i}`,
    weights: choices(weightBits, between(5, 200)),
    inputs: choices(inputBits, between(5, 200)),
    weightCount: Math.round(between(100, 9000)),
    inputCount: Math.round(between(100, 9000)),
    consumers: options.consumers?.(i, count) ?? (i + 1 < count ? [i + 1] : []),
    outputBits: 32,
  }));
  const traffic = layers.map(() => [between(1, 9), between(1, 9), between(1, 9), between(10, 90)] as const);
  const measurements = { count: 0 };
  const measured = (assignment: Assignment): MeasuredPlan => {
    const drop = layers.reduce(
      (sum, layer, i) => sum + layer.weights[assignment[2 * i]!]!.drop + layer.inputs[assignment[2 * i + 1]!]!.drop,
      0,
    );
    const lost = Math.min(samples, Math.round(((options.real?.(drop, assignment) ?? drop) / 100) * samples));
    measurements.count++;
    return { accuracy: wilsonShare(samples - lost, samples), lost, won: 0, outputError: drop / 100 };
  };
  return {
    layers,
    floatAccuracyPercent: 100,
    movement(at, bits) {
      const [w, a, o, step] = traffic[at]!;
      const { weightCount, inputCount } = layers[at]!;
      const sum = w * bits.weights * weightCount + a * bits.inputs * inputCount + 2 * o * bits.outputs * inputCount;
      const dramBits = sum * (bits.weights + bits.inputs + bits.outputs > 14 ? 1 + step / 100 : 1);
      return { dramBits, energyPj: 20 * dramBits + weightCount * bits.weights * bits.inputs };
    },
    measure: async (plans) => plans.map(measured),
    measurements,
  };
}

/** Every assignment of the space, in order. */
export function* allPlans(space: PlanSpace): Generator<number[]> {
  const sizes = space.layers.flatMap((layer) => [layer.weights.length, layer.inputs.length]);
  const plan = sizes.map(() => 0);
  for (;;) {
    yield plan.slice();
    let digit = sizes.length - 1;
    while (digit >= 0 && plan[digit] === sizes[digit]! - 1) plan[digit--] = 0;
    if (digit < 0) return;
    plan[digit]!++;
  }
}
