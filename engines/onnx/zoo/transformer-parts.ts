import type { GraphBuilder, Value } from '../builder.ts';
import type { Dim } from '../types.ts';

/** What the layers of a transformer share. */
export interface Frame {
  b: GraphBuilder;
  /** Added to the scores: 0 where a token may look, very low where not. (batch, 1, sequence, all positions). */
  mask?: Value;
  /** Tokens before these, whose keys and values are inputs; absent: none (prefill). */
  past?: Dim;
  /** Angles of rotary positions for each token: (sequence, head size). */
  rotary?: { cos: Value; sin: Value };
}

export interface Heads {
  heads: number;
  /** Heads of keys and values, where several query heads share them (grouped-query attention). */
  sharedHeads?: number;
  headSize: number;
}

/** Layer normalisation with scale and shift. */
export function layerNorm(b: GraphBuilder, x: Value, name: string, epsilon = 1e-5): Value {
  const size = x.shape.at(-1) as number;
  const learned = [b.weight(`${name}.scale`, [size]), b.weight(`${name}.shift`, [size])];
  return b.op('LayerNormalization', [x, ...learned], x.shape, { axis: -1, epsilon: { float: epsilon } }, name);
}

/** RMS normalisation, spelled out as exporters do: x / sqrt(mean(x^2) + epsilon) * scale. */
export function rmsNorm(b: GraphBuilder, x: Value, name: string, epsilon: number): Value {
  const size = x.shape.at(-1) as number;
  const narrow = [...x.shape.slice(0, -1), 1];
  return b.scope(name, () => {
    const square = b.op('Pow', [x, b.constant('two', 'float32', 2)], x.shape, {}, 'square');
    const mean = b.op('ReduceMean', [square], narrow, { axes: [-1], keepdims: 1 }, 'mean');
    const sum = b.op('Add', [mean, b.constant('epsilon', 'float32', epsilon)], narrow, {}, 'plus');
    const inverse = b.op('Reciprocal', [b.op('Sqrt', [sum], narrow, {}, 'root')], narrow, {}, 'inverse');
    return b.mul(b.mul(x, inverse, 'normal'), b.weight('scaled.scale', [size]), 'scaled');
  });
}

/** GELU by the error function, spelled out. */
export function gelu(b: GraphBuilder, x: Value): Value {
  return b.scope('gelu', () => {
    const scaled = b.op('Div', [x, b.constant('root2', 'float32', Math.SQRT2)], x.shape, {}, 'div');
    const lifted = b.op('Add', [b.unary('Erf', scaled, 'erf'), b.constant('one', 'float32', 1)], x.shape, {}, 'add');
    return b.mul(b.mul(x, lifted, 'mul'), b.constant('half', 'float32', 0.5), 'out');
  });
}

/** GELU by its tanh approximation, spelled out. */
export function geluTanh(b: GraphBuilder, x: Value): Value {
  return b.scope('gelu', () => {
    const scalar = (op: string, of: Value, value: number, name: string): Value =>
      b.op(op, [of, b.constant(`${name}.by`, 'float32', value)], of.shape, {}, name);
    const cube = scalar('Mul', scalar('Pow', x, 3, 'cube'), 0.044715, 'small');
    const inner = scalar('Mul', b.add(x, cube, 'sum'), Math.sqrt(2 / Math.PI), 'inner');
    const lifted = scalar('Add', b.unary('Tanh', inner, 'tanh'), 1, 'lifted');
    return b.mul(scalar('Mul', x, 0.5, 'half'), lifted, 'out');
  });
}

/** (batch, sequence, heads * size) to (batch, heads, sequence, size). */
function toHeads(b: GraphBuilder, x: Value, heads: number, size: number, name: string): Value {
  const [batch = 1, sequence = 1] = x.shape;
  const split = b.reshape(x, [0, 0, heads, size], [batch, sequence, heads, size], `${name}_heads`);
  return b.transpose(split, [0, 2, 1, 3], `${name}_by_head`);
}

/** Rotary positions (Su et al. 2021), as exporters spell them: x * cos + (second half negated, first half) * sin. */
function rotate(b: GraphBuilder, x: Value, { cos, sin }: { cos: Value; sin: Value }, name: string): Value {
  const [batch = 1, heads = 1, sequence = 1] = x.shape;
  const size = x.shape.at(-1) as number;
  const half = size / 2;
  return b.scope(name, () => {
    const part = (start: number, end: number, called: string): Value => {
      const bounds = [
        b.constant(`${called}.start`, 'int64', [start]),
        b.constant(`${called}.end`, 'int64', [end]),
        b.constant(`${called}.axis`, 'int64', [3]),
      ];
      return b.op('Slice', [x, ...bounds], [batch, heads, sequence, half], {}, called);
    };
    const first = part(0, half, 'first');
    const turned = b.concat([b.unary('Neg', part(half, size, 'second'), 'negated'), first], 3, 'turned');
    return b.add(b.mul(x, cos, 'by_cos'), b.mul(turned, sin, 'by_sin'), 'rotated');
  });
}

