import type { Assumption } from '../../core/report.ts';

/** A whole array is read once in this time: DAC, settling, sample and hold (ISAAC, ISCA 2016, section VI: one cycle). */
export const READ_NS = 100;
/** Energy of a conversion of 8 bits: 2 mW at 1.28 GS/s (ISAAC, table I). */
export const CONVERSION_PJ_AT_8_BITS = 1.5625;

/** Doubles with every bit, as Walden's figure of merit has it (IEEE J. Sel. Areas Commun. 17(4), 1999). */
export function conversionPj(adcBits: number): number {
  return CONVERSION_PJ_AT_8_BITS * 2 ** (adcBits - 8);
}

export const ASSUMPTIONS: Assumption[] = [
  {
    id: 'inputs',
    what: 'Inputs are whole numbers that are not negative, as they leave a ReLU.',
    reason: 'Signed inputs would take a sign plane or a second read; both change no error source, only its scale.',
    source: 'ours',
  },
  {
    id: 'offset',
    what: 'With an offset, a reference column of least conductance is subtracted from every column before conversion, and the offset itself is taken off in digital, by a count of the input’s digits that makes no error.',
    reason:
      'ISAAC counts the digits with a column of ones; a digital count costs little and keeps the error that of the weights.',
    source: 'ours',
  },
  {
    id: 'pair',
    what: 'In a pair, the positive and the negative column lie side by side and one converter reads their difference.',
    reason: 'The usual differential layout; the wires of both are then as long.',
    source: 'ours',
  },
  {
    id: 'levels',
    what: 'Levels of a cell are evenly spaced in conductance, and its current is proportional to the voltage.',
    reason: 'Ohm’s law; selectors and the curvature of real cells are left out.',
    source: 'ours',
  },
  {
    id: 'variation',
    what: 'Each cell is programmed once with a normal error in proportion to its conductance, never below 0.',
    reason: 'The standard form where a device’s own data are not at hand.',
    source: 'ours',
  },
  {
    id: 'read-noise',
    what: 'Read noise is a normal fluctuation of a cell’s conductance, new at every read and alike for all levels.',
    reason: 'Flicker and telegraph noise are fluctuations of conductance; a row at 0 V adds none.',
    source: 'ours',
  },
  {
    id: 'wires',
    what: 'Every piece of wire between two cells has one resistance, word and bit lines alike; rows are driven at the left, columns held at 0 V below. Read noise is added to first order, at the voltages that the cells then have.',
    reason: 'Kirchhoff’s laws for the whole network; drivers and converters of no resistance.',
    source: 'ours',
  },
  {
    id: 'drift',
    what: 'All cells drift alike, G(t) = G(1 s) (t / 1 s)^−ν, and nothing is rescaled afterwards.',
    reason: 'The power law of phase-change cells; what a correction could win back is then seen whole.',
    source: 'paper',
  },
  {
    id: 'converter',
    what: 'A converter’s code is never finer than one unit of a sum.',
    reason: 'Sums of whole numbers are whole; finer codes would only read noise.',
    source: 'ours',
  },
  {
    id: 'read-time',
    what: 'An array is read in 100 ns a plane, with a converter for every 128 columns.',
    value: `${READ_NS} ns`,
    reason: 'ISAAC’s cycle and converter of 1.28 GS/s; latency and the array’s energy follow from it.',
    source: 'paper',
  },
  {
    id: 'conversion-energy',
    what: 'A conversion of 8 bits takes 1.56 pJ (ISAAC: 2 mW at 1.28 GS/s), twice as much with every bit more; drivers, digital logic and leakage are not counted.',
    value: `${CONVERSION_PJ_AT_8_BITS} pJ`,
    reason:
      'Walden’s figure of merit; energy of the array itself is voltage times current of its drivers over the read.',
    source: 'ours',
  },
];
