import { ChevronDown, Download, Play } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type {
  ProgramReport,
  ProgramSpec,
  VerifyReport,
  VerifySpec,
} from '../../../../../engines/cim/program/entries.ts';
import type { CimSlice, PlanId } from '../../../../../engines/cim/types.ts';
import { sameJson } from '../../../../../engines/document/json.ts';
import { useDesign } from '../../../../design/index.ts';
import { useJob } from '../../../../jobs/index.ts';
import { JobBar } from '../../../../jobs/JobBar.tsx';
import { Button } from '../../../../ui/Button.tsx';
import { classes } from '../../../../ui/classes.ts';
import { EmptyState } from '../../../../ui/EmptyState.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import { Select } from '../../../../ui/Select.tsx';
import { saveFile } from '../../../../ui/save-file.ts';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { TextInput } from '../../../../ui/TextInput.tsx';
import { View } from '../../../../ui/View.tsx';
import { VirtualRows, type VirtualRowsHandle } from '../../../../ui/VirtualRows.tsx';
import { planOf, select, useCim } from '../../state.ts';
import { NoResult } from '../NoResult.tsx';
import './program.css';
import { texts } from './texts.ts';

const ROW = 20;

/** The plan as a meta-operator program, which can be run against the network that it stands for. */
export default function ProgramView() {
  const spec = useCim((state) => state.result?.spec);
  const planId = useCim((state) => planOf(state)?.id);
  if (!spec || !planId) return <NoResult />;
  return <Listing spec={spec} planId={planId} />;
}

function Listing({ spec, planId }: { spec: CimSlice; planId: PlanId }) {
  const job = useJob<ProgramSpec, ProgramReport>('cim/program');
  const { run } = job;
  const asked = useRef<ProgramSpec>(undefined);
  useEffect(() => {
    const wanted = { slice: spec, planId };
    if (asked.current && sameJson(asked.current, wanted)) return;
    asked.current = wanted;
    run(wanted, { flush: false });
  }, [spec, planId, run]);
  if (job.state === 'failed') return <ProblemList problems={job.problems ?? []} />;
  if (!job.result) return <EmptyState title={texts.waiting} />;
  return <Shown program={job.result} spec={spec} planId={planId} />;
}

function Shown({ program, spec, planId }: { program: ProgramReport; spec: CimSlice; planId: PlanId }) {
  const { lines, blocks, counts } = program;
  const held = useCim((state) => state.selected.segment);
  const [active, setActive] = useState(0);
  const [sought, setSought] = useState('');
  const rows = useRef<VirtualRowsHandle>(null);
  const found = useMemo(
    () => (sought === '' ? [] : lines.flatMap((line, at) => (line.includes(sought) ? [at] : []))),
    [lines, sought],
  );
  const show = (line: number) => {
    setActive(line);
    rows.current?.reveal(line);
  };
  useEffect(() => {
    const block = held === undefined ? undefined : blocks[held];
    if (!block) return;
    setActive(block.line - 1);
    rows.current?.reveal(block.line - 1);
  }, [held, blocks]);
  const own = blocks.findLast(({ line }) => line - 1 <= active);
  const next = () => {
    const at = found.find((line) => line > active) ?? found[0];
    if (at !== undefined) show(at);
  };
  return (
    <View
      title={texts.title}
      about={texts.about(lines.length)}
      lesson="program"
      aside={
        <Button
          size="small"
          icon={Download}
          label={texts.download}
          onClick={() => saveFile('program.cim.txt', `${lines.join('\n')}\n`, 'text/plain')}
        />
      }
    >
      <div className="cimprog">
        <div className="cimprog-tools">
          <Select
            label={texts.jump}
            value={String(own?.segment ?? 0)}
            onChange={(segment) => select({ segment: Number(segment) })}
            options={blocks.map(({ segment, name }) => ({ value: String(segment), label: texts.block(segment, name) }))}
          />
          <TextInput label={texts.find} placeholder={texts.findAbout} value={sought} onChange={setSought} />
          {sought !== '' && <span className="num">{texts.found(found.length)}</span>}
          {found.length > 0 && <Button size="small" icon={ChevronDown} label={texts.next} onClick={next} />}
          <span className="cimprog-counts">
            {Object.entries(counts).map(([name, n]) => (
              <span key={name}>{texts.counts(name, n)}</span>
            ))}
          </span>
        </div>
        <VirtualRows
          className="cimprog-lines mono"
          label={texts.listing}
          count={lines.length}
          rowHeight={ROW}
          active={active}
          onActive={setActive}
          ref={rows}
          render={(at) => (
            <Line text={lines[at]!} number={at + 1} found={sought !== '' && lines[at]!.includes(sought)} />
          )}
        />
        <Proof spec={spec} planId={planId} lines={lines} onLine={(line) => show(line - 1)} />
      </div>
    </View>
  );
}

