import type { Axis } from 'd3';
import { type HTMLAttributes, type ReactNode, type RefObject, useRef } from 'react';
import { useAxis } from './axis.ts';

export interface PlaneProps {
  title: string;
  /** Followed for the width of the chart. */
  box: RefObject<HTMLDivElement | null>;
  drawing: RefObject<SVGSVGElement | null>;
  width: number;
  height: number;
  /** Of the plane within the drawing, px. */
  edges: { left: number; right: number; top: number; bottom: number };
  x: { label: string; axis: Axis<number> };
  y: { label: string; axis: Axis<number> };
  /** Places that the keys go through, and the one they are at. */
  count: number;
  at: number;
  /** What is said of that place. */
  words: string;
  stale?: boolean;
  /** Keys and pointers. */
  reach: Pick<
    HTMLAttributes<HTMLDivElement>,
    'onKeyDown' | 'onFocus' | 'onBlur' | 'onPointerMove' | 'onPointerDown' | 'onPointerLeave' | 'onClick'
  >;
  children: ReactNode;
}

/** Two quantities with their axes, one to the right and one up: gone through like a slider. What is drawn on it are its children. */
export function Plane(props: PlaneProps) {
  const { title, box, drawing, width, height, edges, x, y, count, at, words, stale, reach, children } = props;
  const { left, right, top, bottom } = edges;
  const across = useRef<SVGGElement>(null);
  const up = useRef<SVGGElement>(null);
  useAxis(across, x.axis);
  useAxis(up, y.axis);
  return (
    <div ref={box} className={stale ? 'chart-box chart-stale' : 'chart-box'}>
      <div
        role="slider"
        aria-label={title}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, count - 1)}
        aria-valuenow={Math.max(0, at)}
        aria-valuetext={words}
        tabIndex={0}
        className="chart-reach-all"
        {...reach}
      >
        <svg
          aria-hidden
          ref={drawing}
          className="chart-svg chart-lines"
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
        >
          <g ref={across} transform={`translate(0 ${height - bottom})`} />
          <g ref={up} className="chart-axis-y" transform={`translate(${left} 0)`} />
          <text className="chart-axis-name" x={(left + width - right) / 2} y={height - 6}>
            {x.label}
          </text>
          <text
            className="chart-axis-name"
            transform={`translate(12 ${(height - bottom + top) / 2}) rotate(-90)`}
            textAnchor="middle"
          >
            {y.label}
          </text>
          {children}
        </svg>
      </div>
    </div>
  );
}
