import { useMemo } from 'react';
import { type Dot, Scatter } from '../../../../charts/Scatter.tsx';
import { nameOf } from '../../download/downloads.ts';
import { useBfp } from '../../state.ts';
import { KINDS, type PartProps, wordsOf } from './part.ts';
import { type Axis, accuracyOf, accuracySpan, costOn, frontOn } from './plans.ts';
import { texts } from './texts.ts';

const UNITS: Record<Axis, string> = { movement: 'bit', bits: 'bits', energy: 'pJ' };

/** Accuracy against what a plan costs, filling while the search runs. */
export function Front({
  trace,
  names,
  axis,
  near,
  searching,
  selected,
  onPick,
}: PartProps & { axis: Axis; near: boolean; searching: boolean }) {
  const stale = useBfp((state) => state.stale && state.phase !== 'running');
  const { dots, span, below } = useMemo(() => {
    const dots = trace.points.flatMap((point): Dot[] => {
      const y = accuracyOf(trace, point);
      if (y === undefined) return [];
      const { measured } = point;
      const equal = point.by === 'equal' ? names.get(point.id)?.split(' ').at(-1) : undefined;
      return [
        {
          id: point.id,
          x: costOn(axis, point),
          y,
          ...(measured && { low: measured.lowPercent, high: measured.highPercent }),
          kind: point.by,
          hollow: !measured,
          ...(equal !== undefined && { label: equal }),
          words: wordsOf(trace, point, names.get(point.id) ?? ''),
        },
      ];
    });
    const ys = [...dots.map(({ y }) => y), ...(trace.floatPercent === undefined ? [] : [trace.floatPercent])];
    const span = accuracySpan(ys, near);
    return { dots, span, below: dots.filter(({ y }) => y < span[0]).length };
  }, [trace, names, axis, near]);
  const rows = () => [
    [
      texts.table.plan,
      `${texts.axisNames[axis]} (${UNITS[axis]})`,
      `${texts.accuracy} (%)`,
      texts.table.low,
      texts.table.high,
    ],
    ...dots.map((dot) => [names.get(dot.id), dot.x, dot.y, dot.low, dot.high]),
  ];
  return (
    <>
      <Scatter
        title={texts.scatter}
        x={{ label: texts.axisNames[axis], unit: UNITS[axis] }}
        y={{ label: texts.accuracy, unit: '%', span }}
        kinds={KINDS}
        dots={dots}
        line={{ name: texts.front, ids: frontOn(axis, trace.points) }}
        {...(trace.floatPercent !== undefined && { level: { name: texts.float, y: trace.floatPercent } })}
        hint={searching ? texts.hintSearching : texts.hint}
        fileName={nameOf('-front')}
        rows={rows}
        stale={stale}
        height={360}
        onPick={onPick}
        {...(selected !== undefined && { selected })}
      />
      <p className="hint search-below-note">{below > 0 ? texts.below(below) : '\u00a0'}</p>
    </>
  );
}
