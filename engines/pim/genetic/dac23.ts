/*
 * The fitness functions of DAC'23, section IV-B, as the paper prints them: closed forms that ignore memories and
 * transfers. The search of the studio uses models of the whole schedule instead; these are here to be compared with.
 */

/** What one core holds of one layer: array groups that fire in each of so many operation cycles. */
export interface CoreShare {
  arrayGroups: number;
  /** Windows that the layer's replicas have to do: windows / replicas. */
  windows: number;
}

/** One operation cycle with `active` array groups, in ns: f(n) = max(n * T_interval, T_MVM). */
export function cycleNs(active: number, intervalNs: number, mvmNs: number): number {
  return active === 0 ? 0 : Math.max(active * intervalNs, mvmNs);
}

/**
 * Throughput fitness of one core: its layers in order of their windows; as long as the layer with fewest windows left
 * runs, all array groups that are not done yet fire in every cycle. The paper's worked example, 300 f(8) + 200 f(5) +
 * 500 f(4) + 2000 f(2), is that of 3, 1, 2 and 2 array groups with 300, 500, 1000 and 3000 windows.
 */
export function throughputNs(shares: readonly CoreShare[], intervalNs: number, mvmNs: number): number {
  const order = [...shares].sort((a, b) => a.windows - b.windows);
  let active = order.reduce((sum, { arrayGroups }) => sum + arrayGroups, 0);
  let done = 0;
  let ns = 0;
  for (const { arrayGroups, windows } of order) {
    ns += (windows - done) * cycleNs(active, intervalNs, mvmNs);
    active -= arrayGroups;
    done = windows;
  }
  return ns;
}

/** F_HT: the slowest core. */
export function throughputFitness(cores: readonly (readonly CoreShare[])[], intervalNs: number, mvmNs: number): number {
  return cores.reduce((most, shares) => Math.max(most, throughputNs(shares, intervalNs, mvmNs)), 0);
}

/** One axis of a sliding window. */
export interface Axis {
  /** Inputs. */
  size: number;
  kernel: number;
  /** Padding before the first input. */
  pad: number;
  stride: number;
  outputs: number;
}

/**
 * Which inputs of one axis have to be there, and how many outputs that leaves out, as the released program counts: k - p - 1
 * inputs come before the first window; the blanks between them and the end of the axis either hold all other outputs at
 * stride 1, or as many as the stride spaces out.
 */
function waitOnAxis({ size, kernel, pad, stride, outputs }: Axis): { effective: number; outputs: number } {
  const first = kernel - pad - 1;
  const rest = size - first;
  const blanks = rest - outputs;
  let effective = first;
  let counted = outputs;
  if (blanks < 0) {
    counted = rest;
    effective += rest;
  } else if (blanks <= outputs - 1) effective += rest;
  else effective += outputs + (outputs - 1) * (stride - 1);
  return { effective, outputs: counted };
}

/**
 * W_x of a convolution or pool: the share of its provider's output that has to be there before it can start, by the released
 * program's formula. 1 for FC layers (all of it), 0 for layers that read the network's input.
 */
export function waitingShare(rows: Axis, columns: Axis): number {
  const [y, x] = [waitOnAxis(rows), waitOnAxis(columns)];
  const needed = y.effective * x.effective;
  return (needed - y.outputs * x.outputs) / needed;
}

/** A layer of a chain, provider first. */
export interface ChainLayer {
  replicas: number;
  /** W_x: 0 for the first of the chain. */
  waits: number;
}

/**
 * Latency fitness along one chain of layers: T_0 / R_0 * (W_0 + E_0 f_0 (W_1 + E_1 f_1 (W_2 + ...))), E = 1 - W. A layer
 * whose replicas are fewer than its provider's is slower than it is fed: f = max(R_p / R_x, 1). (The paper prints min; its
 * own derivation, and the released program, need max.) A layer with more replicas than its provider works at the
 * provider's pace, so its own consumers see no more replicas than that.
 * @param firstNs time of the first layer with a single replica.
 */
export function latencyFitness(chain: readonly ChainLayer[], firstNs: number): number {
  const [first, ...rest] = chain;
  if (!first) return 0;
  const factors: { waits: number; runs: number }[] = [];
  let provider = first.replicas;
  for (const { replicas, waits } of rest) {
    const effective = Math.min(replicas, provider);
    factors.push({ waits, runs: (1 - waits) * (provider / effective) });
    provider = effective;
  }
  let whole = 1;
  for (const { waits, runs } of factors.reverse()) whole = waits + runs * whole;
  return (firstNs / first.replicas) * whole;
}
