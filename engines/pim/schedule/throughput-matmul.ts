import type { Layer } from '../../onnx/network.ts';
import { Op, Stage } from '../program/types.ts';
import type { Emitter } from './common-emit.ts';
import { elementsOf } from './common-regions.ts';
import { reshape, type View } from './common-views.ts';
import { joinLoad, type Scratch } from './throughput-fetch.ts';
import { finish, type PostContext, type PostJob } from './throughput-job.ts';

/** An operand as matrices: where each of them, its rows and its columns are. */
export interface Matrices {
  count: number;
  at(matrix: number): number;
  rowStride: number;
  columnStride: number;
}

/**
 * A product of two computed tensors on the vector unit: attention, mostly. Unit: one row of one of the batch's matrices. A
 * core keeps columns of the second operand in local memory, each in one piece, as many as fit; for each of its rows VDOT
 * then makes all their entries at once. Where the operand lies column by column already (keys of attention), columns are
 * loaded as they are, otherwise rows are loaded and the columns gathered.
 */
export function matmulJob(layer: Layer, { layout }: PostContext): PostJob {
  const { kind } = layer;
  if (kind.op !== 'matmul') throw new Error(`layer ${layer.name} is no product`);
  const { batch, rows, inner, columns } = kind;
  const first = matrices(layout.views[layer.inputs[0]!]!, layer.name);
  const second = matrices(layout.views[layer.inputs[1]!]!, layer.name);
  const region = layout.regions[layer.index]!;
  return {
    layer,
    units: batch * rows,
    grain: rows,
    // One step of the vector unit (32 elements of 16 bit) or more for each entry of the result.
    volume: batch * rows * columns * Math.max(32, inner) + elementsOf(layer.outputShape),
    emit(out, scratch, from, to) {
      for (let unit = from; unit < to; ) {
        const matrix = Math.floor(unit / rows);
        const end = Math.min(to, (matrix + 1) * rows);
        const a = first.at(Math.floor((matrix * first.count) / batch));
        const b = second.at(Math.floor((matrix * second.count) / batch));
        const tile = Math.max(1, Math.min(columns, Math.floor(scratch.room / 4 / inner)));
        for (let column = 0; column < columns; column += tile) {
          const width = Math.min(tile, columns - column);
          scratch.clear();
          const held = scratch.take(width * inner);
          loadColumns(out, scratch, second, b + column * second.columnStride, inner, width, held);
          const [row, result] = [scratch.take(inner), scratch.take(width)];
          for (let index = unit; index < end; index++) {
            out.window = index;
            loadStrided(out, scratch, a + (index % rows) * first.rowStride, first.columnStride, inner, row);
            out.strided(Op.VDOT, Stage.POST, result, row, held, inner, inner, width);
            finish(out, layer, result, width, scratch);
            out.put(Op.ST, Stage.OUTPUT, region + index * columns + column, result, -1, width);
          }
        }
        unit = end;
      }
    },
  };
}

export function matrices({ at, sizes, strides }: View, name: string): Matrices {
  const rank = sizes.length;
  const rowStride = rank >= 2 ? strides[rank - 2]! : 0;
  const outer = sizes.slice(0, -2);
  const count = elementsOf(outer);
  const joined = reshape(outer, strides.slice(0, -2), [count]);
  const at2 = (matrix: number): number => {
    if (joined) return at + matrix * joined[0]!;
    let rest = matrix;
    let address = at;
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      address += (rest % outer[axis]!) * strides[axis]!;
      rest = Math.floor(rest / outer[axis]!);
    }
    return address;
  };
  if (rank < 2) throw new Error(`an operand of layer ${name} is no matrix`);
  return { count, at: at2, rowStride, columnStride: strides[rank - 1]! };
}

/** `width` columns of `inner` elements, one behind the other. */
export function loadColumns(
  out: Emitter,
  scratch: Scratch,
  { rowStride, columnStride }: Matrices,
  at: number,
  inner: number,
  width: number,
  dst: number,
): void {
  if (rowStride === 1 || columnStride !== 1) {
    for (let column = 0; column < width; column++)
      loadStrided(out, scratch, at + column * columnStride, rowStride, inner, dst + column * inner);
    return;
  }
  const mark = scratch.mark();
  const rows = scratch.take(inner * width);
  let last = -1;
  for (let row = 0; row < inner; row++) last = joinLoad(out, at + row * rowStride, rows + row * width, width, last);
  for (let column = 0; column < width; column++)
    out.strided(Op.LMV, Stage.POST, dst + column * inner, rows + column, -1, 1, width, inner);
  scratch.back(mark);
}

export function loadStrided(
  out: Emitter,
  scratch: Scratch,
  at: number,
  stride: number,
  length: number,
  dst: number,
): void {
  if (stride === 1 || length === 1) {
    joinLoad(out, at, dst, length, out.to.length - 1 >= 0 && isLoad(out) ? out.to.length - 1 : -1);
    return;
  }
  const span = (length - 1) * stride + 1;
  if (span > scratch.room / 4) {
    for (let index = 0; index < length; index++) out.put(Op.LD, Stage.INPUT, dst + index, at + index * stride, -1, 1);
    return;
  }
  const mark = scratch.mark();
  const whole = scratch.take(span);
  out.put(Op.LD, Stage.INPUT, whole, at, -1, span);
  out.strided(Op.LMV, Stage.POST, dst, whole, -1, 1, stride, length);
  scratch.back(mark);
}

function isLoad(out: Emitter): boolean {
  const last = out.to.length - 1;
  const { columns } = out.to;
  return columns.op[last] === Op.LD && columns.layer[last] === out.layer && columns.stage[last] === Stage.INPUT;
}
