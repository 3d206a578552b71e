import { type ReactNode, type RefObject, Suspense, useEffect, useRef, useState } from 'react';
import { EmptyState } from './EmptyState.tsx';
import { Select } from './Select.tsx';
import { Split } from './Split.tsx';
import './beside-views.css';

export interface BesideViewsProps<V extends string> {
  /** Under which the ratio is remembered: the lab's id. */
  id: string;
  view: V;
  /** Drawn beside it, when it is another. */
  beside: V | '';
  titles: Record<V, string>;
  render(view: V): ReactNode;
  /** What stands while the code of a view loads. */
  loading: string;
}

/** The view of the tab and, where one was chosen, another beside it: pointing at something marks it in both. */
export function BesideViews<V extends string>({ id, view, beside, titles, render, loading }: BesideViewsProps<V>) {
  const box = useRef<HTMLDivElement>(null);
  const direction = useDirection(box);
  const drawn = (of: V) => <Suspense fallback={<EmptyState title={loading} />}>{render(of)}</Suspense>;
  return (
    <div ref={box} className="beside-views">
      {beside !== '' && beside !== view ? (
        <Split
          id={`${id}.${direction}`}
          direction={direction}
          share={0.55}
          firstLabel={titles[view]}
          first={drawn(view)}
          second={drawn(beside)}
        />
      ) : (
        drawn(view)
      )}
    </div>
  );
}

/** Side by side where there is room for two, else one above the other. */
function useDirection(box: RefObject<HTMLElement | null>): 'row' | 'column' {
  const [direction, setDirection] = useState<'row' | 'column'>('column');
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setDirection(element.clientWidth >= 1180 ? 'row' : 'column'));
    watch.observe(element);
    return () => watch.disconnect();
  }, [box]);
  return direction;
}

export interface BesideSelectProps<V extends string> {
  label: string;
  view: V;
  value: V | '';
  onChange(value: V | ''): void;
  none: string;
  /** Views that say something beside another. */
  options: readonly { value: V; label: string }[];
}

/** Chooses the second view. */
export function BesideSelect<V extends string>({ label, view, value, onChange, none, options }: BesideSelectProps<V>) {
  return (
    <span className="beside-select">
      <Select<V | ''>
        label={label}
        value={value === view ? '' : value}
        onChange={onChange}
        options={[{ value: '', label: none }, ...options.filter((each) => each.value !== view)]}
      />
    </span>
  );
}
