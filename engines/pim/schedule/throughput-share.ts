import type { PostJob } from './throughput-job.ts';

/** Units of a job that one core does. */
export interface Portion {
  /** Index of the job. */
  job: number;
  from: number;
  to: number;
}

/**
 * Shares out jobs over all cores ("other operations are spread over all cores", TCAD section IV-C), so that cores with
 * little else to do get more: for each job the least busy cores are filled up to a common level. A job whose neighbouring
 * units share what they load goes to no more cores than it has such grains, as long as none of these gets more
 * than a quarter of the cycle to do. `busyNs`: what each core has to do already; `nsPerElement`: of a job's volume;
 * `leastNs`: what the cycle takes in any case. Portions by core, in the order of the jobs.
 */
export function shareOut(
  jobs: readonly PostJob[],
  busyNs: Float64Array,
  nsPerElement: number,
  leastNs: number,
): Portion[][] {
  const busy = busyNs.slice();
  const portions: Portion[][] = Array.from(busy, () => []);
  const order = Array.from(busy, (_, core) => core);
  const all =
    [...busy].reduce((sum, it) => sum + it, 0) + jobs.reduce((sum, job) => sum + costOf(job, nsPerElement), 0);
  const cycle = busy.reduce((most, it) => Math.max(most, it), Math.max(leastNs, all / busy.length));
  for (const [index, job] of jobs.entries()) {
    if (job.units === 0) continue;
    order.sort((a, b) => busy[a]! - busy[b]! || a - b);
    const cost = costOf(job, nsPerElement);
    const grains = Math.ceil(job.units / (job.grain ?? 1));
    const needed = Math.max(grains, Math.ceil(cost / (cycle / 4)));
    const takers = Math.min(needed, job.units, busy.length);
    const align = Math.max(1, Math.floor((job.grain ?? 1) / Math.ceil(takers / grains)));
    const level = fillLevel(order, busy, cost, takers);
    let from = 0;
    let filled = 0;
    for (let taker = 0; taker < takers && from < job.units; taker++) {
      const core = order[taker]!;
      filled += Math.max(0, level - busy[core]!);
      const share = Math.round(((filled / cost) * job.units) / align) * align;
      const to = taker === takers - 1 ? job.units : Math.min(job.units, share);
      if (to <= from) continue;
      portions[core]!.push({ job: index, from, to });
      busy[core]! += (cost * (to - from)) / job.units;
      from = to;
    }
  }
  return portions;
}

function costOf(job: PostJob, nsPerElement: number): number {
  return Math.max(1, job.volume * nsPerElement);
}

/** The level up to which the first `takers` cores of `order` are filled when they take up `cost` in all. */
function fillLevel(order: readonly number[], busy: Float64Array, cost: number, takers: number): number {
  let sum = 0;
  for (let taker = 0; taker < takers; taker++) {
    sum += busy[order[taker]!]!;
    const level = (sum + cost) / (taker + 1);
    if (taker === takers - 1 || level <= busy[order[taker + 1]!]!) return level;
  }
  return 0;
}
