import { type CSSProperties, type ReactNode, useId, useRef, useState } from 'react';
import { recall, remember } from './remember.ts';
import './bench.css';
import { Separator } from './Separator.tsx';

export interface SplitProps {
  /** Under which the ratio is remembered. */
  id: string;
  /** `row`: side by side; `column`: one above the other. */
  direction: 'row' | 'column';
  first: ReactNode;
  second: ReactNode;
  /** Share of the first part, 0 to 1. */
  share?: number;
  /** Smallest size of either part in px. */
  min?: number;
  firstLabel: string;
}

/** Two views that share the room; the line between them can be moved, and its place is remembered. */
export function Split({ id, direction, first, second, share = 0.5, min = 160, firstLabel }: SplitProps) {
  const recalled = () =>
    recall(`split.${id}`, share, (value): value is number => typeof value === 'number' && value > 0 && value < 1);
  const [kept, setKept] = useState(() => ({ id, ratio: recalled() }));
  // The same two views, divided anew: what is in them stays built.
  if (kept.id !== id) setKept({ id, ratio: recalled() });
  const { ratio } = kept;
  const setRatio = (next: number) => setKept({ id, ratio: next });
  const box = useRef<HTMLDivElement>(null);
  const panel = useId();
  const length = () => (direction === 'row' ? box.current?.clientWidth : box.current?.clientHeight) || 800;
  return (
    <div ref={box} className={`split split-${direction}`} style={{ '--split': `${ratio * 100}%` } as CSSProperties}>
      <div id={panel} className="split-first">
        {first}
      </div>
      <Separator
        label={firstLabel}
        controls={panel}
        orientation={direction === 'row' ? 'vertical' : 'horizontal'}
        size={Math.round(ratio * length())}
        min={min}
        max={() => length() - min}
        onPreview={(size) => box.current?.style.setProperty('--split', `${size}px`)}
        onSize={(size) => {
          const next = size / length();
          box.current?.style.setProperty('--split', `${next * 100}%`);
          setRatio(next);
          remember(`split.${id}`, next);
        }}
      />
      <div className="split-second">{second}</div>
    </div>
  );
}
