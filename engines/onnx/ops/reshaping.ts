import type { Dim } from '../types.ts';
import type { NodeFacts, Rule } from './facts.ts';
import { greatestRank, writeShape } from './facts.ts';

function reshape(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  const wanted = node.ints('shape') ?? node.elements(1);
  if (!wanted) {
    const rank = node.shape(1)?.[0];
    if (typeof rank !== 'number' || rank > greatestRank || !node.has(1)) return undefined;
    return Array.from({ length: rank }, (_, axis) => node.unknown(axis));
  }
  const { symbols } = node;
  const keepsZero = node.int('allowzero', 0) === 1;
  const result: (Dim | undefined)[] = wanted.map((dim, axis) => {
    if (dim === -1) return undefined;
    if (dim !== 0 || keepsZero)
      return typeof dim === 'number' && dim < 0 ? node.fail(`reshapes to a size of ${dim}`) : dim;
    if (shape && axis >= shape.length) return node.fail(`copies axis ${axis} of a tensor of rank ${shape.length}`);
    return shape?.[axis] ?? node.unknown(axis);
  });
  const open = result.flatMap((dim, axis) => (dim === undefined ? [axis] : []));
  if (open.length > 1) return node.fail(`leaves ${open.length} sizes open (-1) in its new shape; one can be`);
  // Equal factors leave both sides first, so that N x 12 x 64 reshaped to N x -1 has an answer without a size for N.
  const left = shape ? [...shape] : undefined;
  const right: Dim[] = [];
  for (const dim of result) {
    if (dim === undefined) continue;
    const match = left ? left.findIndex((other) => other === dim && dim !== 0) : -1;
    if (match >= 0) left?.splice(match, 1);
    else right.push(dim);
  }
  const [axis] = open;
  if (!left) {
    return result.map((dim, index) => dim ?? node.unknown(index));
  }
  const total = symbols.product(left);
  const known = symbols.product(right);
  const from = `reshapes ${writeShape(shape)} to ${wanted.join(' x ')}`;
  if (axis === undefined) {
    if (symbols.differ(total, known)) node.fail(`${from}: the numbers of elements differ`);
    return result as Dim[];
  }
  if (typeof total === 'number' && typeof known === 'number' && (known === 0 ? total !== 0 : total % known !== 0)) {
    node.fail(`${from}: ${total} elements do not divide by ${known}`);
  }
  result[axis] = symbols.floorDivide(total, known);
  return result as Dim[];
}

function squeeze(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  const given = node.ints('axes') ?? node.numbers(1);
  if (!shape || (!given && node.has(1))) return undefined;
  if (!given) return shape.filter((dim) => dim !== 1);
  const axes = node.axes(given, shape.length);
  for (const axis of axes) {
    const dim = shape[axis];
    if (typeof dim === 'number' && dim !== 1) node.fail(`squeezes axis ${axis}, whose size is ${dim} and not 1`);
  }
  return shape.filter((_, axis) => !axes.includes(axis));
}

function unsqueeze(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  const given = node.ints('axes') ?? node.numbers(1);
  if (!shape || !given) return undefined;
  const axes = node.axes(given, shape.length + given.length);
  const rest = [...shape];
  return Array.from({ length: shape.length + axes.length }, (_, axis) =>
    axes.includes(axis) ? 1 : (rest.shift() ?? 1),
  );
}

function transpose(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  if (!shape) return undefined;
  const order = node.ints('perm') ?? shape.map((_, axis) => shape.length - 1 - axis);
  if (order.length !== shape.length) {
    return node.fail(`orders ${order.length} axes of a tensor of rank ${shape.length}`);
  }
  return node.axes(order, shape.length).map((axis) => shape[axis] ?? 1);
}

function flatten(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  if (!shape) return [node.unknown(0), node.unknown(1)];
  const given = node.int('axis', 1);
  const axis = given === shape.length ? given : node.axis(given, shape.length);
  return [node.symbols.product(shape.slice(0, axis)), node.symbols.product(shape.slice(axis))];
}

function concat(node: NodeFacts): Dim[] | undefined {
  const shapes = node.inputs.map((fact) => fact?.shape);
  const first = shapes.find((shape) => shape);
  if (!first) return undefined;
  const axis = node.axis(node.int('axis', 1), first.length);
  const result: (Dim | undefined)[] = [...first];
  let along: Dim | undefined = 0;
  for (const [index, shape] of shapes.entries()) {
    if (!shape) {
      along = undefined;
      continue;
    }
    if (shape.length !== first.length) {
      return node.fail(`joins tensors of shapes ${writeShape(first)} and ${writeShape(shape)}, of different rank`);
    }
    for (const [at, dim] of shape.entries()) {
      if (at === axis) continue;
      const met = result[at] ?? dim;
      node.agree(met, dim, `The sizes of axis ${at} of its inputs 0 and ${index} do not fit`);
      if (typeof met !== 'number' && typeof dim === 'number') result[at] = dim;
    }
    if (along !== undefined) along = node.symbols.add(along, shape[axis] ?? 0);
  }
  result[axis] = along;
  return result.map((dim, at) => dim ?? node.unknown(at));
}

