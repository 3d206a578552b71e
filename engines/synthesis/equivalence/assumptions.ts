import type { Assumption } from '../../core/report.ts';
import type { Pair } from './pair.ts';
import type { ResetInput } from './reset.ts';
import type { ProofOptions } from './types.ts';

const START: Record<ProofOptions['start'], { what(resets: readonly ResetInput[]): string; reason: string }> = {
  zero: {
    what: () =>
      'Registers and memory words without an initial value start at 0 in both versions; the others as their initial value says.',
    reason:
      'A register of silicon starts at something; choose another start to prove that the reset alone makes both agree.',
  },
  any: {
    what: () =>
      'Registers without an initial value start at anything: the same in both versions where they have the same name and width, each for itself elsewhere.',
    reason: 'Nothing is known of a register before its reset.',
  },
  reset: {
    what: (resets) =>
      `Registers without an initial value start at anything, in each version for itself; the first cycle is a reset (${resets
        .map(({ port, active }) => `${port} = ${active}`)
        .join(', ')}), and outputs are compared from the second cycle on.`,
    reason: 'Inputs are taken for resets by their names, and their active level from the registers or the name.',
  },
};

/** What a verdict rests on, for the way the designs were compared. */
export function proofAssumptions(
  options: ProofOptions,
  { model, unknowns, resets }: Pick<Pair, 'model' | 'unknowns' | 'resets'>,
): Assumption[] {
  const list: Assumption[] = [
    {
      id: 'proof-start',
      what: START[options.start].what(resets),
      value: options.start,
      reason: START[options.start].reason,
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
