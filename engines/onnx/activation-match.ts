import { math } from '../core/index.ts';
import { float } from './attributes.ts';
import type { Activation } from './network.ts';
import type { Values } from './values.ts';
import type { Found, WorkGraph, WorkNode } from './work-graph.ts';

/*
 * Activations spelled out in several operators (hard-swish as Add, Clip, Mul, Div; GELU through Erf or Tanh; SiLU as
 * x * sigmoid(x)) come in many orders. Rather than one pattern for each, a region of element-wise nodes that depends on one
 * value alone is run at a few points, and recognised by what it computes.
 */

/** Points that tell the known activations apart: both sides of every corner. */
const POINTS = [-20, -7, -4.2, -3, -2.1, -1.2, -0.7, -0.2, 0, 0.2, 0.7, 1.2, 2.1, 3, 4.2, 7, 20];

/** Longest spelling seen in the wild is GELU by Tanh with the cube as two products: 9 nodes. */
const MOST_NODES = 12;

type Scalar = (x: number) => number;

/** Where the fits come from: the definitions; GELU also by its tanh approximation, which errs by less than 0.0005. */
const KNOWN: { how: Activation; f: Scalar; tolerance: number }[] = [
  { how: 'relu', f: (x) => Math.max(0, x), tolerance: 1e-6 },
  { how: 'hard-swish', f: (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6, tolerance: 1e-4 },
  { how: 'hard-sigmoid', f: (x) => Math.min(6, Math.max(0, x + 3)) / 6, tolerance: 1e-4 },
  { how: 'silu', f: (x) => x * sigmoid(x), tolerance: 1e-5 },
  { how: 'gelu', f: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)), tolerance: 1e-3 },
  { how: 'mish', f: (x) => x * tanh(math.log(1 + math.exp(x))), tolerance: 1e-5 },
  { how: 'tanh', f: tanh, tolerance: 1e-6 },
  { how: 'sigmoid', f: sigmoid, tolerance: 1e-6 },
];

/** Replaces every region that computes a known activation by one node "Activation". */
export function matchActivations(graph: WorkGraph, values: Values): void {
  // From the end, so that a region is found whole before its parts.
  for (const last of graph.inOrder().reverse()) {
    if (!graph.nodes.has(last) || !isElementwise(last, values)) continue;
    for (const root of rootsOf(last, graph, values)) {
      const region = regionOf(last, root, graph, values);
      if (!region || region.length < 2 || !region.some(({ op }) => BENDS.has(op))) continue;
      if (!standsAlone(region, last, graph)) continue;
      const found = recognise(last, root, graph, values);
      if (!found) continue;
      graph.replace(region, last, { op: 'Activation', inputs: [root], found });
      break;
    }
  }
}

