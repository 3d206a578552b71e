import { readLiberty } from './read.ts';

/** A case of `npm run bench`: each run answers with the milliseconds of what it times, preparation left out. */
interface Bench {
  name: string;
  /** Milliseconds that the scaled median must keep. */
  limit?: number;
  run(): Promise<number>;
}

const BYTES = 15e6;
const KINDS = ['cell_rise', 'cell_fall', 'rise_transition', 'fall_transition'];

/** A library of two-input cells with tables of 7 x 7, as large as those of real processes. */
export function syntheticLiberty(bytes: number): Uint8Array {
  let seed = 1;
  const number = (): string => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed / 2 ** 33).toFixed(7);
  };
  const row = (): string => `"${Array.from({ length: 7 }, number).join(', ')}"`;
  const table = (kind: string): string =>
    `      ${kind} (delay_7x7) {\n        index_1 ("0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64");\n        index_2 ("0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064");\n        values (${Array.from({ length: 7 }, row).join(', \\\n          ')});\n      }\n`;
  const parts = [
    'library (synthetic) {\n  delay_model : table_lookup;\n  time_unit : "1ns";\n  capacitive_load_unit (1, pf);\n  leakage_power_unit : "1nW";\n  nom_voltage : 1.1;\n  lu_table_template (delay_7x7) {\n    variable_1 : input_net_transition;\n    variable_2 : total_output_net_capacitance;\n  }\n',
  ];
  let size = 0;
  for (let place = 0; size < bytes; place++) {
    const cell = `  cell (NAND2_${place}) {\n    area : 1.064;\n    cell_leakage_power : ${number()};\n${['A', 'B']
      .map((pin) => `    pin (${pin}) {\n      direction : input;\n      capacitance : ${number()};\n    }\n`)
      .join('')}    pin (Y) {\n      direction : output;\n      function : "!(A & B)";\n${['A', 'B']
      .map((pin) => `    timing () {\n      related_pin : "${pin}";\n${KINDS.map(table).join('')}    }\n`)
      .join('')}    }\n  }\n`;
    parts.push(cell);
    size += cell.length;
  }
  parts.push('}\n');
  return new TextEncoder().encode(parts.join(''));
}

let made: Uint8Array | undefined;

export const benches: Bench[] = [
  {
    name: 'synthesis/liberty: read a library of 15 MB',
    limit: 2000,
    async run() {
      made ??= syntheticLiberty(BYTES);
      const from = performance.now();
      const read = await readLiberty(made, { signal: new AbortController().signal });
      if (!read.ok) throw new Error(read.problems[0]?.what);
      return performance.now() - from;
    },
  },
];
