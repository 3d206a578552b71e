import { type PointerEvent, useMemo, useRef } from 'react';
import { coverage, KINDS, type Look, type Track, within } from './spans.ts';
import { COLOURS, LEFT, RIGHT } from './Tracks.tsx';
import { texts } from './texts.ts';

const HEIGHT = 30;

interface MinimapProps {
  /** Of the plan that the lab shows. */
  track: Track;
  /** Of the axis: the longest plan. */
  end: number;
  look: Look;
  width: number;
  onLook(look: Look): void;
}

/** The whole run, with the stretch that is shown: drag it, or draw a new one beside it. */
export function Minimap({ track, end, look, width, onLook }: MinimapProps) {
  const box = useRef<SVGSVGElement>(null);
  const drag = useRef<{ kind: 'move' | 'draw'; at: number; look: Look }>(undefined);
  const inner = Math.max(1, Math.floor(width - LEFT - RIGHT));
  const paths = useMemo(() => {
    const filled = new Float32Array(inner);
    return [...KINDS].reverse().map((kind) => {
      let path = '';
      for (const [pixel, share] of coverage(track, kind, 0, end, inner).entries()) {
        if (share <= 0) continue;
        const tall = share * HEIGHT;
        const top = HEIGHT - filled[pixel]! - tall;
        filled[pixel]! += tall;
        path += `M${LEFT + pixel} ${top.toFixed(2)}h1v${tall.toFixed(2)}h-1z`;
      }
      return { kind, path };
    });
  }, [track, end, inner]);
  const timeAt = (event: PointerEvent) => {
    const left = box.current?.getBoundingClientRect().left ?? 0;
    return Math.min(Math.max((event.clientX - left - LEFT) / inner, 0), 1) * end;
  };
  const x = (time: number) => LEFT + (time / (end || 1)) * inner;
  return (
    <svg
      ref={box}
      className="cimtime-map"
      aria-hidden
      width={width}
      height={HEIGHT}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = timeAt(event);
        const inside = at >= look.from && at <= look.to && look.to - look.from < end * 0.98;
        drag.current = { kind: inside ? 'move' : 'draw', at, look };
      }}
      onPointerMove={(event) => {
        const held = drag.current;
        if (!held) return;
        const at = timeAt(event);
        if (held.kind === 'move') {
          const by = at - held.at;
          onLook(within({ from: held.look.from + by, to: held.look.to + by }, end));
        } else if (Math.abs(at - held.at) > end / 500) {
          onLook(within({ from: Math.min(at, held.at), to: Math.max(at, held.at) }, end));
        }
      }}
      onPointerUp={(event) => {
        const held = drag.current;
        drag.current = undefined;
        const at = timeAt(event);
        if (held?.kind !== 'draw' || Math.abs(at - held.at) > end / 500) return;
        const half = (held.look.to - held.look.from) / 2;
        onLook(within({ from: at - half, to: at + half }, end));
      }}
      onPointerCancel={() => {
        drag.current = undefined;
      }}
    >
      <title>{texts.minimap}</title>
      <rect className="cimtime-lane" x={LEFT} y={0} width={inner} height={HEIGHT} />
      {paths.map(({ kind, path }) => (
        <path key={kind} d={path} style={{ fill: `var(--${COLOURS[kind]})` }} />
      ))}
      <rect className="cimtime-veil" x={LEFT} y={0} width={Math.max(0, x(look.from) - LEFT)} height={HEIGHT} />
      <rect className="cimtime-veil" x={x(look.to)} y={0} width={Math.max(0, x(end) - x(look.to))} height={HEIGHT} />
      <rect
        className="cimtime-sight"
        x={x(look.from)}
        y={0.5}
        width={Math.max(3, x(look.to) - x(look.from))}
        height={HEIGHT - 1}
      />
    </svg>
  );
}
