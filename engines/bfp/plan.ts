import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import type { BitPlan } from '../onnx/bit-plan.ts';
import type { LayerFormats, Plan, RunLayer } from '../onnx/run/types.ts';
import { checkFormat, MX_BITS, parseFormat } from '../tensor/formats/index.ts';
import type { NumberFormat } from '../tensor/formats/types.ts';
import type { BfpSlice, FormatChoice } from './types.ts';

/** A format as a design writes it. Problems: a short form that cannot be read, with its place in the design. */
export function formatOf(choice: FormatChoice, path: string): Result<NumberFormat> {
  if (typeof choice !== 'string') {
    const problem = checkFormat(choice);
    return problem ? fail({ ...problem, where: { path } }) : ok(choice);
  }
  const parsed = parseFormat(choice);
  if (parsed.ok) return parsed;
  const [first, ...others] = parsed.problems.map((problem) => ({ ...problem, where: { path } }));
  return fail(first!, ...others);
}

/** The formats of every layer: the design's own of the layers that it names, else those of the whole network. */
export function resolvePlan(
  { format, plan }: Pick<BfpSlice, 'format' | 'plan'>,
  layers: readonly RunLayer[],
): Result<{ plan: Plan; problems: Problem[] }> {
  const weights = formatOf(format.weights, 'slices.bfp.format.weights');
  const inputs = formatOf(format.activations, 'slices.bfp.format.activations');
  if (!weights.ok) return weights;
  if (!inputs.ok) return inputs;
  const names = new Set(layers.map(({ name }) => name));
  const problems = Object.keys(plan)
    .filter((name) => !names.has(name))
    .map((name) => unknownLayer(name, [...names]));
  const resolved: Plan = {};
  for (const { name } of layers) {
    const formats: LayerFormats = { weights: weights.value, inputs: inputs.value };
    for (const [operand, choice] of Object.entries(plan[name] ?? {})) {
      const own = formatOf(choice, `slices.bfp.plan.${name}.${operand}`);
      if (!own.ok) return own;
      formats[operand as keyof LayerFormats] = own.value;
    }
    resolved[name] = formats;
  }
  return ok({ plan: resolved, problems });
}

/** A plan of an earlier model names layers that this one lacks: that is said, and hurts nothing. */
function unknownLayer(name: string, known: string[]): Problem {
  return {
    ...error(
      'bfp.unknown-layer',
      `The plan names a layer "${name}" that the network does not have.`,
      `It has: ${known.slice(0, 8).join(', ')}${known.length > 8 ? ' ...' : ''}.`,
      { path: `slices.bfp.plan.${name}` },
    ),
    severity: 'warning',
  };
}

/** The same formats in all layers. */
export function equalPlan(layers: readonly RunLayer[], formats: LayerFormats): Plan {
  return Object.fromEntries(layers.map(({ name }) => [name, formats]));
}

/** What the mapping labs take: whole bits of each layer's codes, without what blocks share. */
export function bitPlanOf(plan: Plan): BitPlan {
  return {
    layers: Object.fromEntries(
      Object.entries(plan).map(([name, { weights, inputs }]) => [
        name,
        { weights: codeBits(weights), activations: codeBits(inputs) },
      ]),
    ),
  };
}

/** Bits of one code: what a cell or a wire of a mapped network holds. */
export function codeBits(format: NumberFormat): number {
  switch (format.kind) {
    case 'float32':
      return 32;
    case 'float16':
    case 'bfloat16':
      return 16;
    case 'bfp':
      return format.mantissaBits;
    case 'block-minifloat':
      return 1 + format.exponentBits + format.mantissaBits;
    case 'mx':
      return MX_BITS[format.element];
    case 'nvfp4':
      return 4;
    case 'int':
      return format.bits;
    case 'gguf':
      return Number(format.type[1]);
  }
}
