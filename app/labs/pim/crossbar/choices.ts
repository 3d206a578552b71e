import type { ModelRef } from '../../../../engines/onnx/types.ts';
import type { CrossbarReport, CrossbarSpec } from '../../../../engines/pim/crossbar/types.ts';

/** The same product with nothing wrong: perfect cells and wires, and converters with a code for every sum. */
export function idealOf(spec: CrossbarSpec): CrossbarSpec {
  const held = spec.signed === 'pair' ? spec.weightBits - 1 : spec.weightBits;
  const top = (bits: number, most: number) => 2 ** Math.min(bits, most) - 1;
  const largest = spec.rows * top(spec.cellBits, held) * top(spec.dacBits, spec.inputBits);
  const needed = Math.ceil(Math.log2(largest + 1)) + (spec.signed === 'pair' ? 1 : 0);
  return {
    ...spec,
    adcBits: Math.max(spec.adcBits, needed),
    adcRangePercent: 100,
    variationPercent: 0,
    readNoisePercent: 0,
    wireOhm: 0,
    driftExponent: 0,
    driftSeconds: 1,
  };
}

/** The inputs that are multiplied now, to be changed one by one. */
export function givenOf(spec: CrossbarSpec, report: CrossbarReport | undefined): number[] {
  if (report && report.inputs.length === spec.rows) return report.inputs;
  return spec.inputs.kind === 'values' ? spec.inputs.values : new Array<number>(spec.rows).fill(0);
}

/** The spec with one bit of one input turned over. */
export function withFlipped(spec: CrossbarSpec, report: CrossbarReport, row: number, bit: number): CrossbarSpec {
  const values = givenOf(spec, report).map((value, at) => {
    if (at !== row) return value;
    return Math.floor(value / 2 ** bit) % 2 === 1 ? value - 2 ** bit : value + 2 ** bit;
  });
  return { ...spec, inputs: { kind: 'values', values } };
}

export function samePlace(a: ModelRef, b: ModelRef): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const SPANS: readonly (readonly [string, number])[] = [
  ['year', 31_557_600],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** Seconds in the largest span of which there is at least one: "3.2 days". */
export function formatDuration(seconds: number): string {
  const [name, each] = SPANS.find(([, length]) => seconds >= length) ?? ['second', 1];
  const count = Number((seconds / each).toPrecision(2));
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