/** A line with its kind's colour on the instruction. */
function Line({ text, number, found }: { text: string; number: number; found: boolean }) {
  const end = text.indexOf(' - ', 2);
  const head = end < 0 ? text : text.slice(0, end);
  const kind = /^\s*(CM|CIM\.w|CIM\.r|ALU)/.exec(text)?.[1]?.replace('.', '-') ?? 'block';
  return (
    <span className={classes('cimprog-line', found && 'cimprog-found')}>
      <span className="cimprog-number num">{number}</span>
      <span className={`cimprog-head cimprog-${kind}`}>{head}</span>
      <span>{end < 0 ? '' : text.slice(end)}</span>
    </span>
  );
}

interface ProofProps {
  spec: CimSlice;
  planId: PlanId;
  lines: readonly string[];
  onLine(line: number): void;
}

/** Runs the compiled program, or the user's own, and says whether it computes the network. */
function Proof({ spec, planId, lines, onLine }: ProofProps) {
  const seed = useDesign((state) => state.design?.document.seed ?? 1);
  const job = useJob<VerifySpec, VerifyReport>('cim/verify');
  const [text, setText] = useState<string>();
  const [asked, setAsked] = useState<VerifySpec>();
  const wanted: VerifySpec = { slice: spec, planId, seed };
  const start = (own?: string) => {
    const next = own === undefined ? wanted : { ...wanted, text: own };
    setAsked(next);
    job.run(next, { flush: false });
  };
  const stale = asked !== undefined && !sameJson({ ...asked, text: undefined }, { ...wanted, text: undefined });
  const place = job.problems?.find(({ where }) => where?.line !== undefined)?.where?.line;
  return (
    <section className="cimprog-proof" aria-label={texts.run}>
      <div className="cimprog-tools">
        {job.state === 'running' ? (
          <JobBar
            label={texts.running}
            what={job.progress?.what ?? texts.running}
            fraction={job.progress?.fraction}
            stop={texts.stop}
            onStop={job.cancel}
          />
        ) : (
          <Button variant="primary" icon={Play} label={texts.run} title={texts.runAbout} onClick={() => start()} />
        )}
        <details className="cimprog-own">
          <summary>{texts.own}</summary>
          <p className="hint">{texts.ownAbout}</p>
          <textarea
            className="field mono"
            aria-label={texts.text}
            rows={8}
            spellCheck={false}
            value={text ?? ''}
            onChange={(event) => setText(event.target.value)}
          />
          <div className="cimprog-tools">
            <Button size="small" label={texts.fill} onClick={() => setText(lines.join('\n'))} />
            <Button size="small" icon={Play} label={texts.check} disabled={!text} onClick={() => start(text)} />
          </div>
        </details>
      </div>
      {job.state === 'failed' && (
        <>
          <p role="status">
            <b>{texts.refused}</b>{' '}
            {place !== undefined && asked?.text === undefined && (
              <Button size="small" label={texts.line(place)} onClick={() => onLine(place)} />
            )}
          </p>
          <ProblemList problems={job.problems ?? []} />
        </>
      )}
      {job.state === 'done' && job.result && <Outcome result={job.result} stale={stale} />}
    </section>
  );
}

type Compared = VerifyReport['layers'][number];

const COLUMNS: readonly Column<Compared>[] = [
  { id: 'name', label: texts.columns.name, value: ({ name }) => name, mono: true },
  { id: 'values', label: texts.columns.values, value: ({ values }) => values },
  { id: 'differences', label: texts.columns.differences, value: ({ differences }) => differences },
  { id: 'largest', label: texts.columns.largest, value: ({ largest }) => largest },
];

function Outcome({ result, stale }: { result: VerifyReport; stale: boolean }) {
  const { equal, layers, modeChecks, assumptions } = result;
  const wrong = layers.filter(({ differences }) => differences > 0).length;
  return (
    <div className={stale ? 'results-stale' : undefined}>
      {stale && <p className="cim-warning">{texts.earlier}</p>}
      <p role="status" data-equal={equal}>
        <b>{equal ? texts.equal(layers.length, modeChecks) : texts.different(wrong, layers.length)}</b>
      </p>
      <Table caption={texts.layers} columns={COLUMNS} rows={layers} rowKey={({ name }) => name} />
      <details>
        <summary>{texts.rests}</summary>
        <ul className="hint">
          {assumptions.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
        <p className="hint num">{formatNumber(result.macs, 'MAC')}</p>
      </details>
    </div>
  );
}
