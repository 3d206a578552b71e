import type { Problem } from '../../core/result.ts';
import { compare } from '../modules.ts';
import type { Candidate, Endpoint, Endpoints } from './endpoints.ts';
import { vertexName } from './graph.ts';
import { placeOf, type Traced, tracePath } from './trace.ts';
import type { ClockSummary, EndpointSlack, TimingOptions, TimingPath, TimingReport } from './types.ts';

interface Row {
  endpoint: Endpoint;
  row: EndpointSlack;
}

export function makeReport(of: Traced, found: Endpoints, options: TimingOptions, problems: Problem[]): TimingReport {
  const { clocks } = of.network;
  const rows = found.list.map((endpoint): Row => {
    const by = endpoint.setup ?? endpoint.hold;
    return {
      endpoint,
      row: {
        name: vertexName(of.graph, endpoint.vertex),
        check: kindOf(endpoint),
        clock: by ? clocks[by.clock]?.name : undefined,
        setupSlackNs: endpoint.setup?.slackNs ?? null,
        holdSlackNs: endpoint.hold?.slackNs ?? null,
        where: placeOf(of.graph, endpoint.vertex),
      },
    };
  });
  rows.sort(
    (a, b) =>
      (a.row.setupSlackNs ?? Number.POSITIVE_INFINITY) - (b.row.setupSlackNs ?? Number.POSITIVE_INFINITY) ||
      compare(a.row.name, b.row.name),
  );
  // Infinity less Infinity is no order.
  const timed = rows.filter(({ row }) => row.setupSlackNs !== null);
  const rest = rows.filter(({ row }) => row.setupSlackNs === null).sort((a, b) => compare(a.row.name, b.row.name));
  const ordered = [...timed, ...rest];
  const byHold = rows
    .filter(({ row }) => row.holdSlackNs !== null)
    .sort((a, b) => (a.row.holdSlackNs as number) - (b.row.holdSlackNs as number) || compare(a.row.name, b.row.name));
  const summaries = clocks.map((clock, i): ClockSummary => {
    const least = found.leastPeriod[i] ?? null;
    let worst: number | null = null;
    for (const { endpoint } of timed) {
      if (endpoint.setup?.clock !== i) continue;
      worst = endpoint.setup.slackNs;
      break;
    }
    return {
      name: clock.name,
      periodNs: clock.periodNs,
      registers: found.registers[i] ?? 0,
      worstSlackNs: worst,
      fMaxMhz: least !== null && least > 0 ? 1000 / (least * clock.periodNs) : null,
    };
  });
  let tightest = -1;
  found.leastPeriod.forEach((least, i) => {
    if (least === null || least <= 0) return;
    if (tightest < 0 || least > (found.leastPeriod[tightest] as number)) tightest = i;
  });
  const unconstrained = ordered.filter(({ row }) => row.setupSlackNs === null && row.holdSlackNs === null);
  return {
    summary: {
      worstSlackNs: timed[0]?.row.setupSlackNs ?? null,
      totalNegativeSlackNs: total(timed.map(({ row }) => row.setupSlackNs)),
      worstHoldSlackNs: byHold[0]?.row.holdSlackNs ?? null,
      totalNegativeHoldSlackNs: total(byHold.map(({ row }) => row.holdSlackNs)),
      fMaxMhz: summaries[tightest]?.fMaxMhz ?? null,
      criticalPathNs: found.criticalNs,
      endpoints: rows.length,
      failingEndpoints: timed.filter(({ row }) => fails(row.setupSlackNs)).length,
      failingHoldEndpoints: byHold.filter(({ row }) => fails(row.holdSlackNs)).length,
      unconstrainedEndpoints: unconstrained.length,
    },
    clocks: summaries,
    endpoints: ordered.map(({ row }) => row),
    setupPaths: trace(of, timed, ({ setup }) => setup, options.paths),
    holdPaths: trace(of, byHold, ({ hold }) => hold, options.paths),
    unconstrained: unconstrained.map(({ row, endpoint }) => ({
      name: row.name,
      why: endpoint.why ?? 'No path to it is checked.',
      where: row.where,
    })),
    problems,
  };
}

function kindOf({ kind, setup, hold }: Endpoint): EndpointSlack['check'] {
  if (setup) return setup.kind;
  if (hold) return hold.kind;
  return kind === 'output' ? 'none' : kind;
}

function total(slacks: (number | null)[]): number {
  let sum = 0;
  for (const slack of slacks) if (fails(slack)) sum += slack as number;
  return sum;
}

function fails(slack: number | null): boolean {
  return slack !== null && slack < 0;
}

function trace(of: Traced, rows: Row[], side: (endpoint: Endpoint) => Candidate | null, count: number): TimingPath[] {
  return rows.slice(0, count).map(({ endpoint }) => tracePath(of, side(endpoint) as Candidate));
}
