import type { Assumption } from '../core/report.ts';

/** What is chosen here, where the standard leaves a choice or benches have no common form. */
export const ASSUMPTIONS: Assumption[] = [
  {
    id: 'event-order',
    what: 'Order of events within a time step',
    value: 'as Icarus Verilog 11, where the standard leaves it free',
    reason: 'Benches come to depend on the order of one simulator; this one is the most used of the open ones.',
    source: 'tool',
  },
  {
    id: 'settling',
    what: 'Combinational logic without delay',
    value: 'evaluated in the order of its levels, once for each settling',
    reason:
      'Values between two settled states of one moment cannot be seen by processes that wait for edges of clocks; logic with delays, or that is waited for, runs in event order.',
    source: 'ours',
  },
  {
    id: 'verdict',
    what: 'Verdict of a bench',
    value:
      'failed if a printed line says fail, error, mismatch or wrong with a count that is not nothing, else passed if one says pass, ok or success',
    reason: 'Benches have no common form for what they find. The line that decided is shown.',
    source: 'ours',
  },
  {
    id: 'activity',
    what: 'Switching activity',
    value: 'a toggle is a bit that was 0 and then 1, or 1 and then 0, at the ends of two time steps',
    reason:
      'Glitches within one time step have no duration here and are not counted; x and z between two known values count as neither.',
    source: 'ours',
  },
];
