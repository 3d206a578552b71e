import { Archive, ArchiveX, Pin, Play, Square } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { ProofReport, RtlSlice } from '../../../../engines/rtl/types.ts';
import type { ProofStep } from '../../../../engines/synthesis/equivalence/types.ts';
import { isEditable, useDesign, usePinned, useSlice } from '../../../design/index.ts';
import { Assumptions } from '../../../ui/Assumptions.tsx';
import { Badge } from '../../../ui/Badge.tsx';
import { Button } from '../../../ui/Button.tsx';
import { copyText } from '../../../ui/copy.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { NumberInput } from '../../../ui/NumberInput.tsx';
import { ProblemList } from '../../../ui/ProblemList.tsx';
import { Select } from '../../../ui/Select.tsx';
import { type Column, Table } from '../../../ui/Table.tsx';
import { edit } from '../actions.ts';
import { openPlace } from '../state.ts';
import { texts as lab } from '../texts.ts';
import { useAgainst, versionOf } from './against.ts';
import './prove.css';
import { proveNow, stopProof, useProve } from './state.ts';
import { texts } from './texts.ts';

const Example = lazy(() => import('./Example.tsx'));

/** Two versions of a design, compared for all inputs: the verdict, how it was reached, and what tells them apart. */
export function ProvePane() {
  const slice = useSlice<RtlSlice>('rtl');
  const editable = useDesign(() => isEditable());
  const { pinned, pin } = usePinned<RtlSlice>('rtl');
  const { chosen } = useAgainst();
  const result = useProve((state) => state.result);
  const phase = useProve((state) => state.phase);
  const partial = useProve((state) => state.partial);
  const problems = useProve((state) => state.problems);
  const running = phase === 'running';
  const report = result?.report;
  const steps = running ? (partial?.steps ?? []) : (report?.steps ?? []);
  return (
    <section className="prove" aria-label={texts.title} data-lesson="proof">
      <Settings slice={slice} editable={editable} />
      <div className="prove-body">
        {phase === 'failed' && <ProblemList problems={problems} onOpen={({ where }) => where && openPlace(where)} />}
        {running && <Running />}
        {!running && phase !== 'failed' && report && <Verdict report={report} />}
        {!running && phase !== 'failed' && !report && chosen === undefined && (
          <EmptyState
            title={texts.none.title}
            text={texts.none.text}
            action={
              pinned ? undefined : <Button variant="primary" icon={Pin} label={texts.none.pin} onClick={() => pin()} />
            }
          />
        )}
        {!running && phase !== 'failed' && !report && chosen !== undefined && (
          <EmptyState
            title={texts.ready.title}
            text={texts.ready.text}
            action={<Button variant="primary" icon={Play} label={texts.run} onClick={proveNow} />}
          />
        )}
        {!running && phase !== 'failed' && report?.counterexample && (
          <Suspense>
            <Example example={report.counterexample} editable={editable} />
          </Suspense>
        )}
        {phase !== 'failed' && steps.length > 0 && <Steps steps={steps} />}
        {!running && phase !== 'failed' && report && report.problems.length > 0 && (
          <ProblemList problems={report.problems} onOpen={({ where }) => where && openPlace(where)} />
        )}
        {!running && phase !== 'failed' && report && report.assumptions.length > 0 && (
          <Assumptions
            title={lab.assumptions.title}
            assumptions={report.assumptions}
            sources={lab.assumptions.source}
          />
        )}
      </div>
    </section>
  );
}

