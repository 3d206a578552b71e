import { useMemo } from 'react';
import type { PimReport } from '../../../../../engines/pim/types.ts';
import { useView } from '../../../../design/index.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { Segmented } from '../../../../ui/Segmented.tsx';
import { View } from '../../../../ui/View.tsx';
import { usePim } from '../../state.ts';
import { texts } from '../../texts.ts';
import { NoResult } from '../NoResult.tsx';
import { ChipSurface } from './ChipSurface.tsx';
import { CoreTable } from './CoreTable.tsx';
import { COLOURS_BY, type ColourBy, colouring } from './chip-colours.ts';
import { chipModel } from './chip-model.ts';

const words = texts.chip;

/** The chip as a grid of cores and crossbars, and the table of the same. */
export default function ChipView() {
  const report = usePim((state) => state.result?.report);
  const [form, setForm] = useView<'chip' | 'table'>('pim.chip.form', 'chip');
  const [by, setBy] = useView<ColourBy>('pim.chip.by', 'layer');
  return (
    <View
      title={words.title}
      about={report && form === 'chip' ? words.about[by] : undefined}
      lesson="chip"
      aside={
        <>
          {form === 'chip' && (
            <Segmented
              label={words.by}
              value={by}
              onChange={setBy}
              options={COLOURS_BY.map((value) => ({ value, label: words.bys[value] }))}
            />
          )}
          <Segmented
            label={words.form}
            value={form}
            onChange={setForm}
            options={[
              { value: 'chip', label: words.asChip },
              { value: 'table', label: words.asTable },
            ]}
          />
        </>
      }
    >
      {!report && <NoResult />}
      {report && form === 'chip' && <Chip report={report} by={by} />}
      {report && form === 'table' && <CoreTable report={report} />}
    </View>
  );
}

function Chip({ report, by }: { report: PimReport; by: ColourBy }) {
  const model = useMemo(() => chipModel(report), [report]);
  const colours = useMemo(() => colouring(model, report, by), [model, report, by]);
  return (
    <div className="pim-chip">
      <ChipSurface report={report} model={model} colouring={colours} />
      <Legend by={by} low={colours.low} high={colours.high} model={model} report={report} />
    </div>
  );
}

interface LegendProps {
  by: ColourBy;
  low: number;
  high: number;
  model: ReturnType<typeof chipModel>;
  report: PimReport;
}

function Legend({ by, low, high, model, report }: LegendProps) {
  const ends =
    by === 'layer'
      ? [model.layers[0]?.name ?? '', model.layers.at(-1)?.name ?? '']
      : by === 'replication'
        ? [words.replicas(low), words.replicas(high)]
        : [formatNumber(low, '%'), formatNumber(high, '%')];
  const free = model.cores * model.perCore - report.figures.crossbars;
  return (
    <p className="pim-legend">
      <span>{ends[0]}</span>
      <i className="pim-legend-ramp" aria-hidden />
      <span>{ends[1]}</span>
      <i className="pim-legend-free" aria-hidden />
      <span>{words.free(formatNumber(free))}</span>
    </p>
  );
}
