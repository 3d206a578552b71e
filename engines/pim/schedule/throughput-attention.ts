import type { Layer, Network } from '../../onnx/network.ts';
import { Op, Stage } from '../program/types.ts';
import type { Emitter } from './common-emit.ts';
import { alignedStrides, type GlobalViews, reshape, type View } from './common-views.ts';
import type { Scratch } from './throughput-fetch.ts';
import type { PostJob } from './throughput-job.ts';
import { loadColumns, loadStrided, type Matrices, matrices } from './throughput-matmul.ts';

/** Layers that are done in one: softmax(first x second, scaled, plus a mask) x third. */
interface Attention {
  scores: Layer;
  scale: number;
  /** What is added to each score, if anything is. */
  mask?: View;
  mix: Layer;
  /** What is not stored in between: scores, scaled and masked scores, their softmax. */
  between: Layer[];
  /** The layer whose output is stored: `mix`, or the move that alone reads it. */
  result: Layer;
  target: View;
}

/**
 * Attention whose scores never leave a core: for each row of a head, its products with the keys, their softmax, and its
 * products with the values, all in local memory; what of the moves behind it only reorders the result is done by storing it
 * there. Answers with the jobs by the layer whose output they store, and the layers that are thereby done; of those that
 * are not stored the regions are taken from `layout`. `room`: elements of local memory; heads whose keys or values take
 * more than a quarter of half of it are left to `matmulJob`.
 */
export function attentionJobs(
  network: Network,
  layout: GlobalViews,
  room: number,
): { jobs: Map<number, PostJob>; done: Set<number> } {
  const jobs = new Map<number, PostJob>();
  const done = new Set<number>();
  for (const layer of network.layers) {
    const found = attentionOf(layer, network, layout);
    if (!found) continue;
    const { scores, mix } = found;
    if (scores.kind.op !== 'matmul' || mix.kind.op !== 'matmul') continue;
    if (8 * scores.kind.columns * Math.max(scores.kind.inner, mix.kind.columns) > room) continue;
    jobs.set(found.result.index, attentionJob(found, layout));
    for (const it of [...found.between, mix, found.result]) done.add(it.index);
    for (const it of found.between) layout.regions[it.index] = -1;
    if (found.result !== mix) layout.regions[mix.index] = -1;
  }
  return { jobs, done };
}

function attentionOf(mix: Layer, network: Network, layout: GlobalViews): Attention | undefined {
  if (mix.kind.op !== 'matmul' || mix.activation) return undefined;
  const between: Layer[] = [];
  let scale = 1;
  let mask: View | undefined;
  let layer = network.layers[mix.inputs[0]!]!;
  if (layer.kind.op !== 'softmax' || !isLast(layer.kind.axis, layer)) return undefined;
  for (;;) {
    // Each is stored nowhere else and read by nobody else.
    if (layer.consumers.length !== 1 || layer.activation || layout.regions[layer.index]! < 0) return undefined;
    between.unshift(layer);
    if (layer.kind.op === 'matmul') break;
    if (layer.kind.op === 'eltwise') {
      if (layer.kind.how === 'add' && layer.inputs.length === 2 && between.length === 2) {
        const { sizes, strides } = { sizes: layer.outputShape, strides: maskStrides(layer, layout) };
        if (strides.at(-1) !== 1) return undefined;
        mask = { ...layout.views[layer.inputs[1]!]!, sizes, strides };
      } else if (typeof layer.kind.constant !== 'number' || layer.inputs.length !== 1) return undefined;
      else if (layer.kind.how === 'mul') scale *= layer.kind.constant;
      else if (layer.kind.how === 'div') scale /= layer.kind.constant;
      else return undefined;
    } else if (layer.kind.op !== 'softmax' || between.length > 1) return undefined;
    layer = network.layers[layer.inputs[0]!]!;
  }
  const scores = between[0]!;
  if (scores.kind.op !== 'matmul' || scores.kind.batch !== mix.kind.batch || scores.kind.rows !== mix.kind.rows)
    return undefined;
  if (scores.kind.columns !== mix.kind.inner) return undefined;
  const moved = movedTo(mix, network, layout);
  return { scores, scale, mask, mix, between, ...(moved ?? { result: mix, target: layout.views[mix.index]! }) };
}

function maskStrides(layer: Layer, { views }: GlobalViews): number[] {
  return alignedStrides(views[layer.inputs[1]!]!, layer.outputShape);
}

function isLast(axis: number, { outputShape }: Layer): boolean {
  return axis === -1 || axis === outputShape.length - 1;
}

/** Where a transposition and a reshape that is carried out, both read by nobody else, would bring a layer's output. */
function movedTo(
  layer: Layer,
  network: Network,
  layout: GlobalViews,
): Pick<Attention, 'result' | 'target'> | undefined {
  const only = (it: Layer) => (it.consumers.length === 1 ? network.layers[it.consumers[0]!]! : undefined);
  const turned = only(layer);
  if (turned?.kind.op !== 'move' || turned.kind.how !== 'transpose' || layout.copied.has(turned.index))
    return undefined;
  const result = only(turned);
  if (result?.kind.op !== 'move' || result.kind.how !== 'reshape' || !layout.copied.has(result.index)) return undefined;
  const whole = layout.views[result.index]!;
  const backward = reshape(result.outputShape, whole.strides, turned.outputShape);
  const order = turned.kind.order;
  if (!backward || !order || result.activation) return undefined;
  const strides = layer.outputShape.map(() => 0);
  for (const [axis, from] of order.entries()) strides[from < 0 ? from + order.length : from] = backward[axis]!;
  if (strides.at(-1) !== 1) return undefined;
  return { result, target: { owner: result.index, at: whole.at, sizes: layer.outputShape, strides } };
}

