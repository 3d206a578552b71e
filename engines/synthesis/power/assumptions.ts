import type { Assumption } from '../../core/report.ts';
import { MAX_VARIABLES } from './bit-function.ts';
import { DAMPED_FROM, LOOK_BACK, PASSES } from './propagate.ts';

/** The rules behind activities and power. */
export const POWER_ASSUMPTIONS: Assumption[] = [
  {
    id: 'power-independent',
    what: 'Inputs of a gate are taken as independent of each other; pins on one net are one input. Toggles are transition densities (Najm 1993): the sum over the inputs of their toggles times the chance that the output follows.',
    value: `tables of up to ${MAX_VARIABLES} inputs`,
    reason:
      'The usual vectorless rule: exact for a gate, blind to signals that part and meet again, and to glitches that inertia would swallow.',
    source: 'paper',
  },
  {
    id: 'power-two-a-cycle',
    what: 'No data net toggles more than twice in a cycle of the fastest clock that launches it.',
    value: '2',
    reason: 'Densities of trees of exclusive-or grow with their depth; real gates do not follow pulses that short.',
    source: 'ours',
  },
  {
    id: 'power-registers',
    what: 'A flip-flop is a Markov chain: with n0 and n1 the chance of a next 1 after 0 and 1, it is 1 for n0 / (1 - n1 + n0) of the time and toggles (1 - p) n0 + p (1 - n1) times an active edge, not more often than its input. An active clear or preset costs two toggles where it changes the state.',
    value: `feedback of a register to itself is looked through for ${LOOK_BACK} gates`,
    reason:
      'Exact for counters, dividers and enables; with an input that does not hang on the state it is 2 p (1 - p).',
    source: 'ours',
  },
  {
    id: 'power-loops',
    what: 'Loops are gone round until nothing moves by more than 1e-6 (of a probability, or of toggles in a clock cycle), or to a limit; later passes are damped by half.',
    value: `${PASSES} passes, damped from pass ${DAMPED_FROM + 1}`,
    reason: 'Few designs need more than ten; the limit keeps a design that oscillates from running for ever.',
    source: 'ours',
  },
  {
    id: 'power-resets',
    what: 'An input that leads to asynchronous clears and presets alone is taken as released, unless it was recorded or held by the constraints.',
    reason: 'A design is not in reset for half of its time.',
    source: 'ours',
  },
  {
    id: 'power-clock-gates',
    what: 'Gates of the clock pass its edges for the share of the time in which they are enabled; enables change while the gate is shut.',
    reason: 'That is what a clock gate is for.',
    source: 'ours',
  },
  {
    id: 'power-recorded',
    what: 'Recorded activities find their nets by the user’s names of nets; nets without a record are propagated from the recorded ones. Recorded toggles are counted by the cycle: with another clock than the recorded one they are as many in each cycle.',
    reason: 'Mapping keeps the names of ports and registers, and few others; benches run at a clock of their own.',
    source: 'ours',
  },
  {
    id: 'power-energy',
    what: 'A toggle costs the mean of its rise and its fall. An output’s energy is shared by the inputs that make it toggle; conditions count by their chance, energies without condition for the rest. Outputs of registers are caused by the clock.',
    reason: 'Rises and falls are equally many in the long run.',
    source: 'ours',
  },
  {
    id: 'power-switching',
    what: 'Switching power is 0.5 C V^2 for each toggle of a net that a cell drives, C being pins, wires and the loads of output ports. Nets that input ports drive are shown apart: what drives the ports pays for them.',
    reason: 'As timing tools count it (OpenSTA).',
    source: 'tool',
  },
];