function split(node: NodeFacts): (Dim[] | undefined)[] {
  const shape = node.shape();
  const { outputs } = node.node;
  if (!shape) return outputs.map(() => undefined);
  const axis = node.axis(node.int('axis', 0), shape.length);
  const size = shape[axis] ?? 0;
  const { symbols } = node;
  const given = node.ints('split') ?? node.elements(1);
  let parts: Dim[];
  if (given) {
    if (given.length !== outputs.length) {
      return node.fail(`splits into ${given.length} parts and has ${outputs.length} outputs`);
    }
    parts = given;
    const sum = parts.reduce<Dim>((total, part) => symbols.add(total, part), 0);
    node.agree(sum, size, `The parts (${parts.join(', ')}) and the size of axis ${axis} do not fit`);
  } else if (node.has(1)) {
    parts = outputs.map((_, output) => node.unknown(axis, output));
  } else {
    // Since opset 18 the last part may be smaller.
    const each = symbols.ceilDivide(size, outputs.length);
    const rest = symbols.subtract(size, symbols.multiply(each, outputs.length - 1));
    if (typeof rest === 'number' && rest < 0) node.fail(`splits ${size} elements into ${outputs.length} parts`);
    const even = symbols.divideExactly(size, outputs.length);
    const isEven =
      typeof even === 'number' ? Number.isInteger(even) : symbols.same(each, symbols.floorDivide(size, outputs.length));
    parts = outputs.map((_, output) => (output === outputs.length - 1 && !isEven ? rest : each));
  }
  return parts.map((part) => shape.map((dim, at) => (at === axis ? part : dim)));
}

function expand(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  const wanted = node.elements(1);
  if (wanted) return node.broadcast([shape, wanted]);
  const rank = node.shape(1)?.[0];
  if (typeof rank !== 'number' || rank > greatestRank || !shape) return undefined;
  return Array.from({ length: Math.max(rank, shape.length) }, (_, axis) => node.unknown(axis));
}

function tile(node: NodeFacts): Dim[] | undefined {
  const shape = node.shape();
  const repeats = node.elements(1);
  if (!shape) return undefined;
  if (!repeats) return shape.map((_, axis) => node.unknown(axis));
  if (repeats.length !== shape.length) {
    return node.fail(`repeats ${repeats.length} axes of a tensor of rank ${shape.length}`);
  }
  return shape.map((dim, axis) => node.symbols.multiply(dim, repeats[axis] ?? 1));
}

function blocks(node: NodeFacts, toDepth: boolean): Dim[] | undefined {
  const shape = node.shape();
  if (!shape) return undefined;
  const [batch, channels, height, width] = shape;
  const block = node.int('blocksize', 1);
  if (
    shape.length !== 4 ||
    batch === undefined ||
    channels === undefined ||
    height === undefined ||
    width === undefined
  ) {
    return node.fail(`takes N x C x H x W, and its input has rank ${shape.length}`);
  }
  if (!(block > 0)) return node.fail(`has blocks of size ${block}`);
  const { symbols } = node;
  if (toDepth) {
    return [
      batch,
      symbols.multiply(channels, block * block),
      symbols.floorDivide(height, block),
      symbols.floorDivide(width, block),
    ];
  }
  if (typeof channels === 'number' && channels % (block * block) !== 0) {
    node.fail(`has ${channels} channels, which do not divide into blocks of ${block} x ${block}`);
  }
  return [
    batch,
    symbols.floorDivide(channels, block * block),
    symbols.multiply(height, block),
    symbols.multiply(width, block),
  ];
}

const shaped =
  (shapeOf: (node: NodeFacts) => Dim[] | undefined): Rule =>
  (node) => [{ type: node.type(), shape: shapeOf(node) }];

export const reshaping: Record<string, Rule> = {
  Reshape: shaped(reshape),
  Squeeze: shaped(squeeze),
  Unsqueeze: shaped(unsqueeze),
  Transpose: shaped(transpose),
  Flatten: shaped(flatten),
  Concat: shaped(concat),
  Split: (node) => split(node).map((shape) => ({ type: node.type(), shape })),
  Expand: shaped(expand),
  Tile: shaped(tile),
  SpaceToDepth: shaped((node) => blocks(node, true)),
  DepthToSpace: shaped((node) => blocks(node, false)),
  ReverseSequence: shaped((node) => node.shape()),
};
