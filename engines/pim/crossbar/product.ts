import { type Cells, programCells } from './cells.ts';
import { physicalColumns } from './coding.ts';
import { type Conversion, type Converter, convert, converterOf, limit, shiftAndAdd } from './convert.ts';
import { type PlaneRead, planesOf, readPlanes } from './read.ts';
import type { Coding, Device } from './types.ts';

export interface PlaneProduct extends PlaneRead {
  idealSums: number[];
  conversions: Conversion[];
  partial: number[];
  idealPartial: number[];
}

export interface Product {
  cells: Cells;
  converter: Converter;
  planes: PlaneProduct[];
  outputs: number[];
  ideal: number[];
}

/** How sums are read: by the converter, or as they are. */
export type Reading = 'converter' | 'exact';

/** A whole product: cells programmed, every plane read, converted, shifted and added. `weights[row][column]`. */
export function multiply(
  weights: readonly (readonly number[])[],
  inputs: readonly number[],
  coding: Coding,
  device: Device,
  seed: number,
  { reading = 'converter', tolerance }: { reading?: Reading; tolerance?: number } = {},
): Product {
  const columns = physicalColumns(weights[0]?.length ?? 0, coding);
  const cells = programCells(weights, columns, coding, device);
  const converter = converterOf(inputs.length, coding, device);
  const digits = planesOf(inputs, coding);
  const planes = readPlanes(cells, inputs, coding, device, seed, tolerance).map((read, plane): PlaneProduct => {
    const idealSums = wholeSums(cells, digits[plane]!, coding.signed);
    const conversions = Array.from(read.sums, (sum) => convert(sum, converter));
    const values = reading === 'exact' ? read.sums : conversions.map(({ code }) => code * converter.step);
    return {
      ...read,
      idealSums,
      conversions,
      partial: shiftAndAdd(values, read.digits, plane, coding),
      idealPartial: shiftAndAdd(idealSums, read.digits, plane, coding),
    };
  });
  return {
    cells,
    converter,
    planes,
    outputs: addPlanes(planes.map(({ partial }) => partial)),
    ideal: addPlanes(planes.map(({ idealPartial }) => idealPartial)),
  };
}

/**
 * The outputs when the ideal sums go through a converter of which only one thing is not ideal: 'resolution', with steps but
 * without ends, or 'clipping', with ends but without steps.
 */
export function convertIdeal(
  { planes, converter }: Product,
  coding: Coding,
  wrong: 'resolution' | 'clipping',
): number[] {
  const endless = { ...converter, leastCode: Number.NEGATIVE_INFINITY, mostCode: Number.POSITIVE_INFINITY };
  const read = (sum: number) =>
    wrong === 'clipping' ? limit(sum, converter) : converter.step * convert(sum, endless).code;
  return addPlanes(
    planes.map(({ idealSums, digits }, plane) => shiftAndAdd(idealSums.map(read), digits, plane, coding)),
  );
}

function addPlanes(partials: readonly (readonly number[])[]): number[] {
  return partials[0]!.map((_, output) => partials.reduce((sum, partial) => sum + partial[output]!, 0));
}

/** The sums as whole numbers: digits times levels. */
function wholeSums({ rows, columns, levels }: Cells, digits: readonly number[], signed: Coding['signed']): number[] {
  const count = columns.length;
  const totals = new Float64Array(count);
  for (let i = 0; i < rows; i++) {
    const digit = digits[i]!;
    if (digit === 0) continue;
    for (let k = 0; k < count; k++) totals[k]! += digit * levels[i * count + k]!;
  }
  return signed === 'pair'
    ? Array.from({ length: count / 2 }, (_, q) => totals[2 * q]! - totals[2 * q + 1]!)
    : Array.from(totals.subarray(0, count - 1));
}
