import { Play } from 'lucide-react';
import { useMemo } from 'react';
import { claimsOf } from '../../../../../engines/cim/claims.ts';
import type { SweepAxis, SweepPoint, SweepReport, SweepSpec } from '../../../../../engines/cim/sweep.ts';
import { PLAN_TITLES } from '../../../../../engines/cim/titles.ts';
import type { CimSlice, PlanId } from '../../../../../engines/cim/types.ts';
import { sameJson } from '../../../../../engines/document/json.ts';
import type { ChartColour } from '../../../../charts/BarChart.tsx';
import { LineChart, type Series } from '../../../../charts/LineChart.tsx';
import { useSlice, useView } from '../../../../design/index.ts';
import { JobBar } from '../../../../jobs/JobBar.tsx';
import { zooId } from '../../../../models/model-ref.ts';
import { Button } from '../../../../ui/Button.tsx';
import { EmptyState } from '../../../../ui/EmptyState.tsx';
import { NumberInput } from '../../../../ui/NumberInput.tsx';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import { Row } from '../../../../ui/Row.tsx';
import { Select } from '../../../../ui/Select.tsx';
import { Switch } from '../../../../ui/Switch.tsx';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { TextInput } from '../../../../ui/TextInput.tsx';
import { View } from '../../../../ui/View.tsx';
import { sideRuns } from '../../run/controls.ts';
import { useCim } from '../../state.ts';
import { texts } from './texts.ts';
import { OF_TOKENS, readValues, START_VALUES } from './values.ts';

interface Choice {
  axis: SweepAxis;
  values: string;
  otherLength: number;
}

const START: Choice = { axis: 'batch', values: START_VALUES.batch.join(', '), otherLength: 128 };

/** The methods that a sweep runs: the design's own first. */
function plansOf({ segmentation }: CimSlice): PlanId[] {
  const other: PlanId = segmentation === 'improved' ? 'published' : 'improved';
  return [segmentation, other, 'compute-only', 'cim-mlc-like'];
}

/** One thing moves: tokens, batch, lengths of a generation, or a constant of the chip. */
export default function SweepsView() {
  const slice = useSlice<CimSlice>('cim');
  const { spec, report, phase, progress, problems } = useCim((state) => state.sweep);
  const family = useCim((state) => state.result?.report.model.family);
  const [choice, setChoice] = useView<Choice>('cim.sweep', START);
  const [claims, setClaims] = useView('cim.claims', true);
  const values = readValues(choice.values);
  const wanted: SweepSpec | undefined = values && {
    slice,
    axis: choice.axis,
    values,
    plans: plansOf(slice),
    otherLength: choice.otherLength,
  };
  const stale = spec !== undefined && wanted !== undefined && !sameJson(spec, wanted);
  return (
    <View title={texts.title} about={texts.about} lesson="sweeps">
      <div className="cim-side">
        <Row label={texts.axis}>
          <Select<SweepAxis>
            value={choice.axis}
            onChange={(axis) => setChoice({ ...choice, axis, values: START_VALUES[axis].join(', ') })}
            options={(Object.keys(texts.axes) as SweepAxis[]).map((axis) => ({
              value: axis,
              label: texts.axes[axis],
              disabled: family === 'convolutional' && OF_TOKENS.includes(axis),
            }))}
          />
        </Row>
        <Row label={texts.values} note={values ? undefined : texts.valuesAbout}>
          <TextInput
            value={choice.values}
            invalid={values ? undefined : texts.fault}
            onChange={(text) => setChoice({ ...choice, values: text })}
          />
        </Row>
        {(choice.axis === 'input' || choice.axis === 'output') && (
          <Row label={texts.other[choice.axis]}>
            <NumberInput
              value={choice.otherLength}
              min={1}
              max={1_000_000}
              onChange={(otherLength) => setChoice({ ...choice, otherLength })}
            />
          </Row>
        )}
        <Row label={texts.claims}>
          <Switch checked={claims} onChange={setClaims} />
        </Row>
        {phase === 'running' ? (
          <JobBar
            label={texts.running}
            what={progress?.what ?? texts.running}
            fraction={progress?.fraction}
            stop={texts.stop}
            onStop={() => sideRuns.sweep?.stop()}
          />
        ) : (
          <Button
            variant="primary"
            icon={Play}
            label={texts.run(values?.length ?? 0)}
            disabled={!wanted}
            onClick={() => wanted && sideRuns.sweep?.start(wanted)}
          />
        )}
        {stale && report && <p className="cim-warning">{texts.stale}</p>}
        {phase === 'failed' && <ProblemList problems={problems} />}
      </div>
      {family === 'convolutional' && OF_TOKENS.includes(choice.axis) && (
        <p className="hint cim-note">{texts.tokensOnly}</p>
      )}
      {(choice.axis === 'input' || choice.axis === 'output') && <p className="hint cim-note">{texts.generation}</p>}
      {report && report.points.length > 0 ? (
        <Charts report={report} model={spec && zooId(spec.slice.model)} claims={claims} stale={stale} />
      ) : (
        phase !== 'running' && <EmptyState title={texts.none} text={texts.noneAbout} />
      )}
    </View>
  );
}

