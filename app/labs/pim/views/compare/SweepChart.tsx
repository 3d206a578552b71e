import type { SweepReport } from '../../../../../engines/pim/sweep.ts';
import type { ChartColour } from '../../../../charts/BarChart.tsx';
import { HeatMap } from '../../../../charts/HeatMap.tsx';
import { LineChart, type Series } from '../../../../charts/LineChart.tsx';
import { StackedBars } from '../../../../charts/StackedBars.tsx';
import { nameOf } from '../../download/downloads.ts';
import type { FIGURES } from '../../readings/figures.ts';
import { texts } from '../../texts.ts';
import { findAxis, labelOf } from './axes.ts';

interface SweepChartProps {
  report: SweepReport;
  figure: (typeof FIGURES)[number];
  name: string;
}

/** One parameter as a line or as bars, a number and a choice as lines, two numbers or two choices as a map. */
export function SweepChart({ report, figure: { id, unit = '', better }, name }: SweepChartProps) {
  const [first, second] = report.axes;
  if (!first) return null;
  const fileName = nameOf(`-sweep-${id}`);
  const numeric = (path: string) => findAxis(path)?.choices === undefined;
  const at = (a: number, b = 0) => report.points[a * (second?.values.length ?? 1) + b];
  const value = (a: number, b = 0) => at(a, b)?.figures?.[id];
  const lines = (across: number, over: number | undefined): Series[] => {
    const along = report.axes[across]!;
    const others = over === undefined ? [undefined] : report.axes[over]!.values;
    return others.map((other, index) => ({
      id: String(other ?? name),
      name: over === undefined ? name : labelOf(report.axes[over]!.path, other),
      colour: `c${(index % 8) + 1}` as ChartColour,
      points: along.values.map(
        (x, place) =>
          [Number(x), across === 0 ? value(place, over === undefined ? 0 : index) : value(index, place)] as const,
      ),
    }));
  };
  const line = (across: number, over: number | undefined) => {
    const axis = findAxis(report.axes[across]!.path);
    const xs = report.axes[across]!.values.map(Number);
    // Powers of two, as sizes come, stand at equal distances.
    const log = xs.length > 2 && xs.every((x) => x > 0) && Math.max(...xs) / Math.min(...xs) >= 8;
    return (
      <LineChart
        title={texts.compare.chartTitle(name, axis?.label ?? '')}
        x={{ label: axis?.label ?? '', unit: axis?.scale === 1024 ? 'B' : (axis?.unit ?? ''), log }}
        y={{ label: name, unit }}
        series={lines(across, over)}
        fileName={fileName}
        dots
      />
    );
  };
  if (!second) {
    if (numeric(first.path)) return line(0, undefined);
    return (
      <StackedBars
        title={texts.compare.chartTitle(name, findAxis(first.path)?.label ?? '')}
        quantity={name}
        unit={unit}
        subject={findAxis(first.path)?.label ?? ''}
        kinds={[{ id, name, colour: 'c1' }]}
        stacks={first.values.map((each, index) => ({
          id: String(each),
          label: labelOf(first.path, each),
          parts: [value(index) ?? 0],
          detail: at(index)?.problem?.what,
        }))}
        fileName={fileName}
      />
    );
  }
  if (numeric(first.path) && !numeric(second.path)) return line(0, 1);
  if (!numeric(first.path) && numeric(second.path)) return line(1, 0);
  return (
    <HeatMap
      title={texts.compare.chartTitle(name, `${findAxis(first.path)?.label}, ${findAxis(second.path)?.label}`)}
      quantity={name}
      unit={unit}
      x={{ label: findAxis(second.path)?.label ?? '', values: second.values.map((each) => labelOf(second.path, each)) }}
      y={{ label: findAxis(first.path)?.label ?? '', values: first.values.map((each) => labelOf(first.path, each)) }}
      value={(column, row) => value(row, column)}
      why={(column, row) => at(row, column)?.problem?.what}
      fileName={fileName}
      better={better}
    />
  );
}
