import type { Plan, RunLayer } from '../../onnx/run/types.ts';
import { formatText } from '../../tensor/formats/index.ts';
import { activationBits, weightBits } from '../layer-table.ts';
import { bitPlanOf } from '../plan.ts';

/** What a plan's file says of one layer. Bits are stored bits per value, everything counted. */
export interface PlanRow {
  layer: string;
  op: string;
  parameters: number;
  macs: number;
  weights: string;
  weightBits: number;
  inputs: string;
  inputBits: number;
  outputs: string;
  outputBits: number;
}

export function planRows(plan: Plan, layers: readonly RunLayer[]): PlanRow[] {
  return layers.map((layer): PlanRow => {
    const formats = plan[layer.name];
    const float = { kind: 'float32' } as const;
    const { weights, inputs, outputs } = formats ?? { weights: float, inputs: float, outputs: undefined };
    return {
      layer: layer.name,
      op: layer.op,
      parameters: layer.weights.length,
      macs: layer.macs,
      weights: formatText(weights),
      weightBits: weightBits(layer, weights).perElement,
      inputs: formatText(inputs),
      inputBits: activationBits(layer.inputShape, inputs).perElement,
      outputs: formatText(outputs ?? float),
      outputBits: activationBits(layer.outputShape, outputs ?? float).perElement,
    };
  });
}

/**
 * A plan as JSON: `plan` in the words that a design takes (`slices.bfp.plan`), the layers with their bits, and the artefact
 * that the mapping labs read.
 */
export function planJson(model: string, plan: Plan, layers: readonly RunLayer[]): string {
  const rows = planRows(plan, layers);
  const data = {
    madeWith: 'Crossbar Studio, lab bfp (BitQ)',
    model,
    plan: Object.fromEntries(
      Object.entries(plan).map(([name, { weights, inputs, outputs }]) => [
        name,
        {
          weights: formatText(weights),
          inputs: formatText(inputs),
          ...(outputs && { outputs: formatText(outputs) }),
        },
      ]),
    ),
    layers: rows,
    artefact: { kind: 'bit-plan', version: 1, data: bitPlanOf(plan) },
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}

const COLUMNS: readonly (keyof PlanRow)[] = [
  'layer',
  'op',
  'parameters',
  'macs',
  'weights',
  'weightBits',
  'inputs',
  'inputBits',
  'outputs',
  'outputBits',
];

/** A plan as CSV (RFC 4180): a row for each layer. */
export function planCsv(plan: Plan, layers: readonly RunLayer[]): string {
  const lines = [
    COLUMNS.join(','),
    ...planRows(plan, layers).map((row) => COLUMNS.map((name) => field(row[name])).join(',')),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
