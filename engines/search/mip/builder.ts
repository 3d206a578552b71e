import type { Mip, MipColumn, MipTerm } from './types.ts';

/** Puts a mixed-integer program together, column by column and row by row. */
export class MipBuilder {
  readonly mip: Mip;

  constructor(sense: Mip['sense']) {
    this.mip = { sense, columns: [], rows: [] };
  }

  /** The index of the new column. */
  column(name: string, of: Partial<Omit<MipColumn, 'name'>> = {}): number {
    const column = { name, lower: 0, upper: Number.POSITIVE_INFINITY, integer: false, cost: 0, ...of };
    return this.mip.columns.push(column) - 1;
  }

  integer(name: string, lower: number, upper: number): number {
    return this.column(name, { lower, upper, integer: true });
  }

  binary(name: string): number {
    return this.integer(name, 0, 1);
  }

  atMost(name: string, upper: number, terms: MipTerm[]): void {
    this.mip.rows.push({ name, lower: Number.NEGATIVE_INFINITY, upper, terms });
  }

  atLeast(name: string, lower: number, terms: MipTerm[]): void {
    this.mip.rows.push({ name, lower, upper: Number.POSITIVE_INFINITY, terms });
  }

  equal(name: string, value: number, terms: MipTerm[]): void {
    this.mip.rows.push({ name, lower: value, upper: value, terms });
  }
}
