import { ChevronDown, ChevronLeft, ChevronRight, ChevronUp } from 'lucide-react';
import {
  type CSSProperties,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import './bench.css';
import { type BenchPart, useBenchParts } from './bench-store.ts';
import { classes } from './classes.ts';
import { recall, remember } from './remember.ts';
import { Separator } from './Separator.tsx';

export interface BenchProps {
  /** Under which sizes are remembered: the lab's id. */
  id: string;
  /** What goes in. */
  left: ReactNode;
  leftTitle: string;
  /** The thing itself, large. */
  main: ReactNode;
  mainTitle: string;
  /** Readings. */
  right?: ReactNode;
  rightTitle?: string;
  /** Log, timeline: folded until wanted. */
  bottom?: ReactNode;
  bottomTitle?: string;
  /** Beside the title of the bottom part, visible also while that is folded: a count of problems. */
  bottomAside?: ReactNode;
}

/** By the bench's own width: all three side by side, the right part folded into a tab, all stacked. */
type Mode = 'wide' | 'medium' | 'stacked';
const WIDE = 1200;
const STACKED = 820;
const MIN: Record<BenchPart, number> = { left: 200, right: 240, bottom: 96 };
const MAIN_MIN = 320;
/** Width of a folded part. */
const TAB = 28;

interface Layout {
  sizes: Record<BenchPart, number>;
  open: Record<BenchPart, boolean>;
}

const START: Layout = {
  sizes: { left: 272, right: 300, bottom: 220 },
  open: { left: true, right: true, bottom: false },
};

function isLayout(value: unknown): value is Layout {
  const layout = value as Layout;
  return (['left', 'right', 'bottom'] as const).every(
    (part) => Number.isFinite(layout?.sizes?.[part]) && typeof layout?.open?.[part] === 'boolean',
  );
}

/**
 * The bench of a lab: left, main, right, and a bottom folded away. Parts are resized and folded, and stay so; where there
 * is no room the right part becomes a tab at the edge (opened, it takes room from the main part, or lies over it), then
 * all are stacked. Nothing is taken down and built anew when
 * that changes, so an editor keeps its state.
 */
export function Bench(props: BenchProps) {
  const {
    id,
    left,
    leftTitle,
    main,
    mainTitle,
    right,
    rightTitle = 'Readings',
    bottom,
    bottomTitle = 'Log',
    bottomAside,
  } = props;
  const box = useRef<HTMLDivElement>(null);
  const base = useId();
  const [mode, setMode] = useState<Mode>('wide');
  const [width, setWidth] = useState(0);
  const [layout, setLayout] = useState<Layout>(() => recall(`bench.${id}`, START, isLayout));
  // The right part while it is a tab. Not remembered: it takes room from the work, or covers it.
  const [drawer, setDrawer] = useState(false);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => {
      const now = element.clientWidth;
      setMode(now >= WIDE ? 'wide' : now >= STACKED ? 'medium' : 'stacked');
      setWidth(now);
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  const keep = useCallback(
    (change: (was: Layout) => Layout) => {
      setLayout((was) => {
        const next = change(was);
        remember(`bench.${id}`, next);
        return next;
      });
    },
    [id],
  );
  const toggle = useCallback(
    (part: BenchPart) => {
      if (part === 'right' && mode === 'medium') setDrawer((was) => !was);
      else keep((was) => ({ ...was, open: { ...was.open, [part]: !was.open[part] } }));
    },
    [keep, mode],
  );
  const open = { ...layout.open, right: mode === 'medium' ? drawer : layout.open.right };
  const beside = layout.sizes.right + TAB + (open.left ? layout.sizes.left : TAB);
  const over = mode === 'medium' && open.right && width - beside < MAIN_MIN;

  const hasRight = right !== undefined;
  const hasBottom = bottom !== undefined;
  useEffect(() => {
    useBenchParts.setState({
      parts: {
        left: { title: leftTitle, open: open.left, toggle: () => toggle('left') },
        right: hasRight ? { title: rightTitle, open: open.right, toggle: () => toggle('right') } : undefined,
        bottom: hasBottom
          ? { title: bottomTitle, aside: bottomAside, open: open.bottom, toggle: () => toggle('bottom') }
          : undefined,
      },
    });
  }, [
    leftTitle,
    rightTitle,
    bottomTitle,
    bottomAside,
    hasRight,
    hasBottom,
    open.left,
    open.right,
    open.bottom,
    toggle,
  ]);
  useEffect(() => () => useBenchParts.setState({ parts: {} }), []);

  const room = (part: BenchPart) => {
    const element = box.current;
    if (!element) return 600;
    if (part === 'bottom') return element.clientHeight - 160;
    const other =
      part === 'left'
        ? hasRight && open.right && !over
          ? layout.sizes.right
          : TAB
        : over || !open.left
          ? TAB
          : layout.sizes.left;
    return element.clientWidth - other - MAIN_MIN;
  };
  const line = (part: BenchPart, title: string, after: boolean) => (
    <Separator
      label={title}
      controls={base + part}
      orientation={part === 'bottom' ? 'horizontal' : 'vertical'}
      after={after}
      size={layout.sizes[part]}
      min={MIN[part]}
      max={() => room(part)}
      onPreview={(size) => box.current?.style.setProperty(`--bench-${part}`, `${size}px`)}
      onSize={(size) => keep((was) => ({ ...was, sizes: { ...was.sizes, [part]: size } }))}
      onFold={() => toggle(part)}
    />
  );
  const tab = (part: BenchPart, title: string) => {
    const Arrow =
      (mode === 'stacked' ? (open[part] ? ChevronDown : ChevronRight) : undefined) ??
      {
        left: open.left ? ChevronLeft : ChevronRight,
        right: open.right ? ChevronRight : ChevronLeft,
        bottom: open.bottom ? ChevronDown : ChevronUp,
      }[part];
    return (
      <button
        type="button"
        className={`bench-tab bench-tab-${part}`}
        aria-expanded={open[part]}
        aria-controls={base + part}
        onClick={() => toggle(part)}
      >
        <Arrow size={14} strokeWidth={1.75} aria-hidden />
        <span>{title}</span>
      </button>
    );
  };

  const style = {
    '--bench-left': `${layout.sizes.left}px`,
    '--bench-right': `${layout.sizes.right}px`,
    '--bench-bottom': `${layout.sizes.bottom}px`,
  } as CSSProperties;
  const shape = (part: BenchPart) => classes('bench-part', `bench-${part}`, open[part] && 'bench-open');
  return (
    <div ref={box} className={classes('bench', `bench-${mode}`, over && 'bench-over')} style={style}>
      <div className={shape('left')}>
        {tab('left', leftTitle)}
        <section id={`${base}left`} className="bench-body" aria-label={leftTitle} hidden={!open.left}>
          {left}
        </section>
        {open.left && mode !== 'stacked' && line('left', leftTitle, false)}
      </div>
      <section className="bench-main" aria-label={mainTitle}>
        {main}
      </section>
      {hasBottom && (
        <div className={shape('bottom')}>
          {open.bottom && mode !== 'stacked' && line('bottom', bottomTitle, true)}
          <div className="bench-bar">
            {tab('bottom', bottomTitle)}
            {bottomAside}
          </div>
          <section id={`${base}bottom`} className="bench-body" aria-label={bottomTitle} hidden={!open.bottom}>
            {bottom}
          </section>
        </div>
      )}
      {hasRight && (
        <div className={shape('right')}>
          {open.right && mode !== 'stacked' && line('right', rightTitle, true)}
          {tab('right', rightTitle)}
          <section id={`${base}right`} className="bench-body" aria-label={rightTitle} hidden={!open.right}>
            {right}
          </section>
        </div>
      )}
    </div>
  );
}