function attentionJob({ scores, scale, mask, mix, result, target }: Attention, { views }: GlobalViews): PostJob {
  if (scores.kind.op !== 'matmul' || mix.kind.op !== 'matmul') throw new Error(`layer ${mix.name} is no product`);
  const { batch, rows, inner, columns } = scores.kind;
  const width = mix.kind.columns;
  const of = (layer: Layer, operand: number) => matrices(views[layer.inputs[operand]!]!, layer.name);
  const [queries, keys, values] = [of(scores, 0), of(scores, 1), of(mix, 1)];
  const out = matrices(target, result.name);
  const masks = mask && matrices(mask, result.name);
  return {
    layer: result,
    units: batch * rows,
    grain: rows,
    volume: batch * rows * (columns * Math.max(32, inner) + width * Math.max(32, columns) + 4 * columns),
    emit(to, scratch, from, end) {
      for (let unit = from; unit < end; ) {
        const matrix = Math.floor(unit / rows);
        const last = Math.min(end, (matrix + 1) * rows);
        const at = (it: Matrices) => it.at(Math.floor((matrix * it.count) / batch));
        const head = {
          query: at(queries),
          key: at(keys),
          value: at(values),
          target: at(out),
          mask: masks ? at(masks) : 0,
        };
        emitHead(to, scratch, head, unit - matrix * rows, last - matrix * rows, matrix * rows);
        unit = last;
      }
    },
  };

  /** Rows `first` to `last` - 1 of a head, in blocks whose scores fit beside as many keys or values as fit. */
  function emitHead(
    to: Emitter,
    scratch: Scratch,
    head: Record<'query' | 'key' | 'value' | 'target' | 'mask', number>,
    first: number,
    last: number,
    before: number,
  ): void {
    const quarter = scratch.room / 4;
    const block = Math.max(1, Math.min(last - first, Math.floor(quarter / (inner + 2 * columns + width))));
    const keyTile = Math.max(1, Math.min(columns, Math.floor(quarter / inner)));
    const valueTile = Math.max(1, Math.min(width, Math.floor(quarter / columns)));
    scratch.clear();
    const heldKeys = scratch.take(keyTile * inner);
    const heldValues = scratch.take(valueTile * columns);
    const [query, score, added, mixed] = [inner, columns, masks ? columns : 0, width].map((each) =>
      scratch.take(block * each),
    );
    const bringKeys = (column: number, count: number) =>
      loadColumns(to, scratch, keys, head.key + column * keys.columnStride, inner, count, heldKeys);
    const bringValues = (column: number, count: number) =>
      loadColumns(to, scratch, values, head.value + column * values.columnStride, columns, count, heldValues);
    // What fits as a whole is loaded once for all blocks.
    if (keyTile === columns) bringKeys(0, columns);
    if (valueTile === width) bringValues(0, width);
    for (let row = first; row < last; row += block) {
      const count = Math.min(block, last - row);
      to.window = before + row;
      for (let index = 0; index < count; index++) {
        const from = head.query + (row + index) * queries.rowStride;
        loadStrided(to, scratch, from, queries.columnStride, inner, query! + index * inner);
      }
      for (let column = 0; column < columns; column += keyTile) {
        const tile = Math.min(keyTile, columns - column);
        if (keyTile < columns) bringKeys(column, tile);
        for (let index = 0; index < count; index++) {
          const target = score! + index * columns + column;
          to.strided(Op.VDOT, Stage.POST, target, query! + index * inner, heldKeys, inner, inner, tile);
        }
      }
      if (scale !== 1) to.immediate(Op.VMULI, Stage.POST, score!, score!, count * columns, scale);
      for (let index = 0; masks && index < count; index++) {
        const [at, from] = [score! + index * columns, head.mask + (row + index) * masks.rowStride];
        const same = masks.rowStride === 0;
        if (!same || (index === 0 && row === first))
          loadStrided(to, scratch, from, 1, columns, added! + index * columns);
        to.put(Op.VVADD, Stage.POST, at, at, added! + (same ? 0 : index * columns), columns);
      }
      for (let index = 0; index < count; index++)
        to.put(Op.VSOFTMAX, Stage.POST, score! + index * columns, score! + index * columns, -1, columns);
      for (let column = 0; column < width; column += valueTile) {
        const tile = Math.min(valueTile, width - column);
        if (valueTile < width) bringValues(column, tile);
        for (let index = 0; index < count; index++) {
          const target = mixed! + index * width + column;
          to.strided(Op.VDOT, Stage.POST, target, score! + index * columns, heldValues, columns, columns, tile);
        }
      }
      for (let index = 0; index < count; index++) {
        const address = head.target + (row + index) * out.rowStride;
        to.put(Op.ST, Stage.OUTPUT, address, mixed! + index * width, -1, width);
      }
    }
  }
}
