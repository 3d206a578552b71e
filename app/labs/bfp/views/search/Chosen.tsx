import { Check } from 'lucide-react';
import type { SearchPoint, SearchTrace } from '../../../../../engines/bfp/types.ts';
import { isEditable, useDesign } from '../../../../design/index.ts';
import { Button } from '../../../../ui/Button.tsx';
import { nameOf } from '../../download/downloads.ts';
import { PlanBars } from './PlanBars.tsx';
import { wordsOf } from './part.ts';
import { texts } from './texts.ts';

interface ChosenProps {
  trace: SearchTrace;
  names: Map<number, string>;
  searching: boolean;
  point: SearchPoint;
  inDesign: SearchPoint | undefined;
  onTake(id: number): void;
  onBest(id: number): void;
}

/** One plan: its numbers, its bits layer by layer, and the way into the design. */
export function Chosen({ trace, names, searching, point, inDesign, onTake, onBest }: ChosenProps) {
  const editable = useDesign(() => isEditable());
  const title = texts.plan.of(names.get(point.id) ?? '');
  const loaded = inDesign?.id === point.id;
  return (
    <section className="search-part" aria-label={title}>
      <div className="search-part-head">
        <h3>{title}</h3>
        <span className="search-buttons">
          {trace.bestId >= 0 && point.id !== trace.bestId && (
            <Button size="small" label={texts.plan.best} onClick={() => onBest(trace.bestId)} />
          )}
          <Button
            size="small"
            icon={Check}
            label={loaded ? texts.plan.loaded : texts.plan.take}
            disabled={!editable || searching || loaded}
            onClick={() => onTake(point.id)}
          />
        </span>
        <p>{wordsOf(trace, point, names.get(point.id) ?? '')}</p>
      </div>
      <PlanBars plan={point.plan} title={title} fileName={nameOf('-plan-bits')} />
    </section>
  );
}
