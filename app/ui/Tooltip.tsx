import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Shortcut } from './Shortcut.tsx';

const DELAY_MS = 400;
/** Moving from one control to the next shows the next tip at once. */
const WARM_MS = 500;
let lastHidden = 0;

interface Spot {
  left: number;
  top: number;
  above: boolean;
}

/**
 * A tip for one control: shown on hover and on keyboard focus, hidden by Escape, kept while the pointer is on it. It is
 * the control's description; the control still needs a name of its own.
 */
export function Tooltip({ text, shortcut, children }: { text: string; shortcut?: string; children: ReactNode }) {
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [spot, setSpot] = useState<Spot>();

  const show = () => {
    const box = anchor.current?.firstElementChild?.getBoundingClientRect();
    if (!box) return;
    const above = box.bottom + 44 > innerHeight;
    const half = Math.min(140, text.length * 3.4 + 16);
    const left = Math.min(Math.max(box.left + box.width / 2, half + 4), Math.max(innerWidth - half - 4, half + 4));
    setSpot({ left, top: above ? box.top - 6 : box.bottom + 6, above });
  };
  const later = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(show, performance.now() - lastHidden < WARM_MS ? 0 : DELAY_MS);
  };
  const hide = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setSpot((was) => {
        if (was) lastHidden = performance.now();
        return undefined;
      });
    }, 80);
  };

  useEffect(() => {
    if (!spot) return;
    const target = anchor.current?.firstElementChild;
    target?.setAttribute('aria-describedby', id);
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setSpot(undefined);
    };
    addEventListener('keydown', onKey, true);
    return () => {
      target?.removeAttribute('aria-describedby');
      removeEventListener('keydown', onKey, true);
    };
  }, [spot, id]);
  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to what passes through from the control inside.
    <span
      ref={anchor}
      className="tip-anchor"
      onPointerEnter={(event) => event.pointerType === 'mouse' && later()}
      onPointerLeave={hide}
      onPointerDown={() => {
        clearTimeout(timer.current);
        setSpot(undefined);
      }}
      onFocus={(event) => event.target.matches(':focus-visible') && show()}
      onBlur={hide}
    >
      {children}
      {spot &&
        createPortal(
          <div
            id={id}
            role="tooltip"
            className="tip"
            style={{ left: spot.left, top: spot.top, translate: spot.above ? '-50% -100%' : '-50% 0' }}
            onPointerEnter={() => clearTimeout(timer.current)}
            onPointerLeave={hide}
          >
            {text}
            {shortcut && <Shortcut keys={shortcut} />}
          </div>,
          document.body,
        )}
    </span>
  );
}
