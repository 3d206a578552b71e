import type { Place, Problem } from '../../core/result.ts';

export type Edge = 'rise' | 'fall';

/** A port bit of the top, or a pin of an instance ("u1/_12_/Y"). */
export type TimingPoint = { kind: 'port'; name: string } | { kind: 'pin'; instance: string; pin: string };

export interface Clock {
  name: string;
  periodNs: number;
  /** Times of the edges within a period, the first rising: [0, period / 2]. */
  waveformNs: number[];
  /** Where it enters. None: a virtual clock. */
  sources: TimingPoint[];
  generated?: {
    master: string;
    source: TimingPoint;
    divideBy?: number;
    multiplyBy?: number;
    /** Edges of the master, from 1, that make rise, fall, rise. */
    edges?: number[];
    edgeShiftNs?: number[];
    invert: boolean;
    dutyPercent?: number;
  };
  /** `set_clock_latency`, at the source and of the network, while the clock is ideal. */
  sourceLatencyNs: MinMaxEdges;
  networkLatencyNs: MinMaxEdges;
  /** `set_clock_transition`: slew at clock pins while ideal. */
  transitionNs: MinMaxEdges;
  uncertaintyNs: { setup: number; hold: number };
  /** Delays of the network are computed from its cells instead. */
  propagated: boolean;
  /** Line of the constraint file. */
  line?: number;
}

/**
 * Least and greatest, by edge. Latencies: a launching path takes the greatest for setup and the least for hold, a capturing path the
 * other way round; -late and -early of `set_clock_latency` are kept as max and min, which comes to the same.
 */
export interface MinMaxEdges {
  minRise: number;
  minFall: number;
  maxRise: number;
  maxFall: number;
}

export interface PortDelay {
  port: string;
  /** Absent: measured from time 0 of no clock (the path stays unconstrained at its other end unless max_delay). */
  clock?: string;
  clockEdge: Edge;
  /** NaN where the constraints give none (only -max, say): no path of that kind and edge begins or ends there. */
  delayNs: MinMaxEdges;
  line?: number;
}

/** Ends of an exception. `cells` and `clocks` mean all their paths. `edges`: -rise_from and the like. */
export interface ExceptionPoints {
  points: TimingPoint[];
  clocks: string[];
  instances: string[];
  edge?: Edge;
}

export interface TimingException {
  kind: 'false-path' | 'multicycle' | 'max-delay' | 'min-delay';
  from?: ExceptionPoints;
  /** In their order along the path; one of each is passed. */
  through: ExceptionPoints[];
  to?: ExceptionPoints;
  setup: boolean;
  hold: boolean;
  /** multicycle: cycles; delays: ns. */
  value: number;
  /** multicycle: counted in periods of the launching clock. */
  start?: boolean;
  line?: number;
}

/** What an SDC file says, resolved against a design. */
export interface Constraints {
  clocks: Clock[];
  clockGroups: { relation: 'asynchronous' | 'exclusive'; groups: string[][] }[];
  /** Between two clocks; overrides those of the clocks. */
  interClockUncertaintyNs: { from: string; to: string; setup?: number; hold?: number }[];
  inputDelays: PortDelay[];
  outputDelays: PortDelay[];
  /** By input port. NaN where the constraints give none: `TimingOptions.inputSlewNs` holds. */
  inputTransitionNs: Record<string, MinMaxEdges>;
  drivingCells: Record<
    string,
    { cell: string; pin?: string; fromPin?: string; inputTransitionNs: { rise: number; fall: number } }
  >;
  /** By output port: pF of pin load beyond the wire. */
  loadsPf: Record<string, number>;
  /** In the order of the file: of two that match a path equally well, the later holds. */
  exceptions: TimingException[];
  /** `set_case_analysis`: 0 or 1 by port or pin name. */
  caseValues: Record<string, 0 | 1>;
  /** Name of a wire-load model of the library; absent: wires have no load. */
  wireLoad?: string;
}

export interface TimingOptions {
  /** Slew of inputs that no constraint gives one. */
  inputSlewNs: number;
  /** Load of outputs that no constraint gives one. */
  outputLoadPf: number;
  /** How many paths are traced, of each kind. */
  paths: number;
  /** Capacitance of a wire: this for a net, and this for each pin it feeds. With a named model the library's tables take their place. */
  wire: { basePf: number; perFanoutPf: number };
}

/** Null: there is no such path. */
export interface TimingSummary {
  worstSlackNs: number | null;
  totalNegativeSlackNs: number;
  worstHoldSlackNs: number | null;
  totalNegativeHoldSlackNs: number;
  /** Of the clock whose paths leave it the least room relative to its period. */
  fMaxMhz: number | null;
  /** Data arrival at the end of the longest path from any start to any end, constrained or not, check included. */
  criticalPathNs: number | null;
  endpoints: number;
  failingEndpoints: number;
  failingHoldEndpoints: number;
  unconstrainedEndpoints: number;
}

export type CheckKind =
  | 'setup'
  | 'hold'
  | 'recovery'
  | 'removal'
  | 'output'
  | 'max-delay'
  | 'min-delay'
  | 'clock-gating'
  | 'none';

export interface EndpointSlack {
  /** "q[3]" or "u1/_12_/D". */
  name: string;
  check: CheckKind;
  clock?: string;
  setupSlackNs: number | null;
  holdSlackNs: number | null;
  where?: Place;
}

/** A step of a path: arrival at a pin. */
export interface PathPoint {
  /** "u1/_12_/Y", "a[3]", "clk". */
  pin: string;
  /** Library cell; absent for ports. */
  cell?: string;
  /** The user's name of the net at this pin. */
  net: string;
  edge: Edge;
  /** From the point before. */
  delayNs: number;
  arrivalNs: number;
  slewNs: number;
  /** Of the net that this pin drives; 0 where it drives none. */
  loadPf: number;
  fanout: number;
  /** The arc that led here. */
  step: 'clock' | 'latency' | 'input-delay' | 'driver' | 'cell' | 'net';
  where?: Place;
}

export interface TimingPath {
  check: CheckKind;
  /** 'max': the latest arrival against a setup; 'min': the earliest against a hold. */
  type?: 'max' | 'min';
  /** Names of startpoint and endpoint; `kind` as timing tools say it ("rising edge-triggered flip-flop clocked by clk"). */
  start: { name: string; kind: string };
  end: { name: string; kind: string };
  launchClock?: string;
  captureClock?: string;
  slackNs: number | null;
  arrivalNs: number;
  requiredNs: number | null;
  points: PathPoint[];
  /** What makes up the required time, in order: clock edge, latency, uncertainty, library check ... */
  required: { what: string; valueNs: number; atNs: number }[];
}

export interface ClockSummary {
  name: string;
  periodNs: number;
  registers: number;
  worstSlackNs: number | null;
  /** Of paths that this clock captures. */
  fMaxMhz: number | null;
}

export interface TimingReport {
  summary: TimingSummary;
  clocks: ClockSummary[];
  /** Worst setup slack first, then by name; those without a setup check behind. */
  endpoints: EndpointSlack[];
  /** Worst first, at most one per endpoint. */
  setupPaths: TimingPath[];
  holdPaths: TimingPath[];
  unconstrained: { name: string; why: string; where?: Place }[];
  /** Latches, loops, cells without timing, slews and loads out of the tables' range. */
  problems: Problem[];
}
