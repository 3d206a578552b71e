import { useRef } from 'react';

export interface SeparatorProps {
  /** What the size belongs to, for the name and `aria-controls`. */
  label: string;
  controls: string;
  /** Direction of the dividing line: vertical ones are dragged sideways. */
  orientation: 'vertical' | 'horizontal';
  /** The sized part is after the line (right of it, below it), so that dragging forward makes it smaller. */
  after?: boolean;
  size: number;
  min: number;
  max(): number;
  /** While dragging: draws the size without keeping it. */
  onPreview(size: number): void;
  onSize(size: number): void;
  /** Enter, a double press, or dragging to less than half of the smallest size. */
  onFold?(): void;
}

const STEP = 16;

/** The line between two parts of a bench: dragged, or moved with the arrow keys; Enter folds. */
export function Separator(props: SeparatorProps) {
  const { label, controls, orientation, after, size, min, max, onPreview, onSize, onFold } = props;
  const drag = useRef<{ from: number; size: number; now: number } | undefined>(undefined);
  const sideways = orientation === 'vertical';
  const clamp = (next: number) => Math.round(Math.min(Math.max(next, min), Math.max(min, max())));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule (hr) holds no value and takes no keys; this is ARIA's window splitter.
    <div
      role="separator"
      className={`split-line split-${orientation}`}
      tabIndex={0}
      aria-label={`Size of ${label}`}
      aria-controls={controls}
      aria-orientation={orientation}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={Math.max(size, Math.round(max()))}
      aria-valuetext={`${size} pixels`}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { from: sideways ? event.clientX : event.clientY, size, now: size };
      }}
      onPointerMove={(event) => {
        const held = drag.current;
        if (!held) return;
        const moved = (sideways ? event.clientX : event.clientY) - held.from;
        held.now = held.size + (after ? -moved : moved);
        onPreview(clamp(held.now));
      }}
      onPointerUp={() => {
        const held = drag.current;
        drag.current = undefined;
        if (!held || held.now === held.size) return;
        if (onFold && held.now < min / 2) {
          onPreview(held.size);
          onFold();
        } else onSize(clamp(held.now));
      }}
      onPointerCancel={() => {
        if (drag.current) onPreview(drag.current.size);
        drag.current = undefined;
      }}
      onDoubleClick={onFold}
      onKeyDown={(event) => {
        const forward = sideways ? 'ArrowRight' : 'ArrowDown';
        const back = sideways ? 'ArrowLeft' : 'ArrowUp';
        const sign = after ? -1 : 1;
        if (event.key === forward) onSize(clamp(size + sign * STEP));
        else if (event.key === back) onSize(clamp(size - sign * STEP));
        else if (event.key === 'Home') onSize(min);
        else if (event.key === 'End') onSize(clamp(max()));
        else if (event.key === 'Enter' && onFold) onFold();
        else return;
        event.preventDefault();
      }}
    />
  );
}
