import type { Table } from './types.ts';

/** The cell of an axis in which `at` lies; outside, the border's. Axes are short: counted through. */
function cellOf(axis: Float64Array, at: number): number {
  const last = axis.length - 2;
  let cell = 0;
  while (cell < last && at >= (axis[cell + 1] as number)) cell++;
  return cell;
}

/**
 * The value of a table at a point, one coordinate for each axis, in the order of its axes and in their units. Multilinear between the
 * corners of the cell that holds the point; outside, the border cell's plane goes on (as OpenSTA and ABC do), so that no delay has a
 * step. An axis of one value is constant along it.
 */
export function lookup(table: Table, x = 0, y = 0, z = 0): number {
  const { axes, values } = table;
  switch (axes.length) {
    case 0:
      return values[0] as number;
    case 1:
      return along(axes[0] as Float64Array, x, values, 0, 1);
    case 2:
      return plane(axes[0] as Float64Array, axes[1] as Float64Array, x, y, values, 0);
    default: {
      const [first, second, third] = axes as [Float64Array, Float64Array, Float64Array];
      const layer = second.length * third.length;
      if (first.length === 1) return plane(second, third, y, z, values, 0);
      const cell = cellOf(first, x);
      const low = plane(second, third, y, z, values, cell * layer);
      const high = plane(second, third, y, z, values, (cell + 1) * layer);
      return between(first, cell, x, low, high);
    }
  }
}

function between(axis: Float64Array, cell: number, at: number, low: number, high: number): number {
  const from = axis[cell] as number;
  const part = (at - from) / ((axis[cell + 1] as number) - from);
  return low * (1 - part) + high * part;
}

function along(axis: Float64Array, at: number, values: Float64Array, offset: number, stride: number): number {
  if (axis.length === 1) return values[offset] as number;
  const cell = cellOf(axis, at);
  const place = offset + cell * stride;
  return between(axis, cell, at, values[place] as number, values[place + stride] as number);
}

function plane(
  rows: Float64Array,
  columns: Float64Array,
  x: number,
  y: number,
  values: Float64Array,
  offset: number,
): number {
  const width = columns.length;
  if (rows.length === 1) return along(columns, y, values, offset, 1);
  const row = cellOf(rows, x);
  const place = offset + row * width;
  if (width === 1) return between(rows, row, x, values[place] as number, values[place + 1] as number);
  const column = cellOf(columns, y);
  const left = columns[column] as number;
  const part = (y - left) / ((columns[column + 1] as number) - left);
  const corner = place + column;
  const low = (values[corner] as number) * (1 - part) + (values[corner + 1] as number) * part;
  const below = corner + width;
  const high = (values[below] as number) * (1 - part) + (values[below + 1] as number) * part;
  return between(rows, row, x, low, high);
}

/**
 * The value of a table over input slew and output load (either, both or none), whatever the order of its axes.
 * The table has no other variables (`tableUses`).
 */
export function lookupDelay(table: Table, slewNs: number, loadPf: number): number {
  const { variables } = table;
  return lookup(
    table,
    variables[0] === 'output-load' ? loadPf : slewNs,
    variables[1] === 'input-slew' ? slewNs : loadPf,
  );
}

/** The value of a check's table over the slews of the related and of the constrained pin, whatever the order of its axes. */
export function lookupCheck(table: Table, relatedSlewNs: number, constrainedSlewNs: number): number {
  const { variables } = table;
  return lookup(
    table,
    variables[0] === 'constrained-slew' ? constrainedSlewNs : relatedSlewNs,
    variables[1] === 'related-slew' ? relatedSlewNs : constrainedSlewNs,
  );
}