/** Every head of keys or values stands for several query heads. */
function spread(b: GraphBuilder, x: Value, heads: number, name: string): Value {
  const [batch = 1, shared = 1, length = 1, size = 1] = x.shape as [Dim, number, Dim, number];
  const times = heads / shared;
  if (times === 1) return x;
  return b.scope(name, () => {
    const axes = b.constant('axes', 'int64', [2]);
    const wide = b.op('Unsqueeze', [x, axes], [batch, shared, 1, length, size], {}, 'unsqueeze');
    const to = b.constant('times', 'int64', [1, 1, times, 1, 1]);
    const many = b.op('Expand', [wide, to], [batch, shared, times, length, size], {}, 'expand');
    return b.reshape(many, [0, heads, -1, size], [batch, heads, length, size], 'join');
  });
}

/** Attention of queries over keys and values, all (batch, sequence, heads * size); what comes out is so too. */
export function attend(frame: Frame, { q, k, v }: Record<'q' | 'k' | 'v', Value>, sizes: Heads): Value {
  const { b, mask, past, rotary } = frame;
  const { heads, sharedHeads = heads, headSize } = sizes;
  const [batch = 1, sequence = 1] = q.shape;
  let queries = toHeads(b, q, heads, headSize, 'q');
  let keys = toHeads(b, k, sharedHeads, headSize, 'k');
  let values = toHeads(b, v, sharedHeads, headSize, 'v');
  if (rotary) {
    queries = rotate(b, queries, rotary, 'q_rotary');
    keys = rotate(b, keys, rotary, 'k_rotary');
  }
  if (past !== undefined) {
    const cached = (name: string): Value => b.scopedInput(name, [batch, sharedHeads, past, headSize]);
    keys = b.concat([cached('past_keys'), keys], 2, 'all_keys');
    values = b.concat([cached('past_values'), values], 2, 'all_values');
  }
  keys = spread(b, keys, heads, 'spread_keys');
  values = spread(b, values, heads, 'spread_values');
  const all = keys.shape[2]!;
  const turned = b.transpose(keys, [0, 1, 3, 2], 'keys_turned');
  let scores = b.op('MatMul', [queries, turned], [batch, heads, sequence, all], {}, 'scores');
  scores = b.mul(scores, b.constant('scale.by', 'float32', 1 / Math.sqrt(headSize)), 'scale');
  if (mask) scores = b.add(scores, mask, 'masked');
  const shares = b.softmax(scores, -1, 'softmax');
  const mixed = b.op('MatMul', [shares, values], [batch, heads, sequence, headSize], {}, 'mix');
  const width = heads * headSize;
  return b.reshape(b.transpose(mixed, [0, 2, 1, 3], 'by_token'), [0, 0, width], [batch, sequence, width], 'join');
}

/** One projection to queries, keys and values, cut in three. */
export function projectTogether(b: GraphBuilder, x: Value, width: number): Record<'q' | 'k' | 'v', Value> {
  const all = b.linear(x, 3 * width, 'qkv');
  const [batch = 1, sequence = 1] = x.shape;
  const part = (index: number, name: string): Value => {
    const bounds = [
      b.constant(`${name}.start`, 'int64', [index * width]),
      b.constant(`${name}.end`, 'int64', [(index + 1) * width]),
      b.constant(`${name}.axis`, 'int64', [2]),
    ];
    return b.op('Slice', [all, ...bounds], [batch, sequence, width], {}, name);
  };
  return { q: part(0, 'q'), k: part(1, 'k'), v: part(2, 'v') };
}

/** Rows of a table by index. */
export function embed(b: GraphBuilder, ids: Value, rows: number, width: number, name: string): Value {
  const table = b.weight(`${name}.table`, [rows, width]);
  return b.op('Gather', [table, ids], [...ids.shape, width], { axis: 0 }, name);
}

/** The product with a table of embeddings, turned: logits where the two share their numbers. */
export function tiedHead(b: GraphBuilder, x: Value, table: string, rows: number): Value {
  const width = x.shape.at(-1) as number;
  const turned = b.transpose({ name: table, shape: [rows, width] }, [1, 0], 'table_turned');
  return b.op('MatMul', [x, turned], [...x.shape.slice(0, -1), rows], {}, 'logits');
}
