import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import './virtual-rows.css';

export interface VirtualRowsHandle {
  /** Brings a row into sight, in the middle when it was not. */
  reveal(index: number): void;
}

export interface VirtualRowsProps {
  /** How many rows there are: any number. */
  count: number;
  /** In pixels, all alike. */
  rowHeight: number;
  label: string;
  /** The row that is held; the arrow keys move it. */
  active?: number;
  onActive(index: number): void;
  onHover?(index: number | undefined): void;
  render(index: number): ReactNode;
  /** Names of columns, above the rows: they stay, and move aside with them. */
  head?: ReactNode;
  className?: string;
  ref?: React.Ref<VirtualRowsHandle>;
}

/** Browsers draw no element taller than some ten million pixels: past this the bar stands for more than it is long. */
const TALLEST = 8_000_000;
const SPARE = 8;

/** The stretch that is scrolled through, and how many pixels of rows a pixel of the bar stands for. */
export function scrollScale(count: number, rowHeight: number, view: number): { tall: number; scale: number } {
  const real = count * rowHeight;
  const tall = Math.min(real, TALLEST);
  return { tall, scale: real > tall ? (real - view) / Math.max(1, tall - view) : 1 };
}

/** Rows of any number, of which only those in sight are in the page. */
export function VirtualRows(props: VirtualRowsProps) {
  const { count, rowHeight, label, active, onActive, onHover, render, head, className, ref } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const headBox = useRef<HTMLDivElement>(null);
  const [view, setView] = useState(300);
  /** Of the rows, not of the bar. */
  const [offset, setOffset] = useState(0);
  const { tall, scale } = scrollScale(count, rowHeight, view);
  const most = Math.max(0, count * rowHeight - view);
  const at = Math.min(offset, most);
  const live = useRef({ offset: at, scale, most, view });
  live.current = { offset: at, scale, most, view };

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setView(element.clientHeight - (headBox.current?.offsetHeight ?? 0));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  const scrollTo = useCallback((next: number) => {
    const within = Math.min(Math.max(next, 0), live.current.most);
    live.current.offset = within;
    setOffset(within);
    if (box.current) box.current.scrollTop = within / live.current.scale;
  }, []);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    // Where a pixel of the bar is many rows, the wheel must still go row by row.
    const wheel = (event: WheelEvent) => {
      if (live.current.scale <= 1 || event.ctrlKey) return;
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? rowHeight : 1;
      scrollTo(live.current.offset + event.deltaY * unit);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [rowHeight, scrollTo]);

  const reveal = useCallback(
    (index: number) => {
      const top = index * rowHeight;
      const { offset: from, view: room } = live.current;
      if (top >= from && top + rowHeight <= from + room) return;
      scrollTo(top - room / 2 + rowHeight / 2);
    },
    [rowHeight, scrollTo],
  );
  useImperativeHandle(ref, () => ({ reveal }), [reveal]);

  const first = Math.max(0, Math.floor(at / rowHeight) - SPARE);
  const last = Math.min(count, Math.ceil((at + view) / rowHeight) + SPARE);
  const move = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(view / rowHeight) - 1);
    const from = active ?? Math.floor(at / rowHeight) - 1;
    const next = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      PageDown: from + page,
      PageUp: from - page,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (next === undefined || count === 0) return;
    event.preventDefault();
    const to = Math.min(Math.max(next, 0), count - 1);
    onActive(to);
    const top = to * rowHeight;
    if (top < at) scrollTo(top);
    else if (top + rowHeight > at + view) scrollTo(top + rowHeight - view);
  };
  return (
    <div
      ref={box}
      className={className ? `vrows ${className}` : 'vrows'}
      role="listbox"
      aria-label={label}
      aria-activedescendant={active !== undefined && active >= first && active < last ? `${id}${active}` : undefined}
      tabIndex={0}
      onKeyDown={move}
      onScroll={(event) => {
        const { scrollTop } = event.currentTarget;
        // What was set above comes back rounded; only the user's own scrolling counts.
        if (Math.abs(scrollTop - live.current.offset / live.current.scale) > 1) {
          const next = scrollTop * live.current.scale;
          live.current.offset = next;
          setOffset(next);
        }
      }}
      onPointerLeave={onHover && (() => onHover(undefined))}
    >
      {head && (
        <div ref={headBox} className="vrows-head" aria-hidden>
          {head}
        </div>
      )}
      <div className="vrows-all" style={{ height: tall }}>
        <div className="vrows-sight" style={{ transform: `translateY(${at / scale - (at - first * rowHeight)}px)` }}>
          {Array.from({ length: Math.max(0, last - first) }, (_, place) => {
            const index = first + place;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list around has the keys.
              <div
                key={index}
                id={`${id}${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === active}
                aria-setsize={count}
                aria-posinset={index + 1}
                className={index === active ? 'vrow vrow-on' : 'vrow'}
                style={{ height: rowHeight }}
                onClick={() => onActive(index)}
                onPointerEnter={onHover && (() => onHover(index))}
              >
                {render(index)}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
