import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../../../../engines/cim/compile.ts';
import { slice } from '../../../../../engines/cim/slice.ts';
import type { CimReport } from '../../../../../engines/cim/types.ts';
import { inlineJob } from '../../../../../engines/core/inline-job.ts';
import { costOf, coverage, KINDS, showing, spanOf, timeUntil, trackOf, visitAt, within, zoomed } from './spans.ts';
import { placesOf, spotAt } from './Tracks.tsx';

let report: CimReport;
beforeAll(async () => {
  const result = await compile({ ...slice.defaults, model: 'bert-base', blocks: 'folded' }, inlineJob());
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  report = result.value;
});
const sum = (values: Iterable<number>) => [...values].reduce((all, each) => all + each, 0);

describe('a plan on the time axis', () => {
  it('has spans that sum to the totals of the report, kind by kind, over every run', () => {
    for (const plan of report.plans) {
      const track = trackOf(plan, report.problem.sections, 'all');
      expect(track.visits).toBe(plan.totals.segments);
      expect(track.end / plan.totals.cycles).toBeCloseTo(1, 9);
      for (const kind of KINDS) {
        const visits = Array.from({ length: track.visits }, (_, visit) => spanOf(track, visit, kind));
        expect(sum(visits.map(([from, to]) => to - from))).toBeCloseTo(plan.totals[kind], 3);
        expect(timeUntil(track, kind, track.end)).toBeCloseTo(plan.totals[kind], 3);
      }
    }
  });

  it('draws a repeated block once, and says how often it runs', () => {
    const plan = report.plans[0]!;
    const track = trackOf(plan, report.problem.sections, 'once');
    expect(track.visits).toBe(plan.segments.length);
    expect(track.folded.map(({ times }) => times)).toEqual([12]);
    const [block] = track.folded;
    const whole = track.end + 11 * block!.againCycles;
    expect(whole / plan.totals.cycles).toBeCloseTo(1, 9);
  });

  it('puts write-back, switch, reload and computing one after the other, without gaps', () => {
    const track = trackOf(report.plans[0]!, report.problem.sections, 'all');
    for (const visit of [0, 1, track.visits - 1]) {
      let at = track.start[visit]!;
      for (const kind of KINDS) {
        const [from, to] = spanOf(track, visit, kind);
        expect(from).toBe(at);
        at = to;
      }
      expect(at).toBeCloseTo(track.start[visit + 1]!, 6);
      const cost = costOf(track.plan.segments[track.segment[visit]!]!, track.run[visit]!);
      expect(at - track.start[visit]!).toBeCloseTo(cost.cycles, 6);
    }
  });

  it('finds the visit at a time', () => {
    const track = trackOf(report.plans[0]!, report.problem.sections, 'all');
    for (const visit of [0, 3, track.visits - 1]) {
      const middle = (track.start[visit]! + track.start[visit + 1]!) / 2;
      expect(visitAt(track, middle)).toBe(visit);
    }
    expect(visitAt(track, -5)).toBe(0);
    expect(visitAt(track, track.end * 2)).toBe(track.visits - 1);
  });

  it('covers every pixel with the shares of its kinds, whole where the plan runs', () => {
    const track = trackOf(report.plans[0]!, report.problem.sections, 'all');
    const shares = KINDS.map((kind) => coverage(track, kind, 0, track.end, 97));
    for (let pixel = 0; pixel < 97; pixel++) expect(sum(shares.map((each) => each[pixel]!))).toBeCloseTo(1, 4);
    const reload = sum(coverage(track, 'reloadCycles', 0, track.end, 50)) / 50;
    expect(reload).toBeCloseTo(track.plan.totals.reloadCycles / track.plan.totals.cycles, 4);
    expect(sum(coverage(track, 'reloadCycles', track.end, track.end * 2, 10))).toBe(0);
  });

  it('knows what is drawn at a point', () => {
    const track = trackOf(report.plans[0]!, report.problem.sections, 'once');
    const { places } = placesOf([track, track]);
    const [from, to] = spanOf(track, 0, 'computeCycles');
    const look = { from, to };
    const top = places[0]!.top + 20 + 3 * 15 + 5;
    expect(spotAt(places, look, 1000, 500, top)).toEqual({ place: 0, visit: 0, kind: 'computeCycles' });
    const { allocations } = track.plan.segments[0]!;
    const inPipeline = spotAt(places, look, 1000, 500, places[0]!.bottom - 6);
    expect(inPipeline?.operator).toBe(allocations.at(-1)!.operator);
    expect(spotAt(places, look, 1000, 20, top)).toBeUndefined();
    expect(spotAt(places, { from: track.end, to: track.end * 2 }, 1000, 700, top)).toBeUndefined();
  });
});

describe('looking along the time axis', () => {
  const look = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.001, max: 1, noNaN: true }));
  it('stays within the axis, and keeps the time under the pointer where it is', () => {
    fc.assert(
      fc.property(
        look,
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ([at, width], factor, share) => {
          const end = 10_000;
          const before = within({ from: at * end, to: (at + width) * end }, end);
          const around = before.from + share * (before.to - before.from);
          const after = zoomed(before, factor, around, end);
          expect(after.from).toBeGreaterThanOrEqual(0);
          expect(after.to).toBeLessThanOrEqual(end + 1e-9);
          expect(after.to - after.from).toBeGreaterThanOrEqual(8 - 1e-9);
          const free = around - (around - before.from) * factor >= 0 && around + (before.to - around) * factor <= end;
          if (free && (before.to - before.from) * factor > 8) {
            expect((around - after.from) / (after.to - after.from)).toBeCloseTo(share, 6);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('brings a segment into sight', () => {
    expect(showing({ from: 0, to: 100 }, 40, 60, 1000)).toEqual({ from: 0, to: 100 });
    const found = showing({ from: 0, to: 100 }, 500, 520, 1000);
    expect(found.from).toBeLessThan(500);
    expect(found.to).toBeGreaterThan(520);
  });
});
