import { type PointerEvent, type Ref, useImperativeHandle, useRef, useState } from 'react';
import { texts } from './texts.ts';

const words = texts.own;

/** Pixels of the pad, and of the pen on it: a tenth of its side, as thick as the pens of MNIST are on 20 pixels. */
export const PAD_SIDE = 280;
const PEN = 24;

export interface PadHandle {
  clear(): void;
  /** Puts a picture on the pad: ink from 0 to 1 on a square of `side`. */
  put(ink: ArrayLike<number>, side: number): void;
}

interface PadProps {
  ref: Ref<PadHandle>;
  /** What is on the pad, after each stroke and while it is drawn: 0 paper to 1 ink, row by row. */
  onInk(ink: Float32Array): void;
  onClear(): void;
}

/** A square of paper to draw on with a mouse, a pen or a finger. Ink on paper in both themes, as the network knows it. */
export function Pad({ ref, onInk, onClear }: PadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<{ x: number; y: number }>(undefined);
  const frame = useRef<number>(undefined);
  const [drawn, setDrawn] = useState(false);

  const context = () => canvas.current!.getContext('2d', { willReadFrequently: true })!;
  const clear = () => {
    context().clearRect(0, 0, PAD_SIDE, PAD_SIDE);
    setDrawn(false);
  };
  useImperativeHandle(ref, () => ({
    clear,
    put(ink, side) {
      const data = context().createImageData(PAD_SIDE, PAD_SIDE);
      for (let at = 0; at < PAD_SIDE * PAD_SIDE; at++) {
        const x = Math.floor(((at % PAD_SIDE) * side) / PAD_SIDE);
        const y = Math.floor((Math.floor(at / PAD_SIDE) * side) / PAD_SIDE);
        data.data[4 * at + 3] = Math.round(255 * ink[y * side + x]!);
      }
      context().putImageData(data, 0, 0);
      setDrawn(true);
    },
  }));

  const tell = () => {
    frame.current = undefined;
    if (!canvas.current) return;
    const { data } = context().getImageData(0, 0, PAD_SIDE, PAD_SIDE);
    onInk(Float32Array.from({ length: PAD_SIDE * PAD_SIDE }, (_, at) => data[4 * at + 3]! / 255));
  };
  const placeOf = (event: PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * PAD_SIDE,
      y: ((event.clientY - box.top) / box.height) * PAD_SIDE,
    };
  };
  const line = (event: PointerEvent<HTMLCanvasElement>) => {
    const to = placeOf(event);
    const pen = context();
    pen.lineWidth = PEN;
    pen.lineCap = 'round';
    pen.lineJoin = 'round';
    pen.beginPath();
    pen.moveTo(last.current!.x, last.current!.y);
    pen.lineTo(to.x, to.y);
    pen.stroke();
    last.current = to;
    setDrawn(true);
    frame.current ??= requestAnimationFrame(tell);
  };
  return (
    <canvas
      ref={canvas}
      className="results-pad"
      width={PAD_SIDE}
      height={PAD_SIDE}
      tabIndex={0}
      role="img"
      aria-label={`${words.pad} ${words.padText(drawn)}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        last.current = placeOf(event);
        line(event);
      }}
      onPointerMove={(event) => last.current && line(event)}
      onPointerUp={() => {
        last.current = undefined;
      }}
      onPointerCancel={() => {
        last.current = undefined;
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Delete' && event.key !== 'Backspace') return;
        event.preventDefault();
        clear();
        onClear();
      }}
    />
  );
}
