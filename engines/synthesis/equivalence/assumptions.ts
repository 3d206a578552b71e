import type { Assumption } from '../../core/report.ts';
import type { ProofOptions } from './types.ts';

/** What a verdict rests on, for the way the designs were compared. */
export function proofAssumptions(
  options: ProofOptions,
  { model, unknowns }: { model: 'combinational' | 'cycles' | 'moments'; unknowns: boolean },
): Assumption[] {
  const list: Assumption[] = [
    {
      id: 'proof-start',
      what:
        options.start === 'zero'
          ? 'Registers and memory words without an initial value start at 0 in both versions; the others as their initial value says.'
          : 'Registers without an initial value start at anything: the same in both versions where they have the same name and width, each for itself elsewhere.',
      value: options.start,
      reason:
        options.start === 'zero'
          ? 'A silicon register starts at something; choose "any" to prove that the reset alone makes both agree.'
          : 'Nothing is known of a register before its reset.',
      source: 'ours',
    },
    {
      id: 'proof-unknown',
      what: unknowns
        ? 'Where the compared version gives x nothing is asked of the other; where it gives 0 or 1 the other must give the same, and an x there is a difference. Inputs are 0 or 1.'
        : 'Neither version makes an x: every signal is 0 or 1.',
      reason: 'An x in a source says that the value does not matter; so a version that settles it is as good.',
      source: 'ours',
    },
  ];
  if (model === 'cycles') {
    list.push(
      {
        id: 'proof-clock',
        what: 'One step of the proof is one cycle of the one clock: inputs hold still during a cycle, outputs are compared before its edge.',
        reason: 'All registers of both versions have the same clock and edge, and nothing else reads the clock.',
        source: 'ours',
      },
      {
        id: 'proof-async',
        what: 'Asynchronous sets and resets act in the whole cycle in which they are active, and win over the edge that ends it (`async2sync`); pulses shorter than a cycle are not looked at.',
        reason: 'SAT works on cycles.',
        source: 'tool',
      },
    );
  } else if (model === 'moments') {
    list.push({
      id: 'proof-clock',
      what: 'One step of the proof is a moment in which every input, clocks included, may change or stay (`clk2fflogic`): a register takes what its data input was in the moment before the edge.',
      reason: 'The versions have several clocks, both edges, latches, or logic that reads a clock.',
      source: 'tool',
    });
  }
  return list;
}
