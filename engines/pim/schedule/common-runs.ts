import type { MappedLayer, Mapping } from '../types.ts';

/**
 * Array groups of one core whose results are added up: the same replica, the same columns. One of these in the mapping is
 * the head (it holds the first slice); the others send it what they have.
 */
export interface PartialSum {
  /** Numbers of the array groups, ascending. */
  ags: number[];
  columnStart: number;
  columnEnd: number;
  core: number;
  /** The partial sum that holds the first slice; itself where this is the head. */
  head: PartialSum;
  /** For the head: those that send to it, by core, which is the order in which they are received. */
  senders: PartialSum[];
  run: Run;
  /** Number among all senders, -1 for a head: transfers are numbered by it. */
  sender: number;
}

/** Neighbouring columns that one core finishes for a replica: biased, activated and stored in one go. */
export interface Span {
  columnStart: number;
  columnEnd: number;
  heads: PartialSum[];
}

/** What one core holds of one replica. */
export interface Run {
  core: number;
  /** Index in `Mapping.layers`. */
  mapped: number;
  layer: MappedLayer;
  replica: number;
  /** In order of their first array groups. */
  sums: PartialSum[];
  spans: Span[];
}

export interface Runs {
  /** By core, in order of layer and replica. */
  byCore: Run[][];
  senders: PartialSum[];
}

/** Which sum of its replica an array group belongs to: column parts and groups have sums of their own. */
function sumOf(mapping: Mapping, ag: number): number {
  const layer = mapping.layers[mapping.ags.mapped[ag]!]!;
  const part = mapping.ags.part[ag]!;
  if (layer.groups <= 1) return part;
  const block = Math.floor(mapping.ags.slice[ag]! / (layer.agsPerReplica / layer.blocks));
  return part * layer.blocks + block;
}

/**
 * Sorts the array groups of a mapping by core, replica and sum. `cores`: of the whole chip; `joined`: whether neighbouring
 * sums of a replica are finished as one span (otherwise each is a span of its own).
 */
export function collectRuns(mapping: Mapping, cores: number, joined: boolean): Runs {
  const { ags } = mapping;
  const byCore: Run[][] = Array.from({ length: cores }, () => []);
  const runAt = new Map<number, Run>();
  const senders: PartialSum[] = [];
  let sums = new Map<number, Map<number, PartialSum>>();
  let current = '';
  for (let ag = 0; ag < ags.count; ag++) {
    const [mapped, replica, core] = [ags.mapped[ag]!, ags.replica[ag]!, ags.core[ag]!];
    const replicaKey = `${mapped}/${replica}`;
    if (replicaKey !== current) {
      current = replicaKey;
      runAt.clear();
      sums = new Map();
    }
    let run = runAt.get(core);
    if (!run) {
      run = { core, mapped, layer: mapping.layers[mapped]!, replica, sums: [], spans: [] };
      runAt.set(core, run);
      byCore[core]!.push(run);
    }
    const key = sumOf(mapping, ag);
    let places = sums.get(key);
    if (!places) {
      places = new Map();
      sums.set(key, places);
    }
    let sum = places.get(core);
    if (!sum) {
      sum = newSum(mapping, ag, core, run);
      const head = places.values().next().value;
      if (head) {
        sum.head = head;
        head.senders.push(sum);
      }
      places.set(core, sum);
      run.sums.push(sum);
    }
    sum.ags.push(ag);
  }
  for (const runs of byCore) {
    for (const run of runs) {
      run.spans = spansOf(run, joined);
      for (const sum of run.sums) {
        if (sum.head === sum) continue;
        sum.sender = senders.length;
        senders.push(sum);
      }
    }
  }
  for (const sender of senders) sender.head.senders.sort((a, b) => a.sender - b.sender);
  return { byCore, senders };
}

function newSum(mapping: Mapping, ag: number, core: number, run: Run): PartialSum {
  const { columnStart, columnEnd } = mapping.ags;
  const sum: Omit<PartialSum, 'head'> & { head?: PartialSum } = {
    ags: [],
    columnStart: columnStart[ag]!,
    columnEnd: columnEnd[ag]!,
    core,
    senders: [],
    run,
    sender: -1,
  };
  sum.head = sum as PartialSum;
  return sum as PartialSum;
}

function spansOf(run: Run, joined: boolean): Span[] {
  const heads = run.sums.filter((sum) => sum.head === sum);
  const spans: Span[] = [];
  for (const head of heads) {
    const last = spans.at(-1);
    if (joined && last && last.columnEnd === head.columnStart) {
      last.columnEnd = head.columnEnd;
      last.heads.push(head);
    } else spans.push({ columnStart: head.columnStart, columnEnd: head.columnEnd, heads: [head] });
  }
  return spans;
}
