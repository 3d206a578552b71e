import { type ReactNode, useMemo } from 'react';
import type { Place } from '../../../../engines/core/result.ts';
import { describePlace } from '../../../../engines/core/result.ts';
import type { Inferred, RtlReport, RtlSlice } from '../../../../engines/rtl/types.ts';
import { useSlice } from '../../../design/index.ts';
import { Assumptions } from '../../../ui/Assumptions.tsx';
import { Badge } from '../../../ui/Badge.tsx';
import { DownloadMenu } from '../../../ui/DownloadMenu.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { type Reading, Readings } from '../../../ui/Readings.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Term } from '../../../ui/Term.tsx';
import { downloadItems } from '../download/items.ts';
import { openPlace, type Shown, useRtl } from '../state.ts';
import { terms, texts } from '../texts.ts';
import { ModuleTable, TypeBars } from './Breakdown.tsx';
import { describeType } from './cell-types.ts';
import { comparable } from './compare.ts';

const words = texts.readings;

/** What the design costs: figures with units, their change against the pinned result, and what they rest on. */
export function ReadingsPanel() {
  const result = useRtl((state) => state.result);
  const stale = useRtl((state) => state.stale);
  const pinned = useRtl((state) => state.pinned);
  const { files } = useSlice<RtlSlice>('rtl');
  if (!result || files.length === 0) {
    return (
      <Section title={texts.readingsTitle} lesson="readings">
        <p className="hint">{texts.result.none}</p>
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
        {pinned && !against && <p className="hint">{texts.result.pinnedOther}</p>}
      </Section>
      <Section title={texts.types.title} lesson="types">
        <TypeBars report={report} pinned={against} />
      </Section>
      {report.cellsByModule.length > 1 && (
        <Section title={texts.modules.title} lesson="modules">
          <ModuleTable report={report} pinned={against} />
        </Section>
      )}
      <Found title={texts.latches.title} lesson="latches" found={report.latches} hide={report.latches.length === 0}>
        {(latch) => texts.latches.bits(latch.bits)}
      </Found>
      <Found title={texts.memories.title} lesson="memories" found={report.memories} hide={report.memories.length === 0}>
        {(memory) => texts.memories.shape(memory.words, memory.width, memory.bits)}
      </Found>
      <LongestPath report={report} />
      <Assumptions
        title={texts.assumptions.title}
        assumptions={report.assumptions}
        sources={texts.assumptions.source}
      />
      <Times report={report} />
    </div>
  );
}

/** Which level the figures are of, and where they come from when that is not a run of just now. */
function Provenance({ result, stale }: { result: Shown; stale: boolean }) {
  const { stage, top } = result.report;
  const changed = useRtl((state) => state.changed);
  return (
    <p className="made">
      <span className="mono">{top}</span>
      <Badge>
        {stage === 'gates' ? (
          <Term term={terms.cells}>{texts.result.gates}</Term>
        ) : (
          <Term term={terms.wordLevel}>{texts.result.word}</Term>
        )}
      </Badge>
      {stale && <Badge tone="warn">{texts.result.stale[changed]}</Badge>}
      {result.source === 'first' && <Badge>{texts.result.first}</Badge>}
    </p>
  );
}

function readingsOf({ figures }: RtlReport, pinned: RtlReport | undefined): Reading[] {
  const before = pinned?.figures;
  return [
    {
      id: 'cells',
      label: figures.cells === 1 ? words.cell : words.cells,
      value: figures.cells,
      pinned: before?.cells,
      better: 'lower',
      lesson: 'cells',
    },
    {
      id: 'flipFlops',
      label: words.flipFlops,
      value: figures.flipFlops,
      unit: words.bitUnit,
      format: exact,
      pinned: before?.flipFlops,
      better: 'lower',
      term: terms.flipFlops,
      lesson: 'flipFlops',
    },
    {
      id: 'latches',
      label: words.latches,
      value: figures.latches,
      unit: words.bitUnit,
      format: exact,
      pinned: before?.latches,
      better: 'lower',
      term: terms.latches,
    },
    { id: 'memories', label: words.memories, value: figures.memories, pinned: before?.memories, term: terms.memories },
    ...(figures.memoryBits > 0 || (before?.memoryBits ?? 0) > 0
      ? [
          {
            id: 'memoryBits',
            label: words.memoryBits,
            value: figures.memoryBits,
            unit: words.bitUnit,
            format: exact,
            pinned: before?.memoryBits,
          },
        ]
      : []),
    {
      id: 'logicDepth',
      label: words.logicDepth,
      value: figures.logicDepth,
      unit: words.depthUnit,
      pinned: before?.logicDepth,
      better: 'lower',
      term: terms.logicDepth,
      lesson: 'logicDepth',
    },
    { id: 'wires', label: words.wires, value: figures.wires, pinned: before?.wires, term: terms.wires },
  ];
}

/** Counts of bits are exact: no `1.05 kbit`. */
function exact(value: number | undefined, unit = ''): string {
  return `${formatNumber(value)}\u202f${unit}`;
}

function Downloads() {
  const busy = useRtl((state) => state.busyDownload !== undefined);
  return <DownloadMenu label={texts.download} items={downloadItems} busy={busy} />;
}

interface FoundProps {
  title: string;
  lesson: string;
  found: readonly Inferred[];
  hide: boolean;
  children(item: Inferred): ReactNode;
}

/** Latches or memories, each with a jump to the line that makes it. */
function Found({ title, lesson, found, hide, children }: FoundProps) {
  if (hide) return null;
  return (
    <Section title={title} aside={formatNumber(found.length)} lesson={lesson}>
      <ul className="jumps">
        {found.slice(0, 50).map((item) => (
          <li key={`${item.module}.${item.name}`}>
            <Jump where={item.where}>
              <span className="jump-name mono">{item.name}</span>
              <span className="jump-value num">{children(item)}</span>
            </Jump>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** A line of a list that opens its place in the source, when it has one. */
function Jump({ where, children }: { where?: Place; children: ReactNode }) {
  const place = describePlace(where && { file: where.file, line: where.line });
  const body = (
    <>
      {children}
      <span className="jump-place mono">{place}</span>
    </>
  );
  if (!where?.file) return <span className="jump">{body}</span>;
  return (
    <button type="button" className="jump jump-press" onClick={() => openPlace(where)}>
      {body}
    </button>
  );
}

function LongestPath({ report }: { report: RtlReport }) {
  const steps = useMemo(() => report.longestPath.map((step, index) => ({ ...step, index })), [report]);
  if (steps.length === 0) return null;
  return (
    <Section title={texts.path.title} aside={formatNumber(steps.length, words.depthUnit)} foldable folded lesson="path">
      <ol className="jumps">
        {steps.slice(0, 200).map((step) => (
          <li key={step.index}>
            <Jump where={step.where}>
              <span className="jump-step num">{step.index + 1}</span>
              <span className="jump-name" title={step.cell}>
                {describeType(step.type).name}
              </span>
            </Jump>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Times({ report }: { report: RtlReport }) {
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
      <details className="script">
        <summary>{texts.times.script}</summary>
        <pre className="mono">{report.script}</pre>
      </details>
    </Section>
  );
}
