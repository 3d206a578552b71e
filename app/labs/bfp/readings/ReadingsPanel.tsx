import { Grid3x3, Pin } from 'lucide-react';
import type { BfpReport, BfpSlice } from '../../../../engines/bfp/types.ts';
import { Assumptions } from '../../../ui/Assumptions.tsx';
import { Badge } from '../../../ui/Badge.tsx';
import { Button } from '../../../ui/Button.tsx';
import { DownloadMenu } from '../../../ui/DownloadMenu.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { Readings } from '../../../ui/Readings.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Term } from '../../../ui/Term.tsx';
import { canMap, mapToCrossbars } from '../actions.ts';
import { downloadItems } from '../download/items.ts';
import { modelName } from '../setup/models.ts';
import { type Shown, useBfp } from '../state.ts';
import { terms, texts } from '../texts.ts';
import { differenceWords } from './difference.ts';
import { comparable, movedLess, readingsOf } from './figures.ts';

const words = texts.readings;

/** What the plan costs and gives: accuracy with its interval, bits, movement, energy, and what all of it rests on. */
export function ReadingsPanel() {
  const result = useBfp((state) => state.result);
  const stale = useBfp((state) => state.stale);
  const pinned = useBfp((state) => state.pinned);
  const failed = useBfp((state) => state.phase === 'failed');
  if (!result) {
    return (
      <Section title={texts.readingsTitle} lesson="readings">
        {failed ? <EmptyState title={words.failedTitle} text={words.failed} /> : <p className="hint">{words.none}</p>}
      </Section>
    );
  }
  const { report } = result;
  const against = comparable(report, pinned?.report);
  const { hero, rows } = readingsOf(report, against);
  const less = movedLess(report.figures);
  return (
    <div className={stale ? 'results results-stale' : 'results'}>
      <Section title={texts.readingsTitle} lesson="readings" aside={<Downloads />}>
        <Made result={result} stale={stale} />
        {hero && <Readings hero stale={stale} rows={[hero]} />}
        <Interval report={report} />
        <Readings stale={stale} rows={rows} />
        {less !== undefined && <p className="hint">{less >= 1 ? words.less(less) : words.more(1 / less)}</p>}
        {pinned && !against && (
          <p className="bfp-warning">
            <Pin size={13} strokeWidth={1.75} aria-hidden /> {words.otherKind}
          </p>
        )}
      </Section>
      <Difference report={report} />
      <Training report={report} />
      <Onwards spec={result.spec} />
      <Assumptions
        title={texts.assumptions.title}
        assumptions={report.assumptions}
        sources={texts.assumptions.source}
      />
      <Times report={report} />
    </div>
  );
}

function Made({ result, stale }: { result: Shown; stale: boolean }) {
  const { report, spec, source } = result;
  return (
    <p className="made">
      <span className="bfp-made-name">{modelName(spec.model)}</span>
      {report.measurement && <Badge>{words[report.measurement.set]}</Badge>}
      {report.fineTuned && <Badge tone="accent">{words.tuned(report.fineTuned.epochs)}</Badge>}
      {stale && <Badge tone="warn">{words.stale}</Badge>}
      {source === 'first' && <Badge>{words.first}</Badge>}
    </p>
  );
}

/** How sure the accuracy is; or that there is none. */
function Interval({ report }: { report: BfpReport }) {
  const { measurement } = report;
  if (!measurement) return <p className="hint">{words.noAccuracy}</p>;
  const { lowPercent, highPercent } = measurement.plan;
  return (
    <p className="hint" data-lesson="interval">
      {words.interval(lowPercent, highPercent)} <Term term={terms.accuracy} mark />
    </p>
  );
}

function Difference({ report }: { report: BfpReport }) {
  const { measurement } = report;
  if (!measurement) return null;
  const { difference, plan, kind, outputSignalToNoiseDb } = measurement;
  const [first, ...others] = differenceWords(difference, plan, kind);
  return (
    <Section title={words.difference.title} lesson="difference" aside={<Term term={terms.pValue} mark />}>
      <p className="bfp-difference" data-figure="differencePoints" data-value={difference.points}>
        {first}
      </p>
      {others.map((sentence) => (
        <p key={sentence} className="hint">
          {sentence}
        </p>
      ))}
      {outputSignalToNoiseDb !== undefined && (
        <p className="hint">
          {words.outputNoise}: <span className="num">{formatNumber(outputSignalToNoiseDb, 'dB')}</span>
        </p>
      )}
    </Section>
  );
}

/** How training in the plan's formats went. */
function Training({ report }: { report: BfpReport }) {
  if (!report.fineTuned) return null;
  const { lossByEpoch } = report.fineTuned;
  return (
    <Section title={texts.fineTune.title} lesson="tuned">
      <Readings
        caption={texts.fineTune.title}
        rows={lossByEpoch.map((value, epoch) => ({
          id: `epoch${epoch + 1}`,
          label: texts.fineTune.lossOf(epoch + 1),
          value,
        }))}
      />
    </Section>
  );
}

/** The bits of this plan are what the crossbar lab takes. */
function Onwards({ spec }: { spec: BfpSlice }) {
  const possible = canMap(spec);
  return (
    <Section title={texts.onwards.title} lesson="onwards">
      <p className="hint">{possible ? texts.onwards.about : texts.onwards.cannot}</p>
      <div className="bfp-buttons">
        <Button
          size="small"
          icon={Grid3x3}
          label={texts.onwards.map}
          disabled={!possible}
          onClick={() => void mapToCrossbars()}
        />
      </div>
    </Section>
  );
}

function Downloads() {
  const busy = useBfp((state) => state.busyDownload !== undefined);
  return <DownloadMenu label={texts.download} items={downloadItems} busy={busy} />;
}

function Times({ report }: { report: BfpReport }) {
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
