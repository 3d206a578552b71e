import { type Ref, type RefObject, useEffect, useImperativeHandle, useRef } from 'react';
import type { Camera } from './camera.ts';
import { listen } from './gestures.ts';
import { glideTo } from './glide.ts';
import { type Surface, wantsStillness } from './surface.ts';

const MEASURES_KEPT = 2000;

export interface CanvasDrawing<Theme> {
  /** The camera it begins with. */
  start: Camera;
  ref: Ref<Surface>;
  /** The user moved the camera. */
  onMove(camera: Camera): void;
  /** Name of the performance measure that each frame leaves: script time from its start to its last drawing call. */
  measure: string;
  /** Colours and fonts, read anew when the theme changes. */
  readTheme(element: Element): Theme;
  paint(context: CanvasRenderingContext2D, camera: Camera, ratio: number, theme: Theme): void;
  /** Whatever asks for a frame when it is another. */
  drawn: readonly unknown[];
}

/**
 * A canvas that is looked at through a camera: wheel, pinch and drag, sharp at any pixel ratio, one frame at most for each
 * of the screen's, and none while nothing changes.
 */
export function useCanvas<Theme>(drawing: CanvasDrawing<Theme>): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const state = useRef({
    camera: drawing.start,
    frame: 0,
    measures: 0,
    theme: undefined as Theme | undefined,
    stopGlide: () => {},
  });
  const latest = useRef(drawing);
  latest.current = drawing;

  const draw = useRef(() => {
    state.current.frame = 0;
    const element = canvas.current;
    const context = element?.getContext('2d', { alpha: false });
    if (!element || !context) return;
    const begin = performance.now();
    const ratio = devicePixelRatio;
    const [w, h] = [Math.round(element.clientWidth * ratio), Math.round(element.clientHeight * ratio)];
    if (element.width !== w || element.height !== h) {
      element.width = w;
      element.height = h;
    }
    const { measure, readTheme, paint } = latest.current;
    state.current.theme ??= readTheme(element);
    paint(context, state.current.camera, ratio, state.current.theme);
    if (++state.current.measures % MEASURES_KEPT === 0) performance.clearMeasures(measure);
    performance.measure(measure, { start: begin, end: performance.now() });
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
    drawing.ref,
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
  useEffect(() => ask.current(), drawing.drawn);

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
      state.current.stopGlide();
      cancelAnimationFrame(state.current.frame);
      state.current.frame = 0;
    };
  }, []);

  return canvas;
}
