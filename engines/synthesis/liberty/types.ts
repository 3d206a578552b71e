/**
 * A cell library as the studio reads it from Liberty. All quantities are converted on reading: times to ns, capacitances to pF,
 * energies to pJ, leakage to nW, areas as the file gives them (um2 in every library seen), voltages to V, resistances to kOhm.
 */
export interface Library {
  name: string;
  /** As the file gives it; the name of the file's `operating_conditions` that is the default, if any. */
  conditions: { name?: string; process: number; voltageV: number; temperatureC: number };
  /** Fractions of the supply at which delays and slews are measured (0.5, 0.2, 0.8 ...). */
  thresholds: {
    inputRise: number;
    inputFall: number;
    outputRise: number;
    outputFall: number;
    slewLowerRise: number;
    slewUpperRise: number;
    slewLowerFall: number;
    slewUpperFall: number;
    /** Slews in tables are the measured ones divided by this. */
    slewDerate: number;
  };
  defaults: { maxTransitionNs?: number; maxCapacitancePf?: number; maxFanout?: number; leakageNw: number };
  wireLoads: WireLoad[];
  /** Name of the default among `wireLoads`. */
  wireLoad?: string;
  /** By name, in the order of the file. */
  cells: Map<string, LibraryCell>;
}

/** Length of a net by its fanout, and what a unit of length costs. */
export interface WireLoad {
  name: string;
  capacitancePfPerUnit: number;
  resistanceKohmPerUnit: number;
  /** Length for each fanout, ascending; between and past them by `slope`. */
  lengths: { fanout: number; length: number }[];
  slope: number;
}

export interface LibraryCell {
  name: string;
  areaUm2: number;
  /** Leakage when no state below applies. */
  leakageNw: number;
  leakageStates: { when: BoolExpr; leakageNw: number }[];
  /** Logic pins in the order of the file (power and ground pins left out); bits of buses as `A[0]`. */
  pins: LibraryPin[];
  /** Place of each pin among `pins`, by name. */
  pinIndex: Map<string, number>;
  sequential?: FlipFlop | Latch;
  /** Text of `clock_gating_integrated_cell`. */
  clockGate?: string;
  dontUse: boolean;
  dontTouch: boolean;
  /** Groups that describe the cell and that the studio does not read, by name (`statetable`, `ff_bank`). A cell with any is not timed. */
  unread: string[];
  /** Line of the file. */
  line: number;
}

/** The variables of `ff (IQ, IQN)`. In expressions the states go by these names. */
export interface FlipFlop {
  kind: 'ff';
  state: string;
  inverse: string;
  clockedOn: BoolExpr;
  nextState: BoolExpr;
  clear?: BoolExpr;
  preset?: BoolExpr;
  /** Of state and inverse, when both are active: L, H, N, T, X. */
  clearPreset?: [string, string];
}

export interface Latch {
  kind: 'latch';
  state: string;
  inverse: string;
  enable?: BoolExpr;
  dataIn?: BoolExpr;
  clear?: BoolExpr;
  preset?: BoolExpr;
  clearPreset?: [string, string];
}

export interface LibraryPin {
  name: string;
  direction: 'input' | 'output' | 'inout' | 'internal';
  capacitancePf: number;
  /** By edge, where the file tells them apart; else `capacitancePf`. */
  riseCapacitancePf: number;
  fallCapacitancePf: number;
  maxCapacitancePf?: number;
  maxTransitionNs?: number;
  maxFanout?: number;
  /** The shortest pulses that a clock, preset or clear may have. */
  minPulseHighNs?: number;
  minPulseLowNs?: number;
  clock: boolean;
  /** Of a clock gate: which pin this is. */
  clockGateRole?: 'clock' | 'enable' | 'test' | 'out' | 'obs';
  /** Of an output. */
  function?: BoolExpr;
  threeState?: BoolExpr;
  /** Arcs that end at this pin: delays of an output, checks of an input. */
  arcs: TimingArc[];
  power: InternalPower[];
}

export type ArcType =
  | 'combinational'
  | 'combinational_rise'
  | 'combinational_fall'
  | 'three_state_enable'
  | 'three_state_disable'
  | 'rising_edge'
  | 'falling_edge'
  | 'preset'
  | 'clear'
  | 'setup_rising'
  | 'setup_falling'
  | 'hold_rising'
  | 'hold_falling'
  | 'recovery_rising'
  | 'recovery_falling'
  | 'removal_rising'
  | 'removal_falling'
  | 'other';

export interface TimingArc {
  relatedPin: string;
  type: ArcType;
  /** Negative unate: a rising input makes the output fall. */
  sense: 'positive' | 'negative' | 'non-unate';
  when?: BoolExpr;
  /** For SDF: text of `sdf_cond`, else of `when`. */
  condition?: string;
  /** Delay to the rising and falling output, over input slew and load. */
  cellRise?: Table;
  cellFall?: Table;
  riseTransition?: Table;
  fallTransition?: Table;
  /** Checks: over the slews of the related and the constrained pin, for a rising and a falling constrained pin. */
  riseConstraint?: Table;
  fallConstraint?: Table;
}

/** Energy in pJ of a transition of this pin, beyond what charges its load. */
export interface InternalPower {
  /** Of an output: the input whose change caused it. Absent for inputs and for all. */
  relatedPin?: string;
  when?: BoolExpr;
  rise?: Table;
  fall?: Table;
}

export type TableVariable = 'input-slew' | 'output-load' | 'related-slew' | 'constrained-slew' | 'other';

/** A lookup table of none, one, two or three axes. Values lie row by row: the last axis runs fastest. */
export interface Table {
  variables: TableVariable[];
  /** Ascending; ns for slews, pF for loads. */
  axes: Float64Array[];
  /** ns, or pJ. */
  values: Float64Array;
}

/** A function of pins (or of a state's variables). */
export type BoolExpr =
  | { kind: 'constant'; value: 0 | 1 }
  | { kind: 'pin'; name: string }
  | { kind: 'not'; of: BoolExpr }
  | { kind: 'and' | 'or' | 'xor'; of: [BoolExpr, BoolExpr] };
