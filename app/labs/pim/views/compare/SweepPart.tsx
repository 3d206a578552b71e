import { Play, Square } from 'lucide-react';
import { useMemo, useState } from 'react';
import { type SweepPoint, type SweepReport, withValue } from '../../../../../engines/pim/sweep.ts';
import type { PimFigures, PimSlice } from '../../../../../engines/pim/types.ts';
import { isEditable, useDesign, useSlice, useView } from '../../../../design/index.ts';
import { JobBar } from '../../../../jobs/JobBar.tsx';
import { Button } from '../../../../ui/Button.tsx';
import { EmptyState } from '../../../../ui/EmptyState.tsx';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import { Select } from '../../../../ui/Select.tsx';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { TextInput } from '../../../../ui/TextInput.tsx';
import { edit } from '../../actions.ts';
import { FIGURES, figureName, formatFigure } from '../../readings/figures.ts';
import { startSweep, stopSweep } from '../../run/controls.ts';
import { specOf } from '../../run/spec.ts';
import { usePim } from '../../state.ts';
import { texts } from '../../texts.ts';
import { AXES, type AxisChoice, findAxis, labelOf, startValues, valueNow, valuesOf } from './axes.ts';
import { SweepChart } from './SweepChart.tsx';

const words = texts.compare;
const START: AxisChoice[] = [{ path: 'replication', values: ['balance', 'w0h0', 'uniform'] }];

/** The same network with other choices: one or two parameters moved, everything else as it stands. */
export function SweepPart() {
  const slice = useSlice<PimSlice>('pim');
  const [axes, setAxes] = useView<AxisChoice[]>('pim.sweep', START);
  const hardware = usePim((state) => state.result?.report.hardware);
  const phase = usePim((state) => state.sweepPhase);
  const progress = usePim((state) => state.sweepProgress);
  const sweep = usePim((state) => state.sweep);
  const problems = usePim((state) => state.sweepProblems);
  const read = axes.map(valuesOf);
  const faults = read.map((each) => ('fault' in each ? each.fault : undefined));
  const points = read.reduce((product, each) => product * ('values' in each ? each.values.length : 0), 1);
  const choose = (index: number, path: string) => {
    if (path === '') setAxes(axes.slice(0, index));
    else {
      const axis = findAxis(path);
      if (!axis) return;
      const next = { path, values: startValues(axis, valueNow(slice, hardware, path)) };
      setAxes([...axes.slice(0, index), next, ...axes.slice(index + 1)]);
    }
  };
  const run = () => {
    const spec = specOf({ ...slice, baselines: [] });
    startSweep({
      slice: spec,
      axes: axes.map(({ path }, index) => ({ path, values: (read[index] as { values: (number | string)[] }).values })),
    });
  };
  return (
    <>
      <div className="pim-sweep">
        {[0, 1].map((index) =>
          index > axes.length ? null : (
            <AxisRow
              key={index}
              index={index}
              choice={axes[index]}
              taken={axes.filter((_, at) => at !== index).map(({ path }) => path)}
              fault={faults[index]}
              onPath={(path) => choose(index, path)}
              onValues={(values) => setAxes(axes.map((axis, at) => (at === index ? { ...axis, values } : axis)))}
            />
          ),
        )}
        <div className="pim-view-row">
          {phase === 'running' ? (
            <Button icon={Square} label={texts.stop} onClick={stopSweep} />
          ) : (
            <Button
              variant="primary"
              icon={Play}
              label={words.run(points)}
              disabled={points === 0 || points > 400}
              onClick={run}
            />
          )}
          <span className="hint">{points > 400 ? words.tooMany : words.runAbout}</span>
        </div>
      </div>
      {phase === 'running' && (
        <JobBar
          label={words.sweep}
          what={progress?.what ?? words.running}
          fraction={progress?.fraction}
          stop={texts.stop}
          onStop={stopSweep}
        />
      )}
      {phase === 'failed' && <ProblemList problems={problems} />}
      {sweep?.report ? (
        <Results report={sweep.report} slice={sweep.spec.slice} />
      ) : (
        phase !== 'running' && <EmptyState title={words.none} text={words.noneText} />
      )}
    </>
  );
}

