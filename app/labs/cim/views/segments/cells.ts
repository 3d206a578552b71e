import type { CimOperator, CimProblem, Section } from '../../../../../engines/cim/types.ts';

/** A column of the row of operators: one operator, or all parts of a layer folded into one. */
export interface Cell {
  /** Positions [first, first + count) of the row. */
  first: number;
  count: number;
  /** The layer's name without its path; of an open part, with its number. */
  name: string;
  /** The path of the name: "layer0/attention". Empty where it has none. */
  scope: string;
  kind: CimOperator['kind'];
  /** First position of the layer's parts, by which it is opened and folded; undefined where it has no parts. */
  group?: number;
}

/** Where things stand in the row, in pixels. */
export interface Row {
  cells: readonly Cell[];
  /** Index of the cell at each position. */
  cellOf: Int32Array;
  cellWidth: number;
  width: number;
  /** Positions in all. */
  count: number;
}

/** The row for operators in an order; layers whose first position is in `opened` show every part. */
export function rowOf(
  { operators }: Pick<CimProblem, 'operators'>,
  order: readonly number[],
  opened: ReadonlySet<number>,
  cellWidth: number,
): Row {
  const cells: Cell[] = [];
  const cellOf = new Int32Array(order.length);
  for (let at = 0; at < order.length; ) {
    const { layer, part, kind, name } = operators[order[at]!]!;
    let end = at + 1;
    if (part) while (end < order.length && operators[order[end]!]!.layer === layer) end++;
    const group = end - at > 1 ? at : undefined;
    const open = group === undefined || opened.has(group);
    const each = open ? 1 : end - at;
    for (let first = at; first < end; first += each) {
      const full = open ? operators[order[first]!]!.name : name.replace(/\[\d+\/\d+\]$/, '');
      const slash = full.replace(/\[.*$/, '').lastIndexOf('/');
      cellOf.fill(cells.length, first, first + each);
      cells.push({
        first,
        count: each,
        name: full.slice(slash + 1),
        scope: slash < 0 ? '' : full.slice(0, slash),
        kind,
        ...(group !== undefined && { group }),
      });
    }
    at = end;
  }
  return { cells, cellOf, cellWidth, width: cells.length * cellWidth, count: order.length };
}

/** Where the boundary before a position stands; within a folded layer, by its part of the parts. */
export function xOfPlace(row: Row, place: number): number {
  if (place >= row.count) return row.width;
  const index = row.cellOf[place]!;
  const cell = row.cells[index]!;
  return (index + (place - cell.first) / cell.count) * row.cellWidth;
}

/** The position under x. */
export function positionAt(row: Row, x: number): number {
  if (row.count === 0) return 0;
  const index = Math.min(Math.max(Math.floor(x / row.cellWidth), 0), row.cells.length - 1);
  const cell = row.cells[index]!;
  const within = Math.floor((x / row.cellWidth - index) * cell.count);
  return cell.first + Math.min(Math.max(within, 0), cell.count - 1);
}

/** The place between cells that is nearest to x: a layer is cut within only while it is open. */
export function nearestPlace(row: Row, x: number): number {
  const index = Math.min(Math.max(Math.round(x / row.cellWidth), 0), row.cells.length);
  return row.cells[index]?.first ?? row.count;
}

/** The next place between cells before (-1) or after (1) a place. */
export function nextPlace(row: Row, place: number, by: -1 | 1): number {
  if (by > 0) return place >= row.count ? row.count : (row.cells[row.cellOf[place]! + 1]?.first ?? row.count);
  return place <= 0 ? 0 : row.cells[row.cellOf[place - 1]!]!.first;
}

/** Whether a place lies between cells, not within a folded layer. */
export function inSight(row: Row, place: number): boolean {
  return place >= row.count || row.cells[row.cellOf[place]!]!.first === place;
}

/** Cells that a stretch of pixels shows: [first, end). */
export function cellsIn(row: Row, from: number, to: number): [number, number] {
  const first = Math.max(0, Math.floor(from / row.cellWidth));
  return [Math.min(first, row.cells.length), Math.min(row.cells.length, Math.max(0, Math.ceil(to / row.cellWidth)))];
}

/** A dependency between two layers: how many bytes of one the other reads. */
export interface Arc {
  from: number;
  to: number;
  bytes: number;
  /** Its output becomes the reader's weights. */
  operand: boolean;
  /** Goes to the next run of a repeated section. */
  carried: boolean;
}

/**
 * Who reads whom, layer by layer: `from` and `to` are the first positions of the layers, parts taken together. Parts of the
 * reader that read the same bytes count them once.
 */
export function arcsOf(
  operators: readonly CimOperator[],
  sections: readonly Section[],
  order: readonly number[],
): Arc[] {
  const place = new Int32Array(operators.length);
  const head = new Map<number, number>();
  for (const [at, operator] of order.entries()) {
    place[operator] = at;
    const { layer } = operators[operator]!;
    if (!head.has(layer)) head.set(layer, at);
  }
  const headOf = (operator: number) => {
    const found = operators[operator]!;
    return found.part ? head.get(found.layer)! : place[operator]!;
  };
  const arcs = new Map<string, Arc & { read: Map<number, number> }>();
  const add = (source: number, reader: number, bytes: number, operand: boolean, carried: boolean) => {
    const [from, to] = [headOf(source), headOf(reader)];
    const key = `${from} ${to} ${operand} ${carried}`;
    const found = arcs.get(key) ?? { from, to, bytes: 0, operand, carried, read: new Map() };
    found.read.set(source, Math.max(found.read.get(source) ?? 0, bytes));
    arcs.set(key, found);
  };
  for (const { index, inputs, weightsFrom } of operators) {
    for (const { operator, bytes } of inputs) add(operator, index, bytes, false, false);
    for (const { operator, bytes } of weightsFrom) add(operator, index, bytes, true, false);
  }
  for (const { carried, times } of sections) {
    if (times === 1) continue;
    for (const { operator, readers } of carried) {
      for (const reader of readers) add(operator, reader, operators[operator]!.outputBytes, false, true);
    }
  }
  return [...arcs.values()].map(({ read, ...arc }) => {
    let bytes = 0;
    for (const each of read.values()) bytes += each;
    return { ...arc, bytes };
  });
}
