import type { Plan } from '../../onnx/run/types.ts';
import { blockOf, lineLength, type NumberFormat, type Quantizer } from '../../tensor/formats/index.ts';
import type { Net, NetValue } from './net.ts';
import type { InFormats } from './train.ts';

/**
 * A plan as training sees it: weights and what layers read and write go through their formats on the way forward, rows cut
 * as the runner cuts them (`engines/onnx/run/types.ts`). Biases stay float32, as there. Layers that the plan does not name
 * stay as they are.
 */
export function inFormats(net: Net, plan: Plan, quantizer: Quantizer, seed: number): InFormats {
  const layers = net.steps.filter((step) => 'weight' in step);
  const ofWeight = new Map(layers.map((layer) => [layer.weight, layer]));
  const ofPlan = (layer: string): Plan[string] | undefined => (Object.hasOwn(plan, layer) ? plan[layer] : undefined);
  const round = (values: Float32Array, channels: number, line: number, format: NumberFormat): Float32Array =>
    quantizer.rows(values, lineLength(channels, line, blockOf(format)), format, seed);
  const activations = (values: Float32Array, { width, channels }: NetValue, format: NumberFormat | undefined): void => {
    if (format && format.kind !== 'float32') values.set(round(values, channels, width * channels, format));
  };
  return {
    weights(parameter, weights, used) {
      const layer = ofWeight.get(parameter);
      const format = layer && ofPlan(layer.name)?.weights;
      if (!format || format.kind === 'float32') used.set(weights);
      else {
        const { rowLength } = net.parameters[parameter]!;
        used.set(round(weights, layer.op === 'conv' ? layer.patches.channels : rowLength, rowLength, format));
      }
    },
    values: {
      input: (layer, values, shape) => activations(values, shape, ofPlan(layer)?.inputs),
      output: (layer, values, shape) => activations(values, shape, ofPlan(layer)?.outputs),
    },
  };
}
