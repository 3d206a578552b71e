import { int, ints } from './attributes.ts';
import type { Values } from './values.ts';
import type { WorkGraph, WorkNode } from './work-graph.ts';

/** Removes what computes nothing at inference: constants, dropout, identities, changes of type, pairs of quantisers. */
export function removeIdle(graph: WorkGraph, values: Values): void {
  for (const node of [...graph.nodes]) {
    const [output = '', ...more] = node.outputs;
    if (node.outputs.every((value) => value === '' || values.isConstant(value))) graph.remove(node);
    else if (node.domain !== '') continue;
    else if (IDLE.has(node.op) && more.every((value) => graph.consumers(value).size === 0))
      graph.bypass(node, node.inputs[0]!);
    else if (node.op === 'Pad' && padsOf(node, values)?.every((pad) => pad === 0)) graph.bypass(node, node.inputs[0]!);
    else if (
      node.op === 'Concat' ||
      node.op === 'Sum' ||
      node.op === 'Max' ||
      node.op === 'Min' ||
      node.op === 'Mean'
    ) {
      // A past of length 0 is joined to nothing.
      const present = node.inputs.filter((input) => node.op !== 'Concat' || !values.shape(input)?.includes(0));
      if (present.length === 1 && output !== '') graph.bypass(node, present[0]!);
      else if (present.length > 0 && present.length < node.inputs.length) node.inputs = present;
    }
  }
}

const IDLE = new Set(['Identity', 'Dropout', 'Cast', 'CastLike', 'QuantizeLinear', 'DequantizeLinear']);

/** Begin and end padding of every axis, as the operator Pad has it: as attribute (opset 2) or as input (opset 11). */
function padsOf(node: WorkNode, values: Values): number[] | undefined {
  const pads =
    ints(node.attributes, 'pads') ?? ints(node.attributes, 'paddings') ?? values.elements(node.inputs[1] ?? '');
  const axes = node.inputs[3] ? values.elements(node.inputs[3]) : undefined;
  const rank = values.dims(node.inputs[0]!)?.length;
  if (!pads || !node.inputs[3]) return pads;
  if (!axes || rank === undefined) return undefined;
  const all = new Array<number>(2 * rank).fill(0);
  for (const [index, axis] of axes.entries()) {
    const at = axis < 0 ? axis + rank : axis;
    all[at] = pads[index] ?? 0;
    all[at + rank] = pads[index + axes.length] ?? 0;
  }
  return all;
}

const WINDOWED = new Set(['Conv', 'AveragePool', 'MaxPool']);

/**
 * Padding of zeros around H and W joins the window that reads it. Before the largest of a window it may only where nothing
 * is below zero (after a ReLU), since there the operator's own padding counts as less than everything.
 */
export function mergePads(graph: WorkGraph, values: Values): void {
  for (const pad of [...graph.nodes]) {
    if (pad.op !== 'Pad' || pad.domain !== '') continue;
    const reader = graph.onlyConsumer(pad.outputs[0]!);
    const mode = pad.attributes.mode;
    const pads = padsOf(pad, values);
    if (reader?.domain !== '' || !WINDOWED.has(reader.op) || pads?.length !== 8) continue;
    if (mode?.kind === 'string' && mode.value !== 'constant') continue;
    const given = pad.inputs[2] ? values.scalar(pad.inputs[2]) : 0;
    const attribute = pad.attributes.value;
    const fill = attribute?.kind === 'float' ? attribute.value : given;
    const [n0 = 0, c0 = 0, top = 0, left = 0, n1 = 0, c1 = 0, bottom = 0, right = 0] = pads;
    if (fill !== 0 || n0 || c0 || n1 || c1 || Math.min(top, left, bottom, right) < 0) continue;
    const autoPad = reader.attributes.auto_pad;
    if (autoPad?.kind === 'string' && autoPad.value.startsWith('SAME')) continue;
    if (reader.op === 'MaxPool' && graph.producer(pad.inputs[0]!)?.op !== 'Relu') continue;
    if (reader.op === 'AveragePool') {
      const own = ints(reader.attributes, 'pads');
      if (own?.some((side) => side !== 0) && int(reader.attributes, 'count_include_pad', 0) === 0) continue;
    }
    reader.found = { what: 'pads', pads: [top, left, bottom, right] };
    reader.covers = [...pad.covers, ...reader.covers];
    graph.bypass(pad, pad.inputs[0]!);
  }
}

/** Reshape to (N, groups, C / groups, H, W), exchange of the two, reshape back: channel shuffle (ShuffleNet). */
export function matchShuffles(graph: WorkGraph, values: Values): void {
  for (const first of [...graph.nodes]) {
    if (first.op !== 'Reshape' || !graph.nodes.has(first)) continue;
    const turn = graph.onlyConsumer(first.outputs[0]!);
    const last = turn && graph.onlyConsumer(turn.outputs[0]!);
    if (turn?.op !== 'Transpose' || last?.op !== 'Reshape') continue;
    const before = values.shape(first.inputs[0]!);
    const split = values.shape(first.outputs[0]!);
    const after = values.shape(last.outputs[0]!);
    const order = ints(turn.attributes, 'perm');
    if (!before || !split || !after || !order) continue;
    if (before.length !== 4 || split.length !== 5 || order.join() !== '0,2,1,3,4') continue;
    const kept = [split[0], split[3], split[4]].join() === [before[0], before[2], before[3]].join();
    if (!kept || before.join() !== after.join()) continue;
    const found = { what: 'shuffle', groups: split[1]! } as const;
    graph.replace([first, turn, last], last, { op: 'ChannelShuffle', inputs: [first.inputs[0]!], found });
  }
}

