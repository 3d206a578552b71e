import type { Assumption } from '../../core/report.ts';

/** What the reader does where Liberty leaves it open. */
export const LIBERTY_ASSUMPTIONS: Assumption[] = [
  {
    id: 'liberty-energy-unit',
    what: 'Internal energies are in capacitive_load_unit times voltage_unit squared, per transition.',
    reason: 'Liberty names no unit of its own for them; its user guide derives this one, and OpenSTA takes the same.',
    source: 'tool',
  },
  {
    id: 'liberty-extrapolation',
    what: "Outside a table the border cell's slope goes on.",
    reason: 'A clamped table would hide loads and slews that are too large; OpenSTA and ABC do the same.',
    source: 'tool',
  },
  {
    id: 'liberty-edge-capacitance',
    what: 'A pin with capacitances by edge and no common one has the greater of the two.',
    reason: 'It is the one that cannot make a path too fast.',
    source: 'ours',
  },
  {
    id: 'liberty-mean-leakage',
    what: 'A cell with leakage by state only leaks the mean of its states where none of them holds.',
    reason: 'Nothing in the library says how often a state is held.',
    source: 'ours',
  },
  {
    id: 'liberty-powered',
    what: 'Conditions over supply pins hold as for a powered cell: supplies are 1, grounds 0.',
    reason: 'Nothing is switched off.',
    source: 'ours',
  },
];