function Settings({ slice, editable }: { slice: RtlSlice; editable: boolean }) {
  const { pinned } = usePinned<RtlSlice>('rtl');
  const { choices, chosen, choose } = useAgainst();
  const running = useProve((state) => state.phase === 'running');
  const { proof } = slice;
  const change = (label: string, part: Partial<RtlSlice['proof']>) =>
    edit(label, (was) => ({ ...was, proof: { ...was.proof, ...part } }));
  return (
    <div className="prove-head">
      {running ? (
        <Button size="small" icon={Square} label={texts.stop} onClick={stopProof} />
      ) : (
        <Button
          size="small"
          variant="primary"
          icon={Play}
          label={texts.run}
          disabled={chosen === undefined}
          onClick={proveNow}
        />
      )}
      <span className="prove-field">
        <span>{texts.against}</span>
        <Select
          label={texts.against}
          value={chosen ?? ''}
          disabled={choices.length === 0}
          onChange={(value) => value !== '' && choose(value)}
          options={[...(chosen === undefined ? [{ value: '' as const, label: '–' }] : []), ...choices]}
        />
      </span>
      {pinned && (
        <IconButton
          size="small"
          icon={Archive}
          label={`${texts.keep}. ${texts.keepAbout}`}
          disabled={!editable}
          onClick={() => {
            edit(texts.edits.keep, (was) => ({ ...was, against: versionOf(pinned.slice) }));
            choose('kept');
          }}
        />
      )}
      {slice.against && (
        <IconButton
          size="small"
          icon={ArchiveX}
          label={texts.forget}
          disabled={!editable}
          onClick={() => edit(texts.edits.forget, ({ against: _against, ...rest }) => rest)}
        />
      )}
      <span className="prove-field" title={texts.depthAbout}>
        <span>{texts.depth}</span>
        <NumberInput
          label={texts.depth}
          value={proof.depth}
          min={1}
          max={200}
          disabled={!editable}
          onChange={(depth) => change(texts.edits.depth, { depth })}
        />
      </span>
      <span className="prove-field">
        <span>{texts.limit}</span>
        <NumberInput
          label={texts.limit}
          value={proof.timeLimitS}
          min={1}
          max={3600}
          unit="s"
          disabled={!editable}
          onChange={(timeLimitS) => change(texts.edits.limit, { timeLimitS })}
        />
      </span>
      <span className="prove-field">
        <span>{texts.start}</span>
        <Select
          label={texts.start}
          value={proof.start}
          disabled={!editable}
          onChange={(start) => change(texts.edits.start, { start })}
          options={(['zero', 'any', 'reset'] as const).map((value) => ({ value, label: texts.starts[value] }))}
        />
      </span>
    </div>
  );
}

function Running() {
  const progress = useProve((state) => state.progress);
  const depth = useProve((state) => state.partial?.boundedDepth ?? 0);
  return (
    <p className="prove-verdict" role="status">
      <span className="spinner" aria-hidden /> {progress?.what ?? texts.running}
      {depth > 0 && <span className="hint">{texts.bounded(depth)}</span>}
    </p>
  );
}

const TONES = { equal: 'good', different: 'bad', undecided: 'warn' } as const;

function Verdict({ report }: { report: ProofReport }) {
  const stale = useProve((state) => state.stale);
  const { verdict, points, boundedDepth } = report;
  return (
    <p className="prove-verdict" role="status" data-lesson="proof-verdict">
      <Badge tone={TONES[verdict]}>{texts.verdict[verdict]}</Badge>
      {stale && <Badge tone="warn">{texts.stale}</Badge>}
      <span>{texts.verdictAbout[verdict]}</span>
      <span className="hint">
        {[
          // Where induction decided, pairs that stayed open do not count.
          ...(verdict === 'equal' && points.matched > 0 && points.proved === points.matched
            ? [texts.points(points.proved, points.matched)]
            : []),
          ...(verdict === 'undecided' && boundedDepth > 0 ? [texts.bounded(boundedDepth)] : []),
          formatNumber(report.measured.timesMs.all, 'ms'),
        ].join(', ')}
      </span>
    </p>
  );
}

type Row = ProofStep & { index: number };

const COLUMNS: readonly Column<Row>[] = [
  { id: 'method', label: texts.steps.method, value: ({ method }) => texts.methods[method] },
  { id: 'what', label: texts.steps.what, value: ({ what }) => what },
  { id: 'depth', label: texts.steps.depth, value: ({ depth }) => depth },
  { id: 'outcome', label: texts.steps.outcome, value: ({ outcome }) => texts.outcomes[outcome] },
  {
    id: 'script',
    label: texts.steps.script,
    value: ({ script }) => script.length,
    align: 'left',
    render: ({ script }) => (
      <Button size="small" variant="ghost" label={texts.copyScript} onClick={() => void copyText(script)} />
    ),
  },
];

/** What was tried, in order. */
function Steps({ steps }: { steps: readonly ProofStep[] }) {
  const [open, setOpen] = useState(true);
  const rows = steps.map((step, index): Row => ({ ...step, index }));
  return (
    <details className="prove-steps" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texts.steps.title}</summary>
      <Table columns={COLUMNS} rows={rows} rowKey={({ index }) => String(index)} caption={texts.steps.title} />
    </details>
  );
}