/**
 * Layer normalisation spelled out: (x - mean) / sqrt(mean of squares + epsilon), scaled and shifted; and without the mean
 * RMS normalisation. Recognised from its square root backwards.
 */
export function matchNormalisations(graph: WorkGraph, values: Values): void {
  for (const root of [...graph.nodes]) {
    if (!graph.nodes.has(root) || !isRoot(root, values)) continue;
    const sum = graph.producer(root.inputs[0]!);
    const epsilonAt = sum?.inputs.findIndex((input) => values.scalar(input) !== undefined) ?? -1;
    if (sum?.op !== 'Add' || epsilonAt < 0) continue;
    const mean = graph.producer(sum.inputs[1 - epsilonAt]!);
    const square = mean && graph.producer(mean.inputs[0]!);
    if (mean?.op !== 'ReduceMean' || !square || !isSquare(square, values)) continue;
    const squared = square.inputs[0]!;
    const centred = graph.producer(squared);
    const center = centred?.op === 'Sub' ? graph.producer(centred.inputs[1]!) : undefined;
    const isLayer = center?.op === 'ReduceMean' && center.inputs[0] === centred?.inputs[0];
    const x = isLayer ? centred!.inputs[0]! : squared;
    // Some exporters write the difference twice.
    const dividends = isLayer
      ? [...graph.consumers(x)].filter((node) => node.op === 'Sub' && isCentred(node, x, graph))
      : [];
    const parts = new Set<WorkNode>([root, sum, mean, square]);
    if (isLayer) {
      for (const node of dividends) {
        parts.add(node);
        const by = graph.producer(node.inputs[1]!);
        if (by) parts.add(by);
      }
    }
    let last = quotient(root, isLayer ? dividends.flatMap((node) => node.outputs) : [x], graph, values, parts);
    if (!last) continue;
    const learned: string[] = [];
    for (const op of ['Mul', 'Add']) {
      const next = graph.onlyConsumer(last.outputs[0]!);
      const constant = next?.op === op ? next.inputs.find((input) => values.isConstant(input)) : undefined;
      if (!next || constant === undefined || (op === 'Add' && learned.length === 0)) break;
      parts.add(next);
      learned.push(constant);
      last = next;
    }
    if (!standAlone(parts, last, graph)) continue;
    const epsilon = values.scalar(sum.inputs[epsilonAt]!);
    graph.replace([...parts], last, {
      op: 'Normalise',
      inputs: [x],
      found: { what: 'normalise', how: isLayer ? 'layer' : 'rms', epsilon, learned },
    });
  }
}

function isRoot(node: WorkNode, values: Values): boolean {
  return node.op === 'Sqrt' || (node.op === 'Pow' && Math.abs(values.scalar(node.inputs[1]!) ?? 0) === 0.5);
}

function isSquare(node: WorkNode, values: Values): boolean {
  if (node.op === 'Mul') return node.inputs[0] === node.inputs[1];
  return node.op === 'Pow' && values.scalar(node.inputs[1]!) === 2;
}

function isCentred(node: WorkNode, x: string, graph: WorkGraph): boolean {
  const mean = graph.producer(node.inputs[1]!);
  return node.inputs[0] === x && mean?.op === 'ReduceMean' && mean.inputs[0] === x;
}

/** The node that divides one of `dividends` by the root: Div, or Mul by a reciprocal (also as Pow -0.5). */
function quotient(
  root: WorkNode,
  dividends: readonly string[],
  graph: WorkGraph,
  values: Values,
  parts: Set<WorkNode>,
): WorkNode | undefined {
  const reader = graph.onlyConsumer(root.outputs[0]!);
  if (!reader) return undefined;
  const inverse = root.op === 'Pow' && values.scalar(root.inputs[1]!) === -0.5;
  if (reader.op === 'Div' && !inverse && reader.inputs[1] === root.outputs[0]) {
    parts.add(reader);
    if (dividends.includes(reader.inputs[0]!)) return reader;
    if (values.scalar(reader.inputs[0]!) !== 1) return undefined;
    return product(reader, dividends, graph, parts);
  }
  if (reader.op === 'Reciprocal' && !inverse) {
    parts.add(reader);
    return product(reader, dividends, graph, parts);
  }
  return inverse ? product(root, dividends, graph, parts) : undefined;
}

function product(
  factor: WorkNode,
  dividends: readonly string[],
  graph: WorkGraph,
  parts: Set<WorkNode>,
): WorkNode | undefined {
  const reader = graph.onlyConsumer(factor.outputs[0]!);
  if (reader?.op !== 'Mul' || !reader.inputs.some((input) => dividends.includes(input))) return undefined;
  parts.add(reader);
  return reader;
}

function standAlone(parts: ReadonlySet<WorkNode>, last: WorkNode, graph: WorkGraph): boolean {
  return [...parts].every(
    (node) =>
      node === last ||
      node.outputs.every(
        (output) => !graph.outputs.has(output) && [...graph.consumers(output)].every((reader) => parts.has(reader)),
      ),
  );
}
