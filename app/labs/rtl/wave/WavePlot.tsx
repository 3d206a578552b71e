import { type RefObject, useEffect, useRef } from 'react';
import { listenToWaves } from './gestures.ts';
import { paintWaves, RULER, type Scene, Summaries } from './paint.ts';
import { CanvasPen, readWaveTheme, type WaveTheme } from './pen.ts';
import { type Row, rowsWithin } from './rows.ts';
import { nearestEdge } from './segments.ts';
import type { WaveStage } from './stage.ts';
import { timeAt, xOf } from './viewport.ts';

const MEASURE = 'wave-frame';
const MEASURES_KEPT = 2000;
/** Pixels within which a click goes to an edge. */
const SNAP = 8;

interface WavePlotProps {
  stage: WaveStage;
  rows: readonly Row[];
  selected: ReadonlySet<string>;
  scroller: RefObject<HTMLDivElement | null>;
  onPick(row: Row | undefined, event: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }): void;
}

/** The drawing: one frame at most for each of the screen's, and none while nothing changes. */
export function WavePlot({ stage, rows, selected, scroller, onPick }: WavePlotProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const live = useRef({ rows, selected, onPick, band: undefined as Scene['band'] });
  Object.assign(live.current, { rows, selected, onPick });
  const ask = useRef(() => {});
  const summaries = useRef(new Summaries());

  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what asks for a frame.
  useEffect(() => ask.current(), [rows, selected]);

  useEffect(() => {
    const element = canvas.current;
    const box = scroller.current;
    const context = element?.getContext('2d', { alpha: false });
    if (!element || !box || !context) return;
    let frame = 0;
    let measures = 0;
    let theme: WaveTheme | undefined;
    summaries.current = new Summaries();
    const draw = () => {
      frame = 0;
      const begin = performance.now();
      const ratio = devicePixelRatio;
      const { clientWidth: width, clientHeight: height } = element;
      if (width === 0 || height === 0) return;
      const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (element.width !== w || element.height !== h) {
        element.width = w;
        element.height = h;
      }
      stage.width = width;
      theme ??= readWaveTheme(element);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const { rows: all, selected: held, band } = live.current;
      const scrolled = box.scrollTop;
      paintWaves(new CanvasPen(context, theme), {
        database: stage.database,
        rows: all,
        ...rowsWithin(all, scrolled, scrolled + height - RULER),
        scrolled,
        view: stage.viewport,
        height,
        cursors: stage.cursors,
        selected: held,
        ratio,
        summaries: summaries.current,
        band,
      });
      if (++measures % MEASURES_KEPT === 0) performance.clearMeasures(MEASURE);
      performance.measure(MEASURE, { start: begin, end: performance.now() });
    };
    ask.current = () => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    const ready = () => ask.current();
    const repaint = () => {
      theme = undefined;
      ask.current();
    };
    const rowAt = (y: number) => {
      const at = y - RULER + box.scrollTop;
      const { first } = rowsWithin(live.current.rows, at, at + 1);
      const row = live.current.rows[first];
      return row && at >= row.top && at < row.top + row.height ? row : undefined;
    };
    const stopGestures = listenToWaves(element, stage, {
      scroll: (dy) => box.scrollBy(0, dy),
      click: (x, y, second, event) => {
        const row = rowAt(y);
        let time = timeAt(stage.viewport, x);
        const data = row?.kind === 'wave' && row.wave ? stage.database.data(row.wave) : undefined;
        const edge = data && nearestEdge(stage.database, data, time);
        if (edge !== undefined && Math.abs(xOf(stage.viewport, edge) - x) <= SNAP) time = edge;
        stage.setCursor(second ? 1 : 0, time);
        if (!second) live.current.onPick(row, event);
      },
      band: (band) => {
        live.current.band = band;
        ask.current();
      },
    });
    const stopListening = stage.listen(ready);
    const resize = new ResizeObserver(ready);
    resize.observe(element);
    box.addEventListener('scroll', ready, { passive: true });
    const themes = new MutationObserver(repaint);
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] });
    // Texts drawn before the font arrived have the wrong face.
    void document.fonts.ready.then(repaint);
    ask.current();
    return () => {
      stopGestures();
      stopListening();
      resize.disconnect();
      themes.disconnect();
      box.removeEventListener('scroll', ready);
      cancelAnimationFrame(frame);
      // A promise that comes later asks for nothing any more.
      ask.current = () => {};
    };
  }, [stage, scroller]);

  return <canvas ref={canvas} className="wave-canvas" aria-hidden />;
}
