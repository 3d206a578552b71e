import { Pin } from 'lucide-react';
import type { EnergyParts, PimCore, PimReport } from '../../../../engines/pim/types.ts';
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
import { ClockBadge } from '../setup/MethodPanel.tsx';
import { type Shown, usePim } from '../state.ts';
import { terms, texts } from '../texts.ts';
import { Baselines } from './Baselines.tsx';
import { comparable, readingsOf } from './figures.ts';
import { KIND_COLOURS, KINDS } from './kinds.ts';

const words = texts.readings;

/** What the mapping costs and gives: figures with units, their change against the pinned result, what they rest on. */
export function ReadingsPanel() {
  const result = usePim((state) => state.result);
  const stale = usePim((state) => state.stale);
  const pinned = usePim((state) => state.pinned);
  const failed = usePim((state) => state.phase === 'failed');
  if (!result) {
    return (
      <Section title={texts.readingsTitle} lesson="readings">
        {failed ? <EmptyState title={words.failedTitle} text={words.failed} /> : <p className="hint">{words.none}</p>}
      </Section>
    );
  }
  const { report } = result;
  const against = comparable(report, pinned?.report);
  return (
    <div className={stale ? 'results results-stale' : 'results'}>
      <Section title={texts.readingsTitle} lesson="readings" aside={<Downloads />}>
        <Provenance result={result} stale={stale} />
        <Readings hero stale={stale} rows={readingsOf(report, against)} />
        {pinned && !against && (
          <p className="pim-warning">
            <Pin size={13} strokeWidth={1.75} aria-hidden /> {words.otherKind(report, pinned.report)}
          </p>
        )}
      </Section>
      <Clocks report={report} />
      <Section title={words.energyTitle} lesson="energy">
        <Bars label={words.energyTitle} rows={energyRows(report.energy, against?.energy)} />
      </Section>
      <Busiest report={report} against={against} />
      <Baselines report={report} />
      <Assumptions
        title={texts.assumptions.title}
        assumptions={report.assumptions}
        sources={texts.assumptions.source}
      />
      <Times report={report} />
    </div>
  );
}

function Provenance({ result, stale }: { result: Shown; stale: boolean }) {
  const { report, spec, source } = result;
  return (
    <p className="made">
      <span className="mono">{modelName(spec.model)}</span>
      <Badge>{texts.method.modes[report.mode]}</Badge>
      <Term term={terms.evaluator}>
        <ClockBadge evaluator={report.evaluator} />
      </Term>
      {stale && <Badge tone="warn">{words.stale}</Badge>}
      {source === 'first' && <Badge>{words.first}</Badge>}
    </p>
  );
}

/** The same program by the other clock, apart from the figures, so that nobody sets the two against each other. */
function Clocks({ report }: { report: PimReport }) {
  const other = report.otherClock;
  if (!other) return null;
  return (
    <Section title={words.otherClock} lesson="other-clock" foldable folded={report.evaluator === 'own'}>
      <p className="made">
        <ClockBadge evaluator={other.evaluator} />
        <span className="num">{formatNumber(other.timeNs, 'ns')}</span>
      </p>
      <p className="pim-warning">{words.clockWarning}</p>
    </Section>
  );
}

const ENERGY: readonly { id: keyof EnergyParts; colour: string }[] = [
  { id: 'mvmPj', colour: 'var(--c1)' },
  { id: 'vectorPj', colour: 'var(--c2)' },
  { id: 'localMemoryPj', colour: 'var(--c3)' },
  { id: 'globalMemoryPj', colour: 'var(--c7)' },
  { id: 'networkPj', colour: 'var(--c4)' },
  { id: 'staticPj', colour: 'var(--c8)' },
];

function energyRows(energy: EnergyParts, before: EnergyParts | undefined) {
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

/** What the core that works longest spends its time on: there the run is won or lost. */
function Busiest({ report, against }: { report: PimReport; against: PimReport | undefined }) {
  const core = busiest(report.cores);
  if (!core) return null;
  const before = against && busiest(against.cores);
  return (
    <Section title={words.busiest} aside={<span className="num">{words.core(core.core)}</span>} lesson="busiest">
      <Bars
        label={words.busiest}
        rows={KINDS.map((kind) => ({
          id: kind,
          label: words.kinds[kind],
          value: core[`${kind}Ns`],
          unit: 'ns',
          colour: `var(--${KIND_COLOURS[kind]})`,
          pinned: before?.[`${kind}Ns`],
          better: 'lower' as const,
        }))}
      />
      <p className="hint">{words.busiestAbout}</p>
    </Section>
  );
}

function busiest(cores: readonly PimCore[]): PimCore | undefined {
  return cores.reduce<PimCore | undefined>(
    (found, core) => (!found || core.busyNs > found.busyNs ? core : found),
    undefined,
  );
}

function Downloads() {
  const busy = usePim((state) => state.busyDownload !== undefined);
  return <DownloadMenu label={texts.download} items={downloadItems} busy={busy} />;
}

function Times({ report }: { report: PimReport }) {
  const rows = Object.entries(report.measured.timesMs).map(([id, value]) => ({
    id,
    label: texts.times.names[id] ?? id,
    value,
    unit: 'ms',
  }));
  if (rows.length === 0) return null;
  return (
    <Section title={texts.times.title} foldable folded>
      <Readings rows={rows} caption={texts.times.title} />
    </Section>
  );
}
