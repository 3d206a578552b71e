import type { Network } from '../../onnx/network.ts';
import { placeRoles } from '../place.ts';
import type { CimOperator, CimProblem, CompiledPlan } from '../types.ts';
import { type Addresses, addressesOf } from './addresses.ts';
import { rangesOf } from './ranges.ts';
import type { Instruction, Program } from './types.ts';

const FORMS = { conv: 'conv', depthwise: 'conv', fc: 'fc', matmul: 'mm' } as const satisfies Record<
  CimOperator['kind'],
  string
>;

/**
 * The program of a plan, one block a segment: mode switches, weights into arrays, products, and what the vector unit does as
 * soon as its inputs are there. A repeated section stands once. Of a block that was taken out of its network, only products
 * whose operands the block computes, or that are its inputs, can be told; all else of the network is emitted in order.
 */
export function emitProgram(network: Network, problem: CimProblem, { segments }: CompiledPlan): Program {
  const addresses = addressesOf(network);
  const { operators } = problem;
  const partsLeft = new Map<number, number>();
  for (const { layer } of operators) partsLeft.set(layer, (partsLeft.get(layer) ?? 0) + 1);
  const done = new Set<number>();
  for (const { index, kind } of network.layers) if (kind.op === 'input') done.add(index);
  const program: Program = { segments: [] };
  for (const { segment: at, arrays } of placeRoles(problem, segments)) {
    const segment = segments[at]!;
    const block: Instruction[] = [];
    for (const to of ['memory', 'compute'] as const) {
      const switched = addressesOfRoles(arrays, (each) => each.switched && each.mode === to);
      if (switched.length > 0) block.push({ op: 'switch', to, arrays: rangesOf(switched) });
    }
    for (const index of segment.operators) {
      const operator = operators[index]!;
      vectorUnit(network, addresses, partsLeft, done, block);
      const own = addressesOfRoles(arrays, (each) => each.role === 'compute' && each.operator === index);
      const into = addressesOfRoles(
        arrays,
        (each) =>
          (each.role === 'input' && each.operator === index) || (each.role === 'shared' && each.other === index),
      );
      const out = addressesOfRoles(
        arrays,
        (each) => (each.role === 'output' || each.role === 'shared') && each.operator === index,
      );
      const { inputs } = network.layers[operator.layer]!;
      block.push({
        op: 'write',
        operator: operator.name,
        source: operator.dynamic ? addresses.results[inputs[1]!]! : undefined,
        arrays: rangesOf(own),
      });
      block.push({
        op: 'read',
        form: FORMS[operator.kind],
        operator: operator.name,
        source: addresses.results[inputs[0]!]!,
        target: addresses.sums[operator.layer]!,
        arrays: rangesOf(own),
        inputs: rangesOf(into),
        outputs: rangesOf(out),
      });
      const left = partsLeft.get(operator.layer)! - 1;
      partsLeft.set(operator.layer, left);
      if (left > 0) continue;
      done.add(operator.layer);
      block.push({
        op: 'alu',
        name: 'requantise',
        layer: network.layers[operator.layer]!.name,
        sources: [addresses.sums[operator.layer]!],
        target: addresses.results[operator.layer]!,
      });
    }
    if (at === segments.length - 1) vectorUnit(network, addresses, partsLeft, done, block);
    program.segments.push(block);
  }
  return program;
}

function addressesOfRoles<R>(arrays: readonly R[], holds: (each: R) => boolean): number[] {
  return arrays.flatMap((each, at) => (holds(each) ? [at] : []));
}

/** All layers without products whose inputs are there by now. Layers are in topological order. */
function vectorUnit(
  { layers }: Network,
  { results }: Addresses,
  products: ReadonlyMap<number, number>,
  done: Set<number>,
  block: Instruction[],
): void {
  for (const { index, name, kind, inputs } of layers) {
    if (done.has(index) || products.has(index)) continue;
    if (kind.op === 'conv' || kind.op === 'fc' || kind.op === 'matmul') continue;
    if (!inputs.every((each) => done.has(each))) continue;
    done.add(index);
    const sources = inputs.map((each) => results[each]!);
    block.push({ op: 'alu', name: kind.op, layer: name, sources, target: results[index]! });
  }
}
