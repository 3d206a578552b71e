import type { Assumption } from '../../core/report.ts';

export const TIMING_ASSUMPTIONS: Assumption[] = [
  {
    id: 'timing-pre-layout',
    what: 'All times are pre-layout: wires have the capacitance that is set for them, or that a wire-load model gives, and no place.',
    reason: 'Nothing is placed or routed.',
    source: 'ours',
  },
  {
    id: 'timing-worst-slew',
    what: 'The slew at a pin is the worst of all arcs that end there, also for paths along other arcs: late the greatest, early the least.',
    reason: 'It is what timing tools do; late paths become later by it and early ones earlier, never the other way.',
    source: 'ours',
  },
  {
    id: 'timing-no-crpr',
    what: 'What launching and capturing clock have in common is not credited.',
    reason:
      'With one corner and no derating, early and late clocks differ only where slews or ways of a clock come together again.',
    source: 'ours',
  },
  {
    id: 'timing-tree',
    what: 'With a wire-load model that has a resistance, every pin has an equal share of its net as a branch of its own (a balanced tree).',
    reason: 'Before placement no pin is known to be nearer than another.',
    source: 'ours',
  },
  {
    id: 'timing-asynchronous',
    what: 'Paths through asynchronous set and reset pins to the outputs of a register are not followed; recovery and removal are checked.',
    reason: 'It is the default of timing tools.',
    source: 'ours',
  },
  {
    id: 'timing-ideal-slew',
    what: 'At the clock pins of registers an ideal clock has the transition that is set for it, else 0.',
    reason: 'It is the default of timing tools.',
    source: 'ours',
  },
  {
    id: 'timing-gating',
    what: 'Clocks gated by plain logic are followed through it without a check of the gating signal; the checks of clock-gate cells are made.',
    reason: 'Which edge such a gate must not pass depends on its use, which the netlist does not say.',
    source: 'ours',
  },
  {
    id: 'timing-unclocked',
    what: 'Paths from inputs without an input delay, and from registers that no clock reaches, are unconstrained: only set_max_delay and set_min_delay check them.',
    reason:
      'When such a signal arrives is not known. OpenSTA lets it arrive at 0 where it ends at an output with an output delay.',
    source: 'ours',
  },
];
