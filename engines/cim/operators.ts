import { ok, type Result } from '../core/result.ts';
import type { Layer, Network } from '../onnx/network.ts';
import { type CimHardware, columnsPerWeight } from './hardware.ts';
import type { CimOperator, CostRules, Section } from './types.ts';

export interface OperatorOptions {
  hardware: CimHardware;
  rules: CostRules;
  batch: number;
  blocks: 'folded' | 'one' | 'unrolled';
}

export interface OperatorList {
  operators: CimOperator[];
  sections: Section[];
  notModelled: { op: string; count: number }[];
}

interface Product {
  kind: CimOperator['kind'];
  vectors: number;
  inner: number;
  columns: number;
  groups: number;
}

/** Arrays that hold the weights of `groups` matrices of inner x columns once. */
export function arraysFor(inner: number, columns: number, groups: number, hardware: CimHardware): number {
  const { rows, columns: width } = hardware.array;
  const wide = columns * columnsPerWeight(hardware);
  if (groups > 1 && inner <= rows && wide <= width) {
    // Block-diagonally: every group has rows and columns of its own.
    return Math.ceil(groups / Math.min(Math.floor(rows / inner), Math.floor(width / wide)));
  }
  return groups * Math.ceil(inner / rows) * Math.ceil(wide / width);
}

/** The products of a network that run on arrays, those too large for the chip cut to fit (section 4.2, greedily). */
export function operatorsOf(network: Network, options: OperatorOptions): Result<OperatorList> {
  const { hardware, rules, batch } = options;
  const repeat = network.repeats[0];
  let range: [number, number] = [0, network.layers.length];
  if (options.blocks === 'one' && repeat) range = [repeat.first, repeat.first + repeat.layersEach];
  const operators: CimOperator[] = [];
  const parts = new Map<number, number[]>();
  const notModelled = new Map<string, number>();
  const sources = producers(network);
  for (const layer of network.layers.slice(...range)) {
    const product = productOf(layer, rules, batch);
    if (!product) {
      if (layer.kind.op !== 'input') notModelled.set(layer.kind.op, (notModelled.get(layer.kind.op) ?? 0) + 1);
      continue;
    }
    const read = (inputs: readonly number[]) => {
      const found = new Set<number>();
      for (const input of inputs)
        for (const source of sources(input)) for (const part of parts.get(source) ?? []) found.add(part);
      return [...found].map((operator) => ({ operator, bytes: operators[operator]!.outputBytes }));
    };
    const dynamic = layer.kind.op === 'matmul';
    const inputs = read(dynamic ? layer.inputs.slice(0, 1) : layer.inputs);
    const weightsFrom = dynamic ? read(layer.inputs.slice(1)) : [];
    const own: number[] = [];
    parts.set(layer.index, own);
    const cut = cuts(product, hardware);
    for (const [number, piece] of cut.entries()) {
      const { inner, columns, groups } = piece;
      const [n, k, g] = [inner[1] - inner[0], columns[1] - columns[0], groups[1] - groups[0]];
      own.push(operators.length);
      operators.push({
        index: operators.length,
        name: cut.length > 1 ? `${layer.name}[${number + 1}/${cut.length}]` : layer.name,
        layer: layer.index,
        kind: product.kind,
        vectors: product.vectors,
        inner: n,
        columns: k,
        groups: g,
        arrays: arraysFor(n, k, g, hardware),
        macs: product.vectors * n * k * g,
        streamBytes: Math.ceil((product.vectors * n * g * hardware.activationBits) / 8),
        weightBytes: Math.ceil((n * k * g * hardware.weightBits) / 8),
        outputBytes: Math.ceil((product.vectors * k * g * hardware.activationBits) / 8),
        dynamic,
        inputs,
        weightsFrom,
        ...(cut.length > 1 && { part: { inner, columns, groups, of: cut.length, number } }),
      });
    }
  }
  return ok({
    operators,
    sections: [{ name: network.name, first: 0, count: operators.length, times: 1, carried: [] }],
    notModelled: [...notModelled].map(([op, count]) => ({ op, count })),
  });
}

