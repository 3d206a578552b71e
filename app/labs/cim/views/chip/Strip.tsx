import {
  type KeyboardEvent,
  type PointerEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
} from 'react';
import type { CompiledPlan } from '../../../../../engines/cim/types.ts';
import { segmentAt, stripEdges, stripSteps } from './chip-model.ts';
import { texts } from './texts.ts';
import { readTheme, useThemeVersion } from './theme.ts';

const words = texts.strip;
const HEIGHT = 72;

/** What moves with every frame goes past React. */
export interface StripHandle {
  /** So much of the segment is over. */
  share(share: number): void;
}

interface Props {
  plan: CompiledPlan;
  arrays: number;
  segment: number;
  /** Pointed at in another view. */
  pointed?: number;
  byTime: boolean;
  stale: boolean;
  onStep(segment: number): void;
  ref: Ref<StripHandle>;
}

/** Arrays in compute and memory mode over all segments: press or use the arrow keys to go to one. */
export function Strip({ plan, arrays, segment, pointed, byTime, stale, onStep, ref }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const cursor = useRef<HTMLDivElement>(null);
  const steps = useMemo(() => stripSteps(plan, arrays), [plan, arrays]);
  const edges = useMemo(() => stripEdges(steps, byTime), [steps, byTime]);
  const version = useThemeVersion();
  const from = edges[segment] ?? 0;
  const width = (edges[segment + 1] ?? 1) - from;
  useImperativeHandle(
    ref,
    () => ({ share: (share) => cursor.current?.style.setProperty('--share', String(share)) }),
    [],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: other colours ask for another picture.
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const draw = () => {
      const context = element.getContext('2d', { alpha: false });
      const ratio = devicePixelRatio;
      const [w, h] = [element.clientWidth, element.clientHeight];
      if (!context || w === 0) return;
      element.width = Math.round(w * ratio);
      element.height = Math.round(h * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const theme = readTheme(element);
      context.fillStyle = theme.sunken;
      context.fillRect(0, 0, w, h);
      const high = (value: number) => (h * value) / Math.max(1, arrays);
      for (const [at, step] of steps.entries()) {
        // On whole pixels: edges in between would show as seams.
        const [left, right] = [Math.floor(edges[at]! * w), Math.ceil(edges[at + 1]! * w)];
        // Memory stands below, compute above it; what is left of the height is idle.
        context.fillStyle = theme.roles.input;
        context.fillRect(left, h - high(step.memory), right - left, high(step.memory));
        context.fillStyle = theme.roles.compute;
        context.fillRect(left, h - high(step.memory) - high(step.compute), right - left, high(step.compute));
      }
    };
    draw();
    const watch = new ResizeObserver(draw);
    watch.observe(element);
    return () => watch.disconnect();
  }, [steps, edges, arrays, version]);

  const press = (event: PointerEvent) => {
    const bounds = event.currentTarget.getBoundingClientRect();
    if (event.buttons === 0 || bounds.width === 0) return;
    onStep(segmentAt(edges, Math.min(Math.max((event.clientX - bounds.left) / bounds.width, 0), 1)));
  };
  const last = steps.length - 1;
  const move = (event: KeyboardEvent) => {
    const next = {
      ArrowRight: segment + 1,
      ArrowUp: segment + 1,
      ArrowLeft: segment - 1,
      ArrowDown: segment - 1,
      PageDown: segment + 10,
      PageUp: segment - 10,
      Home: 0,
      End: last,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onStep(Math.min(Math.max(next, 0), last));
  };
  const step = steps[segment];
  const said = step ? words.say(segment + 1, steps.length, step.compute, step.memory, step.idle) : '';
  return (
    <div className="cim-chip-strip">
      <span className="cim-chip-scale" aria-hidden>
        <span className="num">{arrays}</span>
        <span className="num">0</span>
      </span>
      <div
        className={stale ? 'cim-chip-steps cim-chip-pale' : 'cim-chip-steps'}
        role="slider"
        aria-label={words.label}
        aria-valuemin={1}
        aria-valuemax={Math.max(1, steps.length)}
        aria-valuenow={segment + 1}
        aria-valuetext={said}
        tabIndex={0}
        onKeyDown={move}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          press(event);
        }}
        onPointerMove={press}
      >
        <canvas ref={canvas} aria-hidden style={{ height: HEIGHT }} />
        {pointed !== undefined && pointed !== segment && edges[pointed + 1] !== undefined && (
          <div
            className="cim-chip-pointed"
            style={{ left: `${100 * edges[pointed]!}%`, width: `${100 * (edges[pointed + 1]! - edges[pointed]!)}%` }}
          />
        )}
        <div ref={cursor} className="cim-chip-cursor" style={{ left: `${100 * from}%`, width: `${100 * width}%` }} />
      </div>
    </div>
  );
}