interface AxisRowProps {
  index: number;
  choice: AxisChoice | undefined;
  taken: readonly string[];
  fault: string | undefined;
  onPath(path: string): void;
  onValues(values: string[]): void;
}

function AxisRow({ index, choice, taken, fault, onPath, onValues }: AxisRowProps) {
  const axis = choice && findAxis(choice.path);
  const free = AXES.filter(({ path }) => !taken.includes(path));
  return (
    <div className="pim-axis">
      <Select
        label={words.axis(index + 1)}
        value={choice?.path ?? ''}
        onChange={onPath}
        options={[
          ...(index > 0 || !choice ? [{ value: '', label: words.noAxisChosen(index + 1) }] : []),
          ...free.map(({ path, label, group, unit }) => ({
            value: path,
            label: `${group}: ${label}${unit ? ` (${unit})` : ''}`,
          })),
        ]}
      />
      {axis?.choices && (
        <span className="pim-values">
          {axis.choices.map(({ value, label }) => {
            const on = choice?.values.includes(value) ?? false;
            return (
              <button
                key={value}
                type="button"
                className={on ? 'pim-value pim-value-on' : 'pim-value'}
                aria-pressed={on}
                onClick={() =>
                  onValues(
                    (axis.choices ?? [])
                      .map((each) => each.value)
                      .filter((each) => (each === value ? !on : choice?.values.includes(each))),
                  )
                }
              >
                {label}
              </button>
            );
          })}
        </span>
      )}
      {axis && !axis.choices && (
        <TextInput
          label={words.values(axis.label)}
          value={(choice?.values ?? []).join(', ')}
          invalid={fault}
          onChange={(text) => onValues(text.split(/[,;\s]+/).filter((part) => part !== ''))}
        />
      )}
    </div>
  );
}

interface PointRow {
  id: string;
  point: SweepPoint;
}

const SHORT = FIGURES.filter(({ detail }) => !detail);

function Results({ report, slice }: { report: SweepReport; slice: PimSlice }) {
  const [figure, setFigure] = useState<keyof PimFigures>(
    slice.mode === 'throughput' ? 'throughputPerSecond' : 'timeNs',
  );
  const editable = useDesign(() => isEditable());
  const info = FIGURES.find(({ id }) => id === figure) ?? FIGURES[0]!;
  const rows = useMemo(
    () => report.points.map((point): PointRow => ({ id: point.values.join('\u0000'), point })),
    [report],
  );
  const columns: Column<PointRow>[] = [
    ...report.axes.map(({ path }, index): Column<PointRow> => {
      const axis = findAxis(path);
      return {
        id: path,
        label: axis?.label ?? path,
        value: (row) => row.point.values[index],
        render: (row) => labelOf(path, row.point.values[index]),
      };
    }),
    ...SHORT.map(
      ({ id, unit }): Column<PointRow> => ({
        id,
        label: figureName(id, slice.mode),
        align: 'right',
        value: (row) => row.point.figures?.[id],
        render: (row) =>
          row.point.figures ? (
            formatFigure(row.point.figures[id], unit)
          ) : id === SHORT[0]?.id ? (
            <span className="hint" title={row.point.problem?.remedy}>
              {row.point.problem?.what}
            </span>
          ) : (
            '–'
          ),
      }),
    ),
    {
      id: 'use',
      label: words.use,
      value: () => undefined,
      render: (row) => (
        <Button
          size="small"
          variant="ghost"
          label={words.use}
          disabled={!editable || !row.point.figures}
          onClick={() =>
            edit(texts.edits.useVariant, (was) =>
              report.axes.reduce<PimSlice>(
                (next, { path }, index) => withValue(next, path, row.point.values[index]!) as PimSlice,
                was,
              ),
            )
          }
        />
      ),
    },
  ];
  return (
    <>
      <div className="pim-view-row">
        <Select
          label={words.figure}
          value={figure}
          onChange={(next) => setFigure(next)}
          options={FIGURES.map(({ id }) => ({ value: id, label: figureName(id, slice.mode) }))}
        />
      </div>
      <SweepChart report={report} figure={info} name={figureName(figure, slice.mode)} />
      <Table caption={words.sweep} columns={columns} rows={rows} rowKey={(row) => row.id} />
    </>
  );
}