function productOf({ kind, outputShape }: Layer, rules: CostRules, batch: number): Product | undefined {
  if (kind.op === 'conv') {
    const windows = outputShape.slice(2).reduce((all, size) => all * size, 1) * batch;
    const inner = (kind.kernel[0] * kind.kernel[1] * kind.inputChannels) / kind.groups;
    if (kind.groups > 1 && rules.depthwise === 'as-dense') {
      return { kind: 'depthwise', vectors: windows, inner, columns: kind.outputChannels, groups: 1 };
    }
    const columns = kind.outputChannels / kind.groups;
    return { kind: kind.groups > 1 ? 'depthwise' : 'conv', vectors: windows, inner, columns, groups: kind.groups };
  }
  if (kind.op === 'fc')
    return { kind: 'fc', vectors: kind.rows * batch, inner: kind.inputs, columns: kind.outputs, groups: 1 };
  if (kind.op !== 'matmul') return undefined;
  const heads = kind.batch * batch;
  const { rows, inner, columns } = kind;
  return rules.attention === 'one-head'
    ? { kind: 'matmul', vectors: rows * heads, inner, columns, groups: 1 }
    : { kind: 'matmul', vectors: rows, inner, columns, groups: heads };
}

/** Layers with products whose outputs reach a layer through layers without. */
function producers(network: Network): (layer: number) => ReadonlySet<number> {
  const known = new Map<number, ReadonlySet<number>>();
  const find = (layer: number): ReadonlySet<number> => {
    const found = known.get(layer);
    if (found) return found;
    const { kind, inputs } = network.layers[layer]!;
    const set = new Set<number>();
    if (kind.op === 'conv' || kind.op === 'fc' || kind.op === 'matmul') set.add(layer);
    else for (const input of inputs) for (const source of find(input)) set.add(source);
    known.set(layer, set);
    return set;
  };
  return find;
}

interface Piece {
  inner: [number, number];
  columns: [number, number];
  groups: [number, number];
}

/** Row tiles of a part at most a quarter of the chip, so that a part is not one column of arrays alone (ours). */
const ROW_SHARE = 4;

function cuts({ inner, columns, groups }: Product, hardware: CimHardware): Piece[] {
  const whole: Piece = { inner: [0, inner], columns: [0, columns], groups: [0, groups] };
  const { arrays, array } = hardware;
  if (arraysFor(inner, columns, groups, hardware) <= arrays) return [whole];
  if (groups > 1) {
    let times = 2;
    while (times < groups && arraysFor(inner, columns, Math.ceil(groups / times), hardware) > arrays) times++;
    return even(groups, times).flatMap((own) => {
      const each = { inner, columns, groups: own[1] - own[0], kind: 'matmul' as const, vectors: 1 };
      if (arraysFor(inner, columns, each.groups, hardware) <= arrays) return [{ ...whole, groups: own }];
      return cuts(each, hardware).map((piece) => ({ ...piece, groups: own }));
    });
  }
  const rows = Math.ceil(inner / array.rows);
  const tile = Math.min(rows, Math.max(1, Math.floor(arrays / ROW_SHARE)));
  const wide = Math.ceil((columns * columnsPerWeight(hardware)) / array.columns);
  const across = Math.max(1, Math.floor(arrays / tile));
  return even(inner, Math.ceil(rows / tile)).flatMap((part) =>
    even(columns, Math.ceil(wide / across)).map((own) => ({ inner: part, columns: own, groups: whole.groups })),
  );
}

/** [0, size) in `times` pieces of equal length, the last shorter. */
function even(size: number, times: number): [number, number][] {
  const each = Math.ceil(size / times);
  const pieces: [number, number][] = [];
  for (let from = 0; from < size; from += each) pieces.push([from, Math.min(size, from + each)]);
  return pieces;
}
