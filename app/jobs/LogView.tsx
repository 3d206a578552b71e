import { type UIEvent, useCallback, useLayoutEffect, useRef, useState } from 'react';
import './jobs.css';

/** Height of a line in pixels, as in the style sheet. */
const LINE = 18;
/** Lines drawn beyond each edge, so that scrolling by a wheel notch shows no gap. */
const SPARE = 20;

export interface LogViewProps {
  lines: readonly string[];
  /** Names the log for screen readers: "Log of the synthesis". */
  label: string;
  /** What stands there while there are no lines. */
  empty?: string;
}

/** A log of any length: only the lines in sight are in the page. Follows the end while the end is in sight. */
export function LogView({ lines, label, empty = 'Nothing has been logged yet.' }: LogViewProps) {
  const box = useRef<HTMLElement>(null);
  const following = useRef(true);
  const [sight, setSight] = useState({ top: 0, height: 400 });

  const look = useCallback((element: HTMLElement) => {
    const { scrollTop: top, clientHeight: height } = element;
    setSight((known) => (known.top === top && known.height === height ? known : { top, height }));
  }, []);

  const onScroll = (event: UIEvent<HTMLElement>) => {
    const element = event.currentTarget;
    following.current = element.scrollTop + element.clientHeight >= element.scrollHeight - LINE;
    look(element);
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => look(element));
    observer.observe(element);
    return () => observer.disconnect();
  }, [look]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the end moves when lines come.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (following.current) element.scrollTop = element.scrollHeight;
    look(element);
  }, [lines, look]);

  const first = Math.max(0, Math.min(Math.floor(sight.top / LINE), lines.length) - SPARE);
  const last = Math.min(lines.length, Math.ceil((sight.top + sight.height) / LINE) + SPARE);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
    <section className="log" ref={box} onScroll={onScroll} aria-label={label} tabIndex={0}>
      {lines.length === 0 ? (
        <p className="log-empty">{empty}</p>
      ) : (
        <div className="log-all" style={{ blockSize: lines.length * LINE }}>
          <pre className="log-lines" style={{ transform: `translateY(${first * LINE}px)` }}>
            {lines.slice(first, last).join('\n')}
          </pre>
        </div>
      )}
    </section>
  );
}
