import { useEffect, useImperativeHandle, useMemo, useRef } from 'react';
import type { Camera } from './camera.ts';
import { STROKES, TEXTS, type Token } from './drawing.ts';
import { listen } from './gestures.ts';
import { glideTo } from './glide.ts';
import { Painter, type Theme } from './painter.ts';
import { type SurfaceProps, wantsStillness } from './surface.ts';

/** Name of the performance measure that each frame leaves: script time from its start to its last drawing call. */
const FRAME_MEASURE = 'schematic-frame';
const MEASURES_KEPT = 2000;

const TOKENS = new Set<Token>(['surface', 'accent', 'c1']);
for (const style of Object.values(STROKES)) {
  TOKENS.add(style.stroke);
  if ('fill' in style) TOKENS.add(style.fill);
}
for (const { fill } of Object.values(TEXTS)) TOKENS.add(fill);

function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const colours = {} as Record<Token, string>;
  for (const token of TOKENS) colours[token] = style.getPropertyValue(`--${token}`).trim();
  return { colours, mono: style.getPropertyValue('--mono').trim() || 'monospace' };
}

/** Shows a layout on a canvas; for drawings of thousands of symbols. Draws only when something changed. */
export function CanvasSurface({ layout, marked, start, ref, onMove }: SurfaceProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useMemo(() => new Painter(layout), [layout]);
  const state = useRef({
    camera: start,
    frame: 0,
    measures: 0,
    theme: undefined as Theme | undefined,
    stopGlide: () => {},
  });
  const latest = useRef({ painter, marked, onMove });
  latest.current = { painter, marked, onMove };

  const draw = useRef(() => {
    state.current.frame = 0;
    const element = canvas.current;
    const context = element?.getContext('2d', { alpha: false });
    if (!element || !context) return;
    const begin = performance.now();
    const ratio = devicePixelRatio;
    const view = { w: element.clientWidth, h: element.clientHeight };
    const [w, h] = [Math.round(view.w * ratio), Math.round(view.h * ratio)];
    if (element.width !== w || element.height !== h) {
      element.width = w;
      element.height = h;
    }
    state.current.theme ??= readTheme(element);
    const { painter: by, marked: what } = latest.current;
    by.paint(context, state.current.camera, view, ratio, state.current.theme, what);
    if (++state.current.measures % MEASURES_KEPT === 0) performance.clearMeasures(FRAME_MEASURE);
    performance.measure(FRAME_MEASURE, { start: begin, end: performance.now() });
  });
  const ask = useRef(() => {
    if (state.current.frame === 0) state.current.frame = requestAnimationFrame(draw.current);
  });
  const move = useRef((camera: Camera, byUser: boolean) => {
    state.current.camera = camera;
    ask.current();
    if (!byUser) return;
    state.current.stopGlide();
    latest.current.onMove(camera);
  });

  useImperativeHandle(
    ref,
    () => ({
      camera: () => state.current.camera,
      look: (camera, glide) => {
        state.current.stopGlide();
        if (glide && !wantsStillness()) {
          state.current.stopGlide = glideTo(state.current.camera, camera, (at) => move.current(at, false));
        } else move.current(camera, false);
      },
    }),
    [],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: another drawing or other marks are what asks for a frame.
  useEffect(() => ask.current(), [painter, marked]);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const stopGestures = listen(element, () => state.current.camera, move.current);
    const resize = new ResizeObserver(ask.current);
    resize.observe(element);
    const repaint = () => {
      state.current.theme = undefined;
      ask.current();
    };
    const themes = new MutationObserver(repaint);
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] });
    // Texts drawn before the font arrived have the wrong face.
    void document.fonts.ready.then(repaint);
    return () => {
      stopGestures();
      resize.disconnect();
      themes.disconnect();
      cancelAnimationFrame(state.current.frame);
      state.current.frame = 0;
    };
  }, []);

  return <canvas ref={canvas} className="graph-canvas" aria-hidden />;
}
