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
 * little else to do get more: for each job the least busy cores are filled up to a common level. `busyNs`: what each core
 * has to do already; `nsPerElement`: of a job's volume. Portions by core, in the order of the jobs.
 */
export function shareOut(jobs: readonly PostJob[], busyNs: Float64Array, nsPerElement: number): Portion[][] {
  const busy = busyNs.slice();
  const portions: Portion[][] = Array.from(busy, () => []);
  const order = Array.from(busy, (_, core) => core);
  for (const [index, job] of jobs.entries()) {
    if (job.units === 0) continue;
    order.sort((a, b) => busy[a]! - busy[b]! || a - b);
    const cost = Math.max(1, job.volume * nsPerElement);
    const takers = Math.min(job.units, busy.length);
    const level = fillLevel(order, busy, cost, takers);
    let from = 0;
    let filled = 0;
    for (let taker = 0; taker < takers && from < job.units; taker++) {
      const core = order[taker]!;
      filled += Math.max(0, level - busy[core]!);
      const to = taker === takers - 1 ? job.units : Math.min(job.units, Math.round((filled / cost) * job.units));
      if (to <= from) continue;
      portions[core]!.push({ job: index, from, to });
      busy[core]! += (cost * (to - from)) / job.units;
      from = to;
    }
  }
  return portions;
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
