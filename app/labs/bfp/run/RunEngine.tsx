import { useEffect, useRef } from 'react';
import type { Listing } from '../../../../engines/bfp/layers-entry.ts';
import { slice as definition } from '../../../../engines/bfp/slice.ts';
import type { BfpReport, BfpSlice, SearchTrace } from '../../../../engines/bfp/types.ts';
import { sameJson } from '../../../../engines/document/json.ts';
import { useDesign, useSlice, useView } from '../../../design/index.ts';
import { AutoRun } from '../../../jobs/auto-run.ts';
import { firstReport, type PinnedResult, useJob, usePinnedJob } from '../../../jobs/index.ts';
import { unique } from '../../../jobs/problems.ts';
import { publishReport } from '../../../lessons/report-store.ts';
import { toggleBenchPart } from '../../../ui/bench-store.ts';
import { currentSlice, edit, planOf, withFound } from '../actions.ts';
import { resetBfp, useBfp } from '../state.ts';
import { texts } from '../texts.ts';
import { setControls } from './controls.ts';
import { searchSettings, useKeptSearch } from './search-settings.ts';
import { listingSpec, onDemand, sameSpec, specOf } from './spec.ts';

/**
 * Measures and searches for the design on the screen and puts what comes of it on the lab's table. Draws nothing, so that
 * a step of progress redraws no panel.
 */
export function RunEngine() {
  const slice = useSlice<BfpSlice>('bfp');
  const seed = useDesign((state) => state.design?.document.seed);
  const [liveOn] = useView('bfp.live', true);
  const job = useJob<BfpSlice, BfpReport>('bfp/run');
  const auto = useRef<AutoRun<BfpSlice>>(undefined);
  const running = useRef<{ spec: BfpSlice; since: number; taken?: SearchTrace }>(undefined);
  const followed = useRef<BfpSlice>(undefined);
  /** The user asked for the run: what is wrong is then shown, not only counted. */
  const asked = useRef(false);
  const settingsNow = useRef({ liveOn, seed });
  settingsNow.current = { liveOn, seed };
  const { run, cancel } = job;
  useKeptSearch();

  useEffect(() => {
    const made = new AutoRun<BfpSlice>(
      {
        start(spec) {
          running.current = { spec, since: performance.now() };
          const searching = spec.search !== null;
          useBfp.setState({ searching, ...(searching && { search: undefined }) });
          run(spec, { seed: settingsNow.current.seed });
        },
        onDemand,
        alike: (a, b) => sameJson(a.model, b.model) && a.samples === b.samples,
      },
      settingsNow.current.liveOn,
    );
    auto.current = made;
    const now = () => {
      asked.current = true;
      made.runNow(specOf(currentSlice()));
    };
    setControls({
      measure() {
        if (currentSlice().search !== null) edit(texts.edits.measure, withFound);
        now();
      },
      search() {
        // A search that was taken early is first repeated as it was (a link, a reload); from its result on, the next goes on.
        const goesOn = useBfp.getState().search !== undefined;
        edit(texts.edits.search, (was) => {
          const { stopAfter = 0, ...search } = searchSettings(was);
          return { ...was, search: goesOn || stopAfter === 0 ? search : { ...search, stopAfter } };
        });
        now();
      },
      stop() {
        cancel();
        made.stopped();
      },
      take() {
        const { search } = useBfp.getState();
        const best = search?.points.find(({ id }) => id === search.bestId);
        const was = running.current?.spec;
        if (!search || !best || !was?.search) return;
        cancel();
        made.stopped();
        const stopAfter = search.evaluations;
        const spec = { ...was, search: { ...was.search, stopAfter } };
        edit(texts.edits.takeBest, (now) => ({ ...now, search: spec.search }));
        // The same plan that a search of so many evaluations would find: it only has to be measured.
        const settings = { ...search.settings, stopAfter };
        running.current = { spec, since: performance.now(), taken: { ...search, settings, stopped: 'taken' } };
        run({ ...was, plan: planOf(was, best.plan), search: null }, { seed: settingsNow.current.seed });
      },
    });
    return () => {
      made.dispose();
      followed.current = undefined;
      setControls(undefined);
      resetBfp();
    };
  }, [run, cancel]);

  useEffect(() => {
    const spec = specOf(slice);
    const first = followed.current === undefined;
    if (first || !sameSpec(followed.current!, spec)) {
      auto.current?.changed(spec, first);
      followed.current = spec;
    }
    markStale(spec);
  }, [slice]);
  useEffect(() => auto.current?.setOn(liveOn), [liveOn]);

  useEffect(() => {
    let wanted = true;
    const spec = specOf(currentSlice());
    void firstReport<BfpSlice, BfpReport>(definition, spec).then((report) => {
      if (wanted && report && !useBfp.getState().result) useBfp.setState({ result: { report, spec, source: 'first' } });
    });
    return () => {
      wanted = false;
    };
  }, []);

  useEffect(() => {
    if (job.state === 'idle' || job.state === 'running') return;
    const { spec, since, taken } = running.current ?? {};
    if (job.state === 'done' && job.result && spec) {
      const report = taken ? { ...job.result, search: taken } : job.result;
      const { search } = report;
      useBfp.setState({ result: { report, spec, source: 'live' }, ...(search && { search }) });
      asked.current = false;
    }
    useBfp.setState({ searching: false });
    markStale(specOf(currentSlice()));
    if (job.state === 'cancelled') return;
    // What loading took the first time is not what the next run will take.
    const took = job.state === 'done' && job.result ? runMs(job.result) : performance.now() - (since ?? 0);
    auto.current?.ended(took);
  }, [job.state, job.result]);

  useEffect(() => {
    const partial = job.partial as { search?: SearchTrace } | undefined;
    if (partial?.search) useBfp.setState({ search: partial.search });
  }, [job.partial]);
  useEffect(() => useBfp.setState({ phase: job.state, progress: job.progress }), [job.state, job.progress]);
  useEffect(() => useBfp.setState({ log: job.log }), [job.log]);

  const result = useBfp((state) => state.result);
  const stale = useBfp((state) => state.stale);
  const listingProblems = useBfp((state) => state.listingProblems);
  // A question of a lesson is about the design on the screen: figures of an earlier one do not answer it.
  useEffect(() => publishReport('bfp', result && !stale ? result.report : undefined), [result, stale]);
  useEffect(() => () => publishReport('bfp', undefined), []);

  useEffect(() => {
    const found = [...listingProblems];
    const spec = running.current?.spec;
    if (job.state === 'failed' && spec && sameSpec(spec, currentSlice())) found.push(...(job.problems ?? []));
    if (result && !stale) found.push(...result.report.problems);
    useBfp.setState({ problems: unique(found) });
    if (asked.current && job.state === 'failed') {
      asked.current = false;
      toggleBenchPart('bottom', true);
    }
  }, [job.state, job.problems, result, stale, listingProblems]);

  return (
    <>
      <ListingRun slice={slice} seed={seed} />
      <PinnedRun seed={seed} />
    </>
  );
}

