import type { Problem } from '../../core/result.ts';
import type { WaveDelta } from '../../verilog/wave/types.ts';

export interface ProofOptions {
  /** Clock cycles that are searched for a difference, and the depth of induction. */
  depth: number;
  /** Each step of the proof ends after this. */
  timeLimitS: number;
  /**
   * What registers without an initial value hold at first: zero in both; anything (the same in both by name); or anything, each for itself, and
   * the first cycle is a reset: outputs are compared from the second on.
   */
  start: 'zero' | 'any' | 'reset';
}

/** One tool run of the proof. */
export interface ProofStep {
  /** 'structural': equivalence passes; 'bounded': search from the start state; 'induction': SAT with temporal induction. */
  method: 'structural' | 'bounded' | 'induction';
  what: string;
  outcome: 'equal' | 'different' | 'nothing' | 'timed-out' | 'failed';
  /** Cycles covered. */
  depth: number;
  /** The exact Yosys script. */
  script: string;
}

/** Inputs that tell two designs apart, and what comes out of each. Values are binary digits, most significant first. */
export interface Counterexample {
  /** The outputs differ in the last cycle, and in none before. Start 'reset': those of the first cycle are not compared, and x here. */
  cycles: number;
  /** A cycle of the one clock, or a moment in which any clock may change (designs with several clocks, both edges, or latches). */
  step: 'cycle' | 'moment';
  inputs: { name: string; width: number; values: string[] }[];
  outputs: { name: string; width: number; gold: string[]; gate: string[]; differs: boolean }[];
  /** What registers hold at first, where neither the source nor `zero` says it (start 'any'): hierarchical names. */
  start: { gold: StartValue[]; gate: StartValue[] };
  /** Clock ports, by name: what the bench toggles by itself, once a cycle. None where the inputs hold the clocks. */
  clocks: string[];
  /** Both designs run on these inputs by the studio's own simulator (`gold`, `gate` side by side). */
  waves: WaveDelta[];
  /** Power of ten of seconds of a tick of the waves. */
  precision: number;
  endTicks: number;
  /** A test bench that drives the inputs and fails on the design that is wrong. */
  bench: { path: string; text: string };
  /** Whether the simulator's run shows the difference too. */
  confirmed: boolean;
}

/** Binary digits, most significant first. */
export interface StartValue {
  name: string;
  value: string;
}

export interface ProofOutcome {
  verdict: 'equal' | 'different' | 'undecided';
  /** Cycles within which no difference exists, as far as it was searched. */
  boundedDepth: number;
  /** Pairs of signals that the equivalence passes matched, and proved. */
  points: { matched: number; proved: number };
  steps: ProofStep[];
  /** The scripts that make `gold.json` and `gate.json`, of which the scripts of the steps begin. */
  preparation: { gold: string; gate: string };
  counterexample?: Counterexample;
  problems: Problem[];
}