/** Which activation a single operator computes. */
export function activationOf(node: WorkNode, values: Values): (Found & { what: 'activation' }) | undefined {
  if (node.found?.what === 'activation') return node.found;
  if (node.domain !== '') return undefined;
  switch (node.op) {
    case 'Relu':
      return { what: 'activation', how: 'relu' };
    case 'Tanh':
      return { what: 'activation', how: 'tanh' };
    case 'Sigmoid':
      return { what: 'activation', how: 'sigmoid' };
    case 'HardSwish':
      return { what: 'activation', how: 'hard-swish' };
    case 'Gelu':
      return { what: 'activation', how: 'gelu' };
    case 'Mish':
      return { what: 'activation', how: 'mish' };
    case 'LeakyRelu':
      return { what: 'activation', how: 'leaky-relu', alpha: float(node.attributes, 'alpha', 0.01) };
    case 'Clip': {
      const bounds = clipBounds(node, values);
      if (!bounds) return undefined;
      const { min, max } = bounds;
      if (min === 0 && max === undefined) return { what: 'activation', how: 'relu' };
      return { what: 'activation', how: 'clip', ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
    }
    case 'HardSigmoid': {
      const alpha = float(node.attributes, 'alpha', 0.2);
      const beta = float(node.attributes, 'beta', 0.5);
      // ONNX lets the slope be chosen; the one that networks use is 1/6, and 0.2 in older ones.
      return beta === 0.5 && (Math.abs(alpha - 1 / 6) < 1e-4 || Math.abs(alpha - 0.2) < 1e-6)
        ? { what: 'activation', how: 'hard-sigmoid', ...(Math.abs(alpha - 0.2) < 1e-6 && { alpha }) }
        : undefined;
    }
    default:
      return undefined;
  }
}

function clipBounds(node: WorkNode, values: Values): { min?: number; max?: number } | undefined {
  const bound = (index: 1 | 2, attribute: 'min' | 'max'): number | undefined | 'unknown' => {
    const input = node.inputs[index];
    if (input) return values.scalar(input) ?? 'unknown';
    const given = float(node.attributes, attribute, Number.NaN);
    return Number.isNaN(given) || Math.abs(given) > 3.4e38 ? undefined : given;
  };
  const min = bound(1, 'min');
  const max = bound(2, 'max');
  return min === 'unknown' || max === 'unknown' ? undefined : { min, max };
}

const UNARY = new Set([
  'Relu',
  'Sigmoid',
  'Tanh',
  'Erf',
  'Exp',
  'Log',
  'Neg',
  'Softplus',
  'HardSigmoid',
  'Clip',
  'Sqrt',
]);
/** Without one of these a region computes a polynomial, and no activation. */
const BENDS = new Set(['Relu', 'Sigmoid', 'Tanh', 'Erf', 'Exp', 'Softplus', 'HardSigmoid', 'Clip', 'Min', 'Max']);
const BINARY = new Set(['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Min', 'Max']);

function isElementwise(node: WorkNode, values: Values): boolean {
  if (node.domain !== '' || node.outputs.length !== 1) return false;
  if (node.op === 'Clip') return clipBounds(node, values) !== undefined;
  if (UNARY.has(node.op)) return true;
  if (!BINARY.has(node.op) || node.inputs.length !== 2) return false;
  return node.inputs.every((input) => !values.isConstant(input) || values.scalar(input) !== undefined);
}

function computedInputs(node: WorkNode, values: Values): string[] {
  const operands = BINARY.has(node.op) ? node.inputs : node.inputs.slice(0, 1);
  return [...new Set(operands.filter((input) => !values.isConstant(input)))];
}

/** Values of which the node's result is a function alone, the farthest first. */
function rootsOf(last: WorkNode, graph: WorkGraph, values: Values): string[] {
  // Breadth first backwards; wherever one value alone is left open, that is a root.
  let open = new Set(computedInputs(last, values));
  const roots: string[] = [];
  const ranks = new Map<string, number>();
  const rank = (value: string, depth = 0): number => {
    const known = ranks.get(value);
    if (known !== undefined) return known;
    const producer = graph.producer(value);
    const found =
      depth > MOST_NODES || !producer || !isElementwise(producer, values)
        ? 0
        : 1 + Math.max(0, ...computedInputs(producer, values).map((input) => rank(input, depth + 1)));
    ranks.set(value, found);
    return found;
  };
  for (let step = 0; step < MOST_NODES && open.size > 0; step++) {
    if (open.size === 1) roots.push(...open);
    // The open value that lies nearest to the end is opened next, so that its operands are met once all else is.
    const next = [...open].reduce((far, value) => (rank(value) > rank(far) ? value : far));
    const producer = graph.producer(next);
    if (!producer || !isElementwise(producer, values)) break;
    open = new Set([...open].filter((value) => value !== next));
    for (const input of computedInputs(producer, values)) open.add(input);
  }
  return roots.reverse();
}

function regionOf(last: WorkNode, root: string, graph: WorkGraph, values: Values): WorkNode[] | undefined {
  const region = new Set<WorkNode>([last]);
  const queue = [last];
  for (let node = queue.pop(); node; node = queue.pop()) {
    for (const input of computedInputs(node, values)) {
      if (input === root) continue;
      const producer = graph.producer(input);
      if (!producer || !isElementwise(producer, values) || region.size > MOST_NODES) return undefined;
      if (!region.has(producer)) {
        region.add(producer);
        queue.push(producer);
      }
    }
  }
  return [...region].reverse();
}

/** Nobody outside reads what is computed inside. */
function standsAlone(region: readonly WorkNode[], last: WorkNode, graph: WorkGraph): boolean {
  const inside = new Set(region);
  return region.every((node) => {
    if (node === last) return true;
    const [output = ''] = node.outputs;
    return !graph.outputs.has(output) && [...graph.consumers(output)].every((reader) => inside.has(reader));
  });
}

function recognise(last: WorkNode, root: string, graph: WorkGraph, values: Values): Found | undefined {
  const results: number[] = [];
  for (const x of POINTS) {
    const y = evaluate(last.outputs[0]!, root, x, graph, values, new Map());
    if (y === undefined) return undefined;
    results.push(y);
  }
  const fits = (f: Scalar, tolerance: number): boolean =>
    POINTS.every((x, index) => Math.abs(f(x) - results[index]!) <= tolerance * Math.max(1, Math.abs(x)));
  for (const { how, f, tolerance } of KNOWN) if (fits(f, tolerance)) return { what: 'activation', how };
  // GELU by x * sigmoid(1.702 x), as CLIP has it.
  if (fits((x) => x * sigmoid(1.702 * x), 1e-4)) return { what: 'activation', how: 'gelu' };
  if (fits((x) => Math.min(1, Math.max(0, 0.2 * x + 0.5)), 1e-5))
    return { what: 'activation', how: 'hard-sigmoid', alpha: 0.2 };
  return undefined;
}

function evaluate(
  value: string,
  root: string,
  x: number,
  graph: WorkGraph,
  values: Values,
  memo: Map<string, number | undefined>,
): number | undefined {
  if (value === root) return x;
  if (memo.has(value)) return memo.get(value);
  const scalar = values.scalar(value);
  if (scalar !== undefined) return scalar;
  const node = graph.producer(value);
  if (!node) return undefined;
  const operands = BINARY.has(node.op) ? node.inputs : node.inputs.slice(0, 1);
  const [a, b] = operands.map((input) => evaluate(input, root, x, graph, values, memo));
  const result = a === undefined ? undefined : compute(node, a, b ?? 0, values);
  memo.set(value, result);
  return result;
}

function compute(node: WorkNode, a: number, b: number, values: Values): number | undefined {
  switch (node.op) {
    case 'Add':
      return a + b;
    case 'Sub':
      return a - b;
    case 'Mul':
      return a * b;
    case 'Div':
      return a / b;
    case 'Min':
      return Math.min(a, b);
    case 'Max':
      return Math.max(a, b);
    case 'Pow':
      return Number.isInteger(b) && b > 0 && b < 10 ? a ** b : math.pow(a, b);
    case 'Relu':
      return Math.max(0, a);
    case 'Neg':
      return -a;
    case 'Sigmoid':
      return sigmoid(a);
    case 'Tanh':
      return tanh(a);
    case 'Erf':
      return erf(a);
    case 'Exp':
      return math.exp(a);
    case 'Log':
      return math.log(a);
    case 'Softplus':
      return math.log(1 + math.exp(a));
    case 'Sqrt':
      return Math.sqrt(a);
    case 'HardSigmoid':
      return Math.min(1, Math.max(0, float(node.attributes, 'alpha', 0.2) * a + float(node.attributes, 'beta', 0.5)));
    case 'Clip': {
      const bounds = clipBounds(node, values);
      return bounds && Math.min(bounds.max ?? a, Math.max(bounds.min ?? a, a));
    }
    default:
      return undefined;
  }
}

function sigmoid(x: number): number {
  return 1 / (1 + math.exp(-x));
}

function tanh(x: number): number {
  if (Math.abs(x) > 20) return Math.sign(x);
  const e = math.exp(2 * x);
  return (e - 1) / (e + 1);
}

/** Abramowitz and Stegun 7.1.26: errs by less than 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * math.exp(-x * x));
}
