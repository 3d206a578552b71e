import { Download, Play } from 'lucide-react';
import { useState } from 'react';
import type { SolveReport, SolveSpec } from '../../../../../engines/cim/allocate/solve-entry.ts';
import type { CimReport, CimSlice } from '../../../../../engines/cim/types.ts';
import { sameJson } from '../../../../../engines/document/json.ts';
import { useSlice, useView } from '../../../../design/index.ts';
import { useJob } from '../../../../jobs/index.ts';
import { JobBar } from '../../../../jobs/JobBar.tsx';
import { Button } from '../../../../ui/Button.tsx';
import { EmptyState } from '../../../../ui/EmptyState.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { NumberInput } from '../../../../ui/NumberInput.tsx';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import { Row } from '../../../../ui/Row.tsx';
import { Segmented } from '../../../../ui/Segmented.tsx';
import { Select } from '../../../../ui/Select.tsx';
import { Switch } from '../../../../ui/Switch.tsx';
import { saveFile } from '../../../../ui/save-file.ts';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { View } from '../../../../ui/View.tsx';
import { planOf, useCim } from '../../state.ts';
import { NoResult } from '../NoResult.tsx';
import { texts } from './texts.ts';

type Solver = SolveSpec['solver'];

const cycles = (value: number) => formatNumber(Math.round(value), 'cycles');

/** One segment solved as a mixed-integer program in front of the user, beside the exact search. */
export default function ProofView() {
  const slice = useSlice<CimSlice>('cim');
  const report = useCim((state) => state.result?.report);
  const plan = useCim(planOf);
  const held = useCim((state) => state.selected.segment);
  const [chosen, setChosen] = useState<number>();
  const [solver, setSolver] = useView<Solver>('cim.proof.solver', 'mip-counts');
  const [withReload, setWithReload] = useView('cim.proof.reload', true);
  const [seconds, setSeconds] = useView('cim.proof.seconds', 20);
  const job = useJob<SolveSpec, SolveReport>('cim/allocate');
  const [asked, setAsked] = useState<SolveSpec>();
  if (!report || !plan) return <NoResult />;
  const names = plan.segments.map(({ operators }) => operators.map((each) => report.problem.operators[each]!.name));
  const at = Math.min(chosen ?? held ?? 0, names.length - 1);
  const spec: SolveSpec = { slice, operators: names[at] ?? [], solver, mipSeconds: seconds, withReload };
  const running = job.state === 'running';
  return (
    <View title={texts.title} about={texts.about} lesson="proof">
      <div className="cim-side">
        <Row label={texts.segment}>
          <Select
            value={String(at)}
            onChange={(next) => setChosen(Number(next))}
            options={names.map((own, index) => ({
              value: String(index),
              label: texts.segmentName(index + 1, own[0]!, own.at(-1)!),
            }))}
          />
        </Row>
        <Segmented
          label={texts.solver}
          value={solver}
          onChange={setSolver}
          options={[
            { value: 'mip-counts', label: texts.solvers['mip-counts'] },
            { value: 'mip', label: texts.solvers.mip },
          ]}
        />
        <Row label={texts.reload} note={undefined}>
          <Switch checked={withReload} onChange={setWithReload} />
        </Row>
        <Row label={texts.seconds}>
          <NumberInput value={seconds} min={0.1} max={3600} step={0.1} unit="s" onChange={setSeconds} />
        </Row>
        {running ? (
          <JobBar
            label={texts.running}
            what={job.progress?.what ?? texts.running}
            fraction={undefined}
            stop={texts.stop}
            onStop={job.cancel}
          />
        ) : (
          <Button
            variant="primary"
            icon={Play}
            label={texts.solve}
            onClick={() => {
              setAsked(spec);
              job.run(spec, {});
            }}
          />
        )}
      </div>
      <p className="hint cim-note">
        {texts.solversAbout[solver]} {texts.reloadAbout}
      </p>
      {job.state === 'failed' && <ProblemList problems={job.problems ?? []} />}
      {job.result && asked && job.state !== 'failed' ? (
        <Outcome solved={job.result} operators={report.problem.operators} stale={!sameJson(asked, spec)} />
      ) : (
        !running && job.state !== 'failed' && <EmptyState title={texts.none} text={texts.noneAbout} />
      )}
    </View>
  );
}

interface OutcomeProps {
  solved: SolveReport;
  operators: CimReport['problem']['operators'];
  stale: boolean;
}

type Line = SolveReport['allocations'][number] & { exact: SolveReport['allocations'][number] | undefined };

function Outcome({ solved: report, operators, stale }: OutcomeProps) {
  const { solved, exact, agree, found, allocations, lpText, measured } = report;
  const lines: Line[] = allocations.map((each) => ({
    ...each,
    exact: exact.allocations.find(({ operator }) => operator === each.operator),
  }));
  return (
    <div className={stale ? 'results-stale' : undefined}>
      <div className="cim-note" role="status" data-solved={solved.optimal ? 'optimal' : 'time-limit'}>
        {stale && <p className="cim-warning">{texts.earlier}</p>}
        <p>
          <b>
            {solved.optimal
              ? texts.optimal(cycles(solved.objective))
              : texts.timeOut(cycles(solved.objective), cycles(solved.bound))}
          </b>{' '}
          {!found && texts.unfinished} {agree ? texts.agree : solved.optimal && texts.differ(cycles(exact.objective))}
        </p>
        <p className="hint">
          {texts.sizeText(
            formatNumber(solved.variables),
            formatNumber(solved.constraints),
            formatNumber(solved.nodes ?? 0),
          )}
          . {texts.took}: {formatNumber(measured.timesMs.solve, 'ms')}.
        </p>
        <Button
          size="small"
          icon={Download}
          label={texts.download}
          onClick={() => saveFile('segment.lp', lpText, 'text/plain')}
        />
      </div>
      <Table
        caption={texts.table}
        columns={columnsOf(operators)}
        rows={lines}
        rowKey={({ operator }) => String(operator)}
      />
    </div>
  );
}

function columnsOf(operators: OutcomeProps['operators']): Column<Line>[] {
  const words = texts.columns;
  return [
    { id: 'operator', label: words.operator, value: ({ operator }) => operators[operator]?.name, mono: true },
    { id: 'compute', label: words.compute, value: ({ compute }) => compute },
    { id: 'memoryIn', label: words.memoryIn, value: ({ memoryIn }) => memoryIn },
    { id: 'memoryOut', label: words.memoryOut, value: ({ memoryOut }) => memoryOut },
    { id: 'exactCompute', label: words.exactCompute, value: ({ exact }) => exact?.compute },
    { id: 'exactMemory', label: words.exactMemory, value: ({ exact }) => exact && exact.memoryIn + exact.memoryOut },
  ];
}