const COLOURS: Partial<Record<PlanId, ChartColour>> = {
  'compute-only': 'c1',
  'cim-mlc-like': 'c2',
  published: 'c3',
  improved: 'c3',
};

interface ChartsProps {
  report: SweepReport;
  model: string | undefined;
  claims: boolean;
  stale: boolean;
}

function Charts({ report, model, claims, stale }: ChartsProps) {
  const { axis, plans, points } = report;
  const [own, ...others] = plans;
  const x = { label: texts.axes[axis], unit: '', log: true, whole: true };
  const claimed = useMemo(() => (claims ? claimSeries(report, model) : []), [report, model, claims]);
  const speedups = others.map(
    (id): Series => ({
      id,
      name: texts.over(PLAN_TITLES[id]),
      colour: COLOURS[id] ?? 'c4',
      points: points.map(({ value, cycles }) => [value, cycles && cycles[id]! / cycles[own!]!]),
    }),
  );
  const share: Series = {
    id: 'share',
    name: PLAN_TITLES[own!],
    colour: 'c5',
    points: points.map(({ value, memoryArraySharePercent }) => [value, memoryArraySharePercent?.[own!]]),
  };
  return (
    <>
      <LineChart
        title={texts.speedup}
        x={x}
        y={{ label: texts.speedupAxis, unit: '×', fromZero: false }}
        series={[...speedups, ...claimed]}
        fileName="cim-sweep"
        dots
        stale={stale}
      />
      {claimed.length > 0 && (
        <p className="hint cim-note">{texts.claimNote(claimsOf(model, axis)[0]?.unknown ?? '')}</p>
      )}
      <LineChart
        title={texts.share}
        x={x}
        y={{ label: texts.shareAxis, unit: '%' }}
        series={[share]}
        fileName="cim-sweep-share"
        height={180}
        dots
        stale={stale}
      />
      <Table caption={texts.table} columns={columnsOf(plans)} rows={points} rowKey={({ value }) => String(value)} />
    </>
  );
}

/** Points that the paper gives, and where it gives no more than a range, its two ends as levels. */
function claimSeries({ axis, points }: SweepReport, model: string | undefined): Series[] {
  const [first, last] = [points[0]!.value, points.at(-1)!.value];
  // A level needs two ends.
  if (first === last) return [];
  return claimsOf(model, axis).flatMap(({ id, figure, title, points: given, range }): Series[] => {
    const base = { colour: 'c8' as const, dashed: true };
    if (given) return [{ ...base, id, name: texts.claim(figure, title), points: given }];
    return (range ?? []).map((level, end) => ({
      ...base,
      id: `${id}-${end}`,
      name: `${texts.claim(figure, title)}, ${end === 0 ? texts.least : texts.most}`,
      points: [
        [first, level],
        [last, level],
      ],
    }));
  });
}

function columnsOf(plans: readonly PlanId[]): Column<SweepPoint>[] {
  const [own, ...others] = plans;
  return [
    { id: 'value', label: texts.value, value: ({ value }) => value },
    ...plans.map(
      (id): Column<SweepPoint> => ({
        id,
        label: `${PLAN_TITLES[id]}, ${texts.cycles.toLowerCase()}`,
        value: ({ cycles }) => cycles && Math.round(cycles[id]!),
      }),
    ),
    ...others.map(
      (id): Column<SweepPoint> => ({
        id: `ratio-${id}`,
        label: texts.over(PLAN_TITLES[id]),
        value: ({ cycles }) => cycles && cycles[id]! / cycles[own!]!,
        unit: '×',
      }),
    ),
    {
      id: 'share',
      label: texts.shareAxis,
      value: ({ memoryArraySharePercent }) => memoryArraySharePercent?.[own!],
      unit: '%',
    },
    { id: 'problem', label: texts.problem, value: ({ problem }) => problem?.what },
  ];
}
