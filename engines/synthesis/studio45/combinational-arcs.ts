import type { Values } from './circuit.ts';
import {
  addArc,
  assignments,
  type Bench,
  edgeEnergy,
  type Grid,
  type Measured,
  mean,
  measure,
  pinOf,
  type State,
  whenText,
  worst,
} from './measure.ts';

/** Fills the arcs and energies of gates and adders. Answers all states of the inputs. */
export function combinationalArcs(bench: Bench): State[] {
  const { spec, circuit } = bench;
  const outputs = Object.keys(spec.outputs);
  for (const output of outputs) {
    for (const input of spec.inputs) {
      if (input === spec.threeState?.enable) continue;
      const rises: Measured[] = [];
      const falls: Measured[] = [];
      const senses = new Set<'positive_unate' | 'negative_unate'>();
      for (const pins of assignments(spec.inputs)) {
        if (spec.threeState && pins[spec.threeState.enable] === 0) continue;
        const measured = measure(bench, circuit.settle([pins]), input, output);
        if (!measured) continue;
        const risesNow = circuit.settle([pins])[output] === 0;
        (risesNow ? rises : falls).push(measured);
        senses.add((pins[input] === 0) === risesNow ? 'positive_unate' : 'negative_unate');
      }
      const sense = senses.size === 1 ? [...senses][0] : 'non_unate';
      addArc(bench, output, { relatedPin: input, type: 'combinational', sense }, rises, falls);
    }
  }
  if (spec.threeState) threeState(bench, spec.threeState);
  for (const input of spec.inputs) ownEnergy(bench, input);
  return assignments(spec.inputs).map((pins) => ({ when: whenText(pins), values: circuit.settle([pins]) }));
}

/** What an input moves inside while no output follows it. */
function ownEnergy(bench: Bench, input: string): void {
  const { spec, circuit } = bench;
  const quiet: { others: Values; rise: Grid; fall: Grid }[] = [];
  for (const others of assignments(spec.inputs.filter((it) => it !== input))) {
    const low = circuit.settle([{ ...others, [input]: 0 }]);
    const high = circuit.settle([{ ...others, [input]: 1 }]);
    const floats = spec.threeState && (input === spec.threeState.enable || others[spec.threeState.enable] === 0);
    if (!floats && Object.keys(spec.outputs).some((output) => low[output] !== high[output])) continue;
    const energies = { others, rise: edgeEnergy(bench, low, input), fall: edgeEnergy(bench, high, input) };
    if ([...energies.rise, ...energies.fall].some((row) => (row[0] ?? 0) > 0)) quiet.push(energies);
  }
  const rise = mean(quiet.map((it) => it.rise));
  const fall = mean(quiet.map((it) => it.fall));
  if (!rise || !fall) return;
  const always = quiet.length === 2 ** (spec.inputs.length - 1);
  const when = always ? undefined : quiet.map((it) => `(${whenText(it.others)})`).join(' | ');
  pinOf(bench, input).energies.push({ when, rise, fall });
}

function threeState(bench: Bench, { pin, enable }: { pin: string; enable: string }): void {
  const { circuit, spec } = bench;
  const data = spec.inputs.find((it) => it !== enable) ?? '';
  /** Floats at the other value. */
  const floating = (value: 0 | 1) =>
    circuit.settle([{ [data]: value === 1 ? 0 : 1, [enable]: 1 }, { [enable]: 0 }, { [data]: value }]);
  const enabled = (value: 0 | 1) => [measure(bench, floating(value), enable, pin)].filter((it) => it !== undefined);
  addArc(
    bench,
    pin,
    { relatedPin: enable, type: 'three_state_enable', sense: 'positive_unate' },
    enabled(1),
    enabled(0),
    // The enable pin's own energy holds the output's part: half of its edges move the output.
    'elsewhere',
  );
  // Rise: from 0 to floating, when the n transistors, straight at the pin, are off; that is not before the p's inverter.
  const released = measure(bench, circuit.settle([{ [data]: 0, [enable]: 1 }]), enable, pin, 'off');
  const letGo = released ? [released] : [];
  const arcs = pinOf(bench, pin).arcs;
  arcs.push({
    relatedPin: enable,
    type: 'three_state_disable',
    sense: 'negative_unate',
    cellRise: worst(letGo.map((it) => it.delay)),
    cellFall: worst(letGo.map((it) => it.delay)),
    riseTransition: worst(letGo.map((it) => it.slew)),
    fallTransition: worst(letGo.map((it) => it.slew)),
  });
}
