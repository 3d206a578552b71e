import type { Dim, Graph } from '../types.ts';
import type { Fact, NodeFacts, Rule } from './facts.ts';

/** What is true of both: the same sizes stay, others become unknown. */
function join(node: NodeFacts, a: Fact | undefined, b: Fact | undefined, output: number): Fact | undefined {
  if (!a || !b) return undefined;
  const type = a.type === b.type ? a.type : undefined;
  const each = a.each && b.each ? join(node, a.each, b.each, output) : undefined;
  if (!a.shape || !b.shape || a.shape.length !== b.shape.length) return { type, each };
  const shape = a.shape.map((dim, axis) => {
    const other = b.shape?.[axis] ?? dim;
    return node.symbols.same(dim, other) ? dim : node.unknown(axis, output);
  });
  return { type, shape, each };
}

function branch(node: NodeFacts): (Fact | undefined)[] {
  const [yes, no] = [node.graph('then_branch'), node.graph('else_branch')];
  if (!yes || !no) return node.fail('lacks a branch (then_branch, else_branch)');
  const whenTrue = node.inferBranch(yes, []);
  const whenFalse = node.inferBranch(no, []);
  const [condition] = node.elements(0) ?? [];
  if (typeof condition === 'number') return condition ? whenTrue : whenFalse;
  return node.node.outputs.map((_, output) => join(node, whenTrue[output], whenFalse[output], output));
}

/** Sizes of a carried value that the body changes cannot be known before the loop runs. */
function loop(node: NodeFacts): (Fact | undefined)[] {
  const body = node.graph('body');
  if (!body) return node.fail('lacks its body');
  const entering = node.inputs.slice(2).map((fact) => fact && { ...fact, elements: undefined, constant: false });
  const trips: Fact = { type: 'int64', shape: [] };
  const goes: Fact = { type: 'bool', shape: [] };
  let carried: (Fact | undefined)[] = entering;
  let leaving = node.inferBranch(body, [trips, goes, ...carried]);
  // A second pass with what the first left open: sizes that then still change are unknown.
  carried = entering.map((fact, index) => join(node, fact, leaving[index + 1], index));
  leaving = node.inferBranch(body, [trips, goes, ...carried]);
  const count: Dim | undefined = node.elements(0)?.[0];
  const scans = leaving.slice(1 + entering.length);
  return [
    ...entering.map((fact, index) => join(node, fact, leaving[index + 1], index)),
    ...scans.map((fact, index) => {
      const output = entering.length + index;
      const condition = node.has(1) ? undefined : count;
      return { type: fact?.type, shape: fact?.shape && [condition ?? node.unknown(0, output), ...fact.shape] };
    }),
  ];
}

/** Scan since opset 9: states, then one slice of every scanned input at a time. */
function scan(node: NodeFacts): (Fact | undefined)[] {
  const body = node.graph('body');
  if (!body) return node.fail('lacks its body');
  const scanned = node.int('num_scan_inputs', 0);
  if (body.inputs.length === node.inputs.length - 1) return scanOfOpset8(node, body, scanned);
  const states = node.inputs.length - scanned;
  if (!(scanned > 0) || states < 0) return node.fail(`scans ${scanned} of its ${node.inputs.length} inputs`);
  const inAxes = node.ints('scan_input_axes');
  const outAxes = node.ints('scan_output_axes');
  let length: Dim | undefined;
  const slices = node.inputs.slice(states).map((fact, index): Fact | undefined => {
    if (!fact?.shape) return fact && { type: fact.type };
    const axis = node.axis(inAxes?.[index] ?? 0, fact.shape.length);
    length ??= fact.shape[axis];
    return { type: fact.type, shape: fact.shape.filter((_, at) => at !== axis) };
  });
  const entering = node.inputs
    .slice(0, states)
    .map((fact) => fact && { ...fact, elements: undefined, constant: false });
  const leaving = node.inferBranch(body, [...entering, ...slices]);
  return leaving.map((fact, index) => {
    if (index < states) return join(node, entering[index], fact, index);
    if (!fact?.shape) return fact && { type: fact.type };
    const shape = [...fact.shape];
    const axis = node.axis(outAxes?.[index - states] ?? 0, shape.length + 1);
    shape.splice(axis, 0, length ?? node.unknown(axis, index));
    return { type: fact.type, shape };
  });
}

/** Scan of opset 8: lengths first, and a batch before everything: states are B x ..., scanned inputs B x length x ... */
function scanOfOpset8(node: NodeFacts, body: Graph, scanned: number): (Fact | undefined)[] {
  const states = node.inputs.length - 1 - scanned;
  const inner = node.inputs.slice(1).map(
    (fact, index): Fact => ({
      type: fact?.type,
      shape: fact?.shape?.slice(index < states ? 1 : 2),
    }),
  );
  const [batch, length] = node.shape(1 + states) ?? [];
  return node.inferBranch(body, inner).map((fact, index) => {
    const leading = index < states ? [batch] : [batch, length];
    const shape = leading.map((dim, axis) => dim ?? node.unknown(axis, index));
    return { type: fact.type, shape: fact.shape && [...shape, ...fact.shape] };
  });
}

export const control: Record<string, Rule> = { If: branch, Loop: loop, Scan: scan };