/** A listing follows a moving slider this closely. */
const LISTING_DELAY_MS = 120;

/** Reads the layers by themselves, so that they are there before, and also when, the network is not measured. */
function ListingRun({ slice, seed }: { slice: BfpSlice; seed: number | undefined }) {
  const job = useJob<BfpSlice, Listing>('bfp/layers');
  const { run } = job;
  const asked = useRef<BfpSlice>(undefined);
  useEffect(() => {
    const spec = listingSpec(slice);
    if (asked.current !== undefined && sameJson(asked.current, spec)) return;
    const first = asked.current === undefined;
    // Nothing of another network stands under the name of this one.
    if (!first && !sameJson(asked.current?.model, spec.model)) {
      useBfp.setState({ listing: undefined, listingProblems: [], search: undefined, selectedLayer: undefined });
    }
    const timer = setTimeout(
      () => {
        asked.current = spec;
        run(spec, { flush: false, seed });
      },
      first ? 0 : LISTING_DELAY_MS,
    );
    return () => clearTimeout(timer);
  }, [slice, seed, run]);
  useEffect(() => {
    useBfp.setState({ reading: job.state === 'running' });
    if (job.state === 'done' && job.result)
      useBfp.setState({ listing: job.result, listingProblems: job.result.problems });
    if (job.state === 'failed') useBfp.setState({ listing: undefined, listingProblems: job.problems ?? [] });
  }, [job.state, job.result, job.problems]);
  return null;
}

function PinnedRun({ seed }: { seed: number | undefined }) {
  const result = useBfp((state) => state.result);
  const idle = useBfp((state) => state.phase !== 'running' && state.result !== undefined);
  usePinnedJob<BfpSlice, BfpReport>({
    lab: 'bfp',
    entry: 'bfp/run',
    seed,
    current: result,
    idle,
    specOf,
    same: sameSpec,
    keep: keepPinned,
  });
  return null;
}

function keepPinned(found: PinnedResult<BfpSlice, BfpReport> | undefined): void {
  useBfp.setState({ pinned: found });
}

function runMs({ measured }: BfpReport): number {
  return Object.values(measured.timesMs).reduce((sum, time) => sum + time, 0);
}

function markStale(spec: BfpSlice): void {
  const { result, stale } = useBfp.getState();
  const now = result !== undefined && !sameSpec(result.spec, spec);
  if (now !== stale) useBfp.setState({ stale: now });
}
