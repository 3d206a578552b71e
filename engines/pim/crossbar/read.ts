import { agedConductance, type Cells, levelStep } from './cells.ts';
import { digitOf, planeCount, topDigit } from './coding.ts';
import { readDraws } from './draw.ts';
import type { Coding, Device, PhysicalColumn } from './types.ts';
import { createWires, type NodeVoltages } from './wires.ts';

/** What is read of an array at one plane of the inputs. */
export interface PlaneRead {
  digits: number[];
  volts: number[];
  /** Of each physical column. */
  amps: Float64Array;
  /** Of each conversion, in units. */
  sums: Float64Array;
  /** With wires that have a resistance. */
  nodes?: NodeVoltages;
  /** Power that the drivers deliver. */
  watts: number;
}

/** Current of one level of a cell at one step of the DAC: the unit in which sums are counted. */
export function unitAmps(coding: Coding, device: Pick<Device, 'gMinUs' | 'gMaxUs' | 'readVolts'>): number {
  return (levelStep(coding, device) * device.readVolts) / topDigit(coding);
}

/** The digits of all rows at each plane, the least significant plane first. */
export function planesOf(inputs: readonly number[], coding: Coding): number[][] {
  return Array.from({ length: planeCount(coding) }, (_, plane) =>
    inputs.map((input) => digitOf(input, plane, coding.dacBits)),
  );
}

/**
 * Reads every plane of the inputs: digits become voltages in even steps up to the read voltage, a column's current is the
 * sum of its cells' currents. Noise is a fluctuation of each cell's conductance at each read, so that a row at 0 V adds
 * none; the sum of a column's independent normal fluctuations is drawn as the one normal number that it is. With wires, the
 * cells' own voltages count. `tolerance` as of `createWires`.
 */
export function readPlanes(
  cells: Cells,
  inputs: readonly number[],
  coding: Coding,
  device: Device,
  seed: number,
  tolerance?: number,
): PlaneRead[] {
  const { rows } = cells;
  const count = cells.columns.length;
  const conductance = agedConductance(cells, device, seed);
  const noise = (device.readNoisePercent / 100) * device.gMaxUs * 1e-6;
  const wires = device.wireOhm > 0 ? createWires(rows, count, conductance, device.wireOhm, tolerance) : undefined;
  const unit = unitAmps(coding, device);
  const top = topDigit(coding);
  return planesOf(inputs, coding).map((digits, plane) => {
    const volts = digits.map((digit) => (digit / top) * device.readVolts);
    const nodes = wires?.(volts);
    const { columnAmps, rowAmps } = nodes ?? straightCurrents(conductance, volts, count);
    const amps = columnAmps.slice();
    if (noise > 0) {
      const draws = readDraws(plane, count, seed);
      const squares = squaredVolts(volts, count, nodes);
      for (let k = 0; k < count; k++) amps[k]! += noise * Math.sqrt(squares[k]!) * draws[k]!;
    }
    const watts = volts.reduce((sum, v, i) => sum + v * rowAmps[i]!, 0);
    return { digits, volts, amps, sums: conversions(amps, cells.columns, coding.signed, unit), nodes, watts };
  });
}

/** Currents of columns and rows where wires are perfect. */
export function straightCurrents(
  conductance: Float64Array,
  volts: readonly number[],
  columns: number,
): { columnAmps: Float64Array; rowAmps: Float64Array } {
  const columnAmps = new Float64Array(columns);
  const rowAmps = new Float64Array(volts.length);
  for (let i = 0; i < volts.length; i++) {
    const v = volts[i]!;
    if (v === 0) continue;
    for (let k = 0, at = i * columns; k < columns; k++, at++) {
      const amps = v * conductance[at]!;
      columnAmps[k]! += amps;
      rowAmps[i]! += amps;
    }
  }
  return { columnAmps, rowAmps };
}

/** Sum over the rows of the squared voltage across each column's cells. */
function squaredVolts(volts: readonly number[], columns: number, nodes: NodeVoltages | undefined): Float64Array {
  if (!nodes) return new Float64Array(columns).fill(volts.reduce((sum, v) => sum + v * v, 0));
  const squares = new Float64Array(columns);
  for (let at = 0; at < nodes.wordVolts.length; at++) {
    const v = nodes.wordVolts[at]! - nodes.bitVolts[at]!;
    squares[at % columns]! += v * v;
  }
  return squares;
}

/** What is converted, in units: each column less the reference column, or each pair's difference. */
export function conversions(
  amps: ArrayLike<number>,
  columns: readonly PhysicalColumn[],
  signed: Coding['signed'],
  unit: number,
): Float64Array {
  const pair = signed === 'pair';
  const sums = new Float64Array(pair ? columns.length / 2 : columns.length - 1);
  const reference = amps[columns.length - 1]!;
  for (let q = 0; q < sums.length; q++) {
    sums[q] = (pair ? amps[2 * q]! - amps[2 * q + 1]! : amps[q]! - reference) / unit;
  }
  return sums;
}
