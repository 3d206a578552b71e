import { useMemo } from 'react';
import { type Dot, Scatter } from '../../../../charts/Scatter.tsx';
import { nameOf } from '../../download/downloads.ts';
import { KINDS, type PartProps } from './part.ts';
import { NEAR_POINTS } from './plans.ts';
import { texts } from './texts.ts';

/** What plans were estimated to lose, and what they lost. */
export function Estimate({ trace, names, near, selected, onPick }: PartProps & { near: boolean }) {
  const { floatPercent, estimateError } = trace;
  const dots = useMemo(
    () =>
      trace.points.flatMap((point): Dot[] => {
        if (!point.measured || floatPercent === undefined) return [];
        const drop = floatPercent - point.measured.percent;
        if (near && (drop > NEAR_POINTS || point.estimatedDropPoints > NEAR_POINTS)) return [];
        const words = `${names.get(point.id)}: ${texts.measuredDrop} ${texts.points(drop)}, ${texts.estimatedDrop} ${texts.points(point.estimatedDropPoints)}`;
        return [{ id: point.id, x: point.estimatedDropPoints, y: drop, kind: point.by, words }];
      }),
    [trace, floatPercent, names, near],
  );
  const { title, about, none, diagonal } = texts.estimate;
  const ys = dots.map(({ y }) => y);
  const air = Math.max(0.2, (Math.max(...ys) - Math.min(...ys)) * 0.08);
  return (
    <section className="search-part" aria-label={title}>
      <div className="search-part-head">
        <h3>{title}</h3>
        <p>
          {dots.length < 3
            ? none
            : about(estimateError.meanAbsPoints, estimateError.worstPoints, estimateError.rankCorrelation)}
        </p>
      </div>
      {dots.length >= 3 && (
        <Scatter
          title={title}
          x={{ label: texts.inPoints(texts.estimatedDrop), unit: '' }}
          y={{
            label: texts.inPoints(texts.measuredDrop),
            unit: '',
            span: [Math.min(0, ...ys) - air, Math.max(...ys) + air],
          }}
          kinds={KINDS}
          dots={dots}
          diagonal={diagonal}
          hint={texts.estimate.hint}
          fileName={nameOf('-estimates')}
          rows={() => [
            [texts.table.plan, texts.inPoints(texts.estimatedDrop), texts.inPoints(texts.measuredDrop)],
            ...dots.map((dot) => [names.get(dot.id), dot.x, dot.y]),
          ]}
          height={260}
          onPick={onPick}
          {...(selected !== undefined && { selected })}
        />
      )}
    </section>
  );
}
