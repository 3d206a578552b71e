import { error, type Problem } from '../../core/result.ts';
import type { Pair } from './pair.ts';
import { scriptName } from './pair.ts';
import type { StateSignal } from './prepare.ts';
import type { SatTrace } from './trace.ts';
import type { Counterexample, ProofOptions, StartValue } from './types.ts';

/** What the model of the solver says, by the names of the source. */
export type Example = Pick<Counterexample, 'cycles' | 'step' | 'inputs' | 'outputs' | 'clocks'> & {
  /** Of each version, what the registers without an initial value held. */
  start: { gold: StateSignal[]; gate: StateSignal[] };
};

/** Reads a counterexample; a problem when the model lacks a port (a defect, not the user's doing). */
export function readExample(pair: Pair, { steps }: SatTrace, start: ProofOptions['start']): Example | Problem {
  const missing = new Set<string>();
  const values = (name: string): string[] =>
    steps.map((step) => {
      const value = step.get(name);
      if (value === undefined) missing.add(name);
      return value ?? '';
    });
  const inputs = pair.inputs.map(({ name, width }) => ({ name, width, values: values(`in_${scriptName(name)}`) }));
  const outputs = pair.outputs.map(({ name, width }) => {
    const gold = values(`gold_${scriptName(name)}`);
    const gate = values(`gate_${scriptName(name)}`);
    if (pair.resets.length > 0) gold[0] = gate[0] = 'x'.repeat(width);
    return { name, width, gold, gate, differs: differ(gold.at(-1)!, gate.at(-1)!) };
  });
  const [first] = steps;
  const startOf = (side: 'gold' | 'gate') =>
    pair[side].registers.flatMap((signal) => {
      if (!signal.init.includes('x')) return [];
      const { width, init } = signal;
      const wire = pair.wireOf(side, signal);
      const found = start !== 'zero' ? first?.get(wire) : '0'.repeat(width);
      if (found === undefined) missing.add(wire);
      const bits = [...init].map((bit, i) => (bit !== 'x' ? bit : found?.[i] === '1' ? '1' : '0')).join('');
      return [{ ...signal, init: bits.padStart(width, '0') }];
    });
  const started = { gold: startOf('gold'), gate: startOf('gate') };
  if (missing.size > 0) {
    return error(
      'incomplete-model',
      `Yosys found a difference, but its printed model lacks ${[...missing].join(', ')}.`,
      'Look at the script of the last step; run it with a native Yosys.',
    );
  }
  return {
    cycles: steps.length,
    step: pair.model === 'moments' ? 'moment' : 'cycle',
    inputs: inputs.filter(({ name }) => name !== pair.clock?.port),
    outputs,
    clocks: pair.clock ? [pair.clock.port] : [],
    start: started,
  };
}

/** Where gold is x, nothing is asked. */
function differ(gold: string, gate: string): boolean {
  return [...gold].some((bit, index) => bit !== 'x' && bit !== gate[index]);
}

export function startValues(signals: readonly StateSignal[]): StartValue[] {
  return signals.map(({ name, index, init }) => ({
    name: index === undefined ? name : `${name}[${index}]`,
    value: init,
  }));
}
