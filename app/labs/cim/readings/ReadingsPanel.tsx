import type { CompiledPlan, EnergySplit, PlanTotals } from '../../../../engines/cim/types.ts';
import { modelName } from '../../../models/model-ref.ts';
import { Assumptions } from '../../../ui/Assumptions.tsx';
import { Badge } from '../../../ui/Badge.tsx';
import { Bars } from '../../../ui/Bars.tsx';
import { DownloadMenu } from '../../../ui/DownloadMenu.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { Readings } from '../../../ui/Readings.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Term } from '../../../ui/Term.tsx';
import { downloadItems } from '../download/items.ts';
import { type Shown, useCim } from '../state.ts';
import { terms, texts } from '../texts.ts';
import { readingsOf } from './figures.ts';

const words = texts.readings;

/** What the plan costs: figures with units, their change against the pinned result, the other methods, what all rests on. */
export function ReadingsPanel() {
  const result = useCim((state) => state.result);
  const stale = useCim((state) => state.stale);
  const pinned = useCim((state) => state.pinned?.report);
  const failed = useCim((state) => state.phase === 'failed');
  const busy = useCim((state) => state.busyDownload !== undefined);
  if (!result) {
    return (
      <Section title={texts.readingsTitle} lesson="readings">
        {failed ? <EmptyState title={words.failedTitle} text={words.failed} /> : <p className="hint">{words.none}</p>}
      </Section>
    );
  }
  const { report } = result;
  const [own] = report.plans;
  const before = pinned?.plans[0];
  const times = Object.entries(report.measured.timesMs);
  return (
    <div className={stale ? 'results results-stale' : 'results'}>
      <Section
        title={texts.readingsTitle}
        lesson="readings"
        aside={<DownloadMenu label={texts.download} items={downloadItems} busy={busy} />}
      >
        <Made result={result} stale={stale} />
        <Readings hero stale={stale} rows={readingsOf(report, pinned)} />
        {own?.notOptimal && <p className="cim-warning">{words.notOptimal}</p>}
      </Section>
      <Methods plans={report.plans} />
      <Section title={words.timeTitle} lesson="shares">
        <Bars label={words.timeTitle} rows={own ? timeRows(own.totals, before?.totals) : []} />
      </Section>
      <Section title={words.energyTitle} lesson="energy">
        <Bars label={words.energyTitle} rows={own ? energyRows(own.totals.energy, before?.totals.energy) : []} />
      </Section>
      <Assumptions
        title={texts.assumptions.title}
        assumptions={report.assumptions}
        sources={texts.assumptions.source}
      />
      {times.length > 0 && (
        <Section title={texts.times.title} foldable folded>
          <Readings
            rows={times.map(([id, value]) => ({ id, label: id, value, unit: 'ms', provenance: 'measured' as const }))}
            caption={texts.times.title}
          />
        </Section>
      )}
    </div>
  );
}

function Made({ result: { spec, report, source }, stale }: { result: Shown; stale: boolean }) {
  return (
    <p className="made">
      <span className="mono">{modelName(spec.model)}</span>
      <Badge>{report.plans[0]?.title}</Badge>
      {report.problem.sections.some(({ times }) => times > 1) && <Badge>{words.folded}</Badge>}
      {stale && <Badge tone="warn">{words.stale}</Badge>}
      {source === 'first' && <Badge>{words.first}</Badge>}
    </p>
  );
}

/** The other methods on the same network, chip and rules: how often the design's own plan is as fast. */
function Methods({ plans }: { plans: readonly CompiledPlan[] }) {
  const [own, ...others] = plans;
  if (!own || others.length === 0) return null;
  return (
    <Section title={words.methods} lesson="methods">
      <table className="cim-methods">
        <caption className="visually-hidden">{words.methods}</caption>
        <thead>
          <tr>
            <th scope="col">{words.method}</th>
            <th scope="col">{words.cycles}</th>
            <th scope="col">
              <Term term={terms.speedup}>{words.speedup}</Term>
            </th>
          </tr>
        </thead>
        <tbody>
          {plans.map(({ id, title, totals }) => (
            <tr key={id} data-plan={id}>
              <th scope="row">
                <Term term={terms[id]}>{title}</Term>
              </th>
              <td className="num" data-value={totals.cycles}>
                {formatNumber(Math.round(totals.cycles))}
              </td>
              <td className="num" data-value={totals.cycles / own.totals.cycles}>
                {id === own.id ? '' : words.times(totals.cycles / own.totals.cycles)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">{words.methodsAbout}</p>
    </Section>
  );
}

const TIME = [
  { id: 'computeCycles', colour: 'var(--c1)' },
  { id: 'reloadCycles', colour: 'var(--c7)' },
  { id: 'writeBackCycles', colour: 'var(--c4)' },
  { id: 'switchCycles', colour: 'var(--c3)' },
] as const satisfies { id: keyof PlanTotals; colour: string }[];

function timeRows(totals: PlanTotals, before: PlanTotals | undefined) {
  return TIME.map(({ id, colour }) => ({
    id,
    label: words.time[id],
    value: totals[id],
    unit: 'cycles',
    colour,
    pinned: before?.[id],
    better: 'lower' as const,
  }));
}

const ENERGY: readonly { id: Exclude<keyof EnergySplit, 'totalPj'>; colour: string }[] = [
  { id: 'computePj', colour: 'var(--c1)' },
  { id: 'memoryArrayPj', colour: 'var(--c2)' },
  { id: 'mainPj', colour: 'var(--c5)' },
  { id: 'reloadPj', colour: 'var(--c7)' },
  { id: 'writeBackPj', colour: 'var(--c4)' },
  { id: 'switchPj', colour: 'var(--c3)' },
  { id: 'staticPj', colour: 'var(--c8)' },
];

function energyRows(energy: EnergySplit, before: EnergySplit | undefined) {
  return ENERGY.map(({ id, colour }) => ({
    id,
    label: words.energy[id],
    value: energy[id],
    unit: 'pJ',
    colour,
    pinned: before?.[id],
    better: 'lower' as const,
  }));
}
