import type { CrossbarPlane, CrossbarReport, CrossbarSpec } from '../../../../engines/pim/crossbar/types.ts';
import { formatNumber } from '../../../ui/format.ts';
import { texts } from './texts.ts';

/** What is pointed at: a cell, or an output by its weight. */
export type Spot = { row: number; column: number } | { weight: number };

export interface Readout {
  title: string;
  lines: { label: string; value: string }[];
}

/** A sum or an output: whole numbers whole, others with one decimal. */
export function amount(value: number): string {
  return formatNumber(Number.isInteger(value) ? value : Number(value.toFixed(1)));
}

/** The same with its sign, as errors have it. */
export function signedAmount(value: number): string {
  return value > 0 ? `+${amount(value)}` : amount(value);
}

/** The numbers of what is pointed at. */
export function readoutOf(spot: Spot, report: CrossbarReport, plane: CrossbarPlane, spec: CrossbarSpec): Readout {
  return 'weight' in spot ? outputReadout(spot.weight, report, plane) : cellReadout(spot, report, plane, spec);
}

function cellReadout(
  { row, column }: { row: number; column: number },
  report: CrossbarReport,
  plane: CrossbarPlane,
  spec: CrossbarSpec,
): Readout {
  const physical = report.physicalColumns[column]!;
  const at = row * report.physicalColumns.length + column;
  const volts =
    plane.wordVolts && plane.bitVolts ? plane.wordVolts[at]! - plane.bitVolts[at]! : (plane.volts[row] ?? 0);
  const target = report.targetMicrosiemens[at]!;
  const now = report.microsiemens[at]!;
  const lines = [
    { label: 'Level', value: formatNumber(report.levels[at]!) },
    { label: 'Meant', value: formatNumber(target, 'µS') },
    { label: 'Is', value: `${formatNumber(now, 'µS')}${now === target ? '' : ` (${percent(now / target - 1)})`}` },
    { label: 'Voltage', value: formatNumber(volts, 'V') },
    { label: 'Current', value: formatNumber(volts * now * 1e-6, 'A') },
  ];
  if (physical.weight < 0) return { title: `Row ${row}, reference`, lines };
  const place = 2 ** (spec.cellBits * physical.slice);
  const sign = spec.signed === 'pair' ? (physical.sign > 0 ? ', positive' : ', negative') : '';
  const slice = report.slices > 1 ? `, slice × ${formatNumber(place)}` : '';
  return {
    title: `Row ${row}, weight ${physical.weight}${slice}${sign}`,
    lines: [{ label: 'Weight', value: formatNumber(report.weights[row]![physical.weight]!) }, ...lines],
  };
}

function outputReadout(weight: number, report: CrossbarReport, plane: CrossbarPlane): Readout {
  const output = report.outputs[weight]!;
  const ideal = report.ideal[weight]!;
  return {
    title: `Output ${weight}`,
    lines: [
      { label: texts.labels.ideal, value: amount(ideal) },
      { label: texts.labels.result, value: amount(output) },
      { label: texts.labels.error, value: signedAmount(output - ideal) },
      { label: texts.labels.partial, value: amount(plane.partial[weight]!) },
      { label: texts.labels['so-far'], value: amount(soFar(report, plane.plane)[weight]!) },
    ],
  };
}

/** The outputs when only the planes up to this one are added. */
export function soFar(report: CrossbarReport, plane: number): number[] {
  return report.outputs.map((_, weight) =>
    report.planes.slice(0, plane + 1).reduce((sum, each) => sum + each.partial[weight]!, 0),
  );
}

function percent(share: number): string {
  const text = Math.abs(share * 100).toFixed(1);
  return `${share < 0 ? '\u2212' : '+'}${text}\u202f%`;
}

/** One sentence for those who hear the drawing. */
export function spoken({ title, lines }: Readout): string {
  return `${title}: ${lines.map(({ label, value }) => `${label} ${value}`).join(', ')}`;
}
