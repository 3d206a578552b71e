import { ChevronRight } from 'lucide-react';
import { type PointerEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { valueText } from '../../../../engines/verilog/wave/value.ts';
import { rangeText, sizeOf } from '../../../../engines/verilog/wave/wave.ts';
import { classes } from '../../../ui/classes.ts';
import { formatNumber } from '../../../ui/format.ts';
import { TextInput } from '../../../ui/TextInput.tsx';
import { cursorName, RULER } from './paint.ts';
import { type Row, rowsWithin } from './rows.ts';
import type { WaveStage } from './stage.ts';
import { texts } from './texts.ts';

const words = texts.list;
/** Rows kept in the page above and below those in sight, so that scrolling shows no gap. */
const SPARE = 8;
const STILL = 4;

interface WaveNamesProps {
  stage: WaveStage;
  rows: readonly Row[];
  selected: ReadonlySet<string>;
  /** The row that the keys move. */
  held: string | undefined;
  scroller: RefObject<HTMLDivElement | null>;
  id: string;
  /** The group whose name is being changed. */
  naming: string | undefined;
  onPick(row: Row, event: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }): void;
  onToggle(row: Row): void;
  /** Drops the selected rows before a row; at the end, where it is undefined. */
  onDrop(before: Row | undefined): void;
  onName(group: string | undefined, name?: string): void;
}

/** Names and values of the rows, beside the drawing. Values follow the cursor without a render. */
export function WaveNames(props: WaveNamesProps) {
  const { stage, rows, selected, held, scroller, id, naming, onPick, onToggle, onDrop, onName } = props;
  const [sight, setSight] = useState({ first: 0, end: 60 });
  const list = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLSpanElement>(null);
  const live = useRef({ rows, sight });
  live.current = { rows, sight };
  const refresh = useRef(() => {});
  const [mark, setMark] = useState<number>();
  const drag = useRef<{ y: number; row: Row; moved: boolean; to?: Row | undefined }>(undefined);

  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    let frame = 0;
    const draw = () => {
      frame = 0;
      const { rows: all, sight: was } = live.current;
      const within = rowsWithin(all, box.scrollTop, box.scrollTop + box.clientHeight);
      const [first, end] = [Math.max(0, within.first - SPARE), Math.min(all.length, within.end + SPARE)];
      if (within.first < was.first || within.end > was.end || was.end - was.first > 4 * SPARE + end - first) {
        setSight({ first, end });
      }
      if (list.current) list.current.style.transform = `translateY(${-box.scrollTop}px)`;
      writeValues(stage, all.slice(live.current.sight.first, live.current.sight.end), list.current);
      if (head.current)
        head.current.textContent = stage.cursors.length > 0 ? words.value(cursorName(0)) : words.valueLive;
    };
    const ask = () => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    refresh.current = ask;
    const stop = stage.listen(ask);
    box.addEventListener('scroll', ask, { passive: true });
    const resize = new ResizeObserver(ask);
    resize.observe(box);
    return () => {
      stop();
      resize.disconnect();
      box.removeEventListener('scroll', ask);
      cancelAnimationFrame(frame);
    };
  }, [stage, scroller]);
  // New rows have no values yet.
  useLayoutEffect(() => {
    writeValues(stage, rows.slice(sight.first, sight.end), list.current);
    refresh.current();
  }, [stage, rows, sight]);

  const rowAt = (event: PointerEvent) => {
    const top = list.current?.getBoundingClientRect().top ?? 0;
    const at = event.clientY - top;
    const last = rows.at(-1);
    if (last && at >= last.top + last.height) return undefined;
    return rows[rowsWithin(rows, Math.max(0, at), Math.max(0, at) + 1).first];
  };
  const onPointerMove = (event: PointerEvent) => {
    const held = drag.current;
    if (!held) return;
    held.moved ||= Math.abs(event.clientY - held.y) > STILL;
    if (!held.moved) return;
    const over = rowAt(event);
    // Parts of an opened row are no places of their own.
    held.to =
      over && 'index' in over && over.kind === 'wave' && over.depth > 0
        ? rows.find((row) => row.kind === 'wave' && row.depth === 0 && row.index === over.index + 1)
        : over;
    const last = rows.at(-1);
    setMark(held.to ? held.to.top : last ? last.top + last.height : 0);
  };
  const drop = () => {
    const held = drag.current;
    drag.current = undefined;
    setMark(undefined);
    if (held?.moved) onDrop(held.to);
  };
  return (
    <div className="wave-names">
      <div className="wave-names-head" style={{ height: RULER }}>
        <span>{words.name}</span>
        <span ref={head} />
      </div>
      <div className="wave-names-rows">
        <div ref={list} className="wave-names-all" role="tree" aria-label={words.label} aria-multiselectable>
          {rows.slice(sight.first, sight.end).map((row) => {
            const on = selected.has(row.key);
            const level = 'depth' in row ? row.depth + (row.kind === 'wave' && row.grouped ? 2 : 1) : 1;
            const openable = row.kind === 'group' || (row.kind === 'wave' && row.openable);
            const open = row.kind === 'group' ? !row.collapsed : row.kind === 'wave' && row.open;
            return (
              // biome-ignore lint/a11y/useFocusableInteractive: the frame around has the focus and says which row is held.
              <div
                key={row.key}
                id={`${id}${row.key}`}
                data-key={row.key}
                role="treeitem"
                aria-level={level}
                aria-selected={on}
                aria-expanded={openable ? open : undefined}
                className={classes('wave-row', on && 'wave-row-on', row.key === held && 'wave-row-held')}
                style={{ top: row.top, height: row.height, paddingLeft: 4 + (level - 1) * 12 }}
                onPointerDown={(event) => {
                  if (event.button !== 0) return;
                  if (!on || event.ctrlKey || event.metaKey || event.shiftKey) onPick(row, event);
                  if (row.kind === 'more' || (row.kind === 'wave' && row.depth > 0)) return;
                  drag.current = { y: event.clientY, row, moved: false };
                  event.currentTarget.setPointerCapture(event.pointerId);
                }}
                onPointerMove={onPointerMove}
                onPointerUp={(event) => {
                  const moved = drag.current?.moved;
                  drop();
                  if (!moved && on && !event.ctrlKey && !event.metaKey && !event.shiftKey) onPick(row, event);
                }}
                onPointerCancel={() => {
                  drag.current = undefined;
                  setMark(undefined);
                }}
                onDoubleClick={() => (row.kind === 'group' ? onName(row.name) : onToggle(row))}
              >
                <span
                  className={classes('wave-chevron', open && 'wave-chevron-open')}
                  onPointerDown={(event) => {
                    if (!openable) return;
                    event.stopPropagation();
                    onToggle(row);
                  }}
                >
                  {openable && <ChevronRight size={12} aria-hidden />}
                </span>
                <RowName row={row} naming={naming} onName={onName} />
              </div>
            );
          })}
          {mark !== undefined && <div className="wave-drop" style={{ top: mark - 1 }} />}
        </div>
      </div>
    </div>
  );
}

function RowName({ row, naming, onName }: { row: Row; naming: string | undefined; onName: WaveNamesProps['onName'] }) {
  if (row.kind === 'more') return <span className="wave-muted">{words.more(formatNumber(row.count))}</span>;
  if (row.kind === 'group') {
    if (naming !== row.name) return <span className="wave-group">{words.group(row.name, row.count)}</span>;
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the field must not move the waves.
      <span
        className="wave-naming"
        onKeyDown={(event) => event.stopPropagation()}
        onPointerDown={(event) => event.stopPropagation()}
      >
        <TextInput
          label={texts.bar.rename}
          value={row.name}
          autoFocus
          onChange={(name) => onName(row.name, name)}
          onEnter={() => onName(undefined)}
        />
      </span>
    );
  }
  const { wave, shown, depth } = row;
  if (!wave) {
    return (
      <>
        <span className="wave-name mono wave-muted">{shown.path}</span>
        <span className="wave-muted">{words.gone}</span>
      </>
    );
  }
  // The scope, without the top, stands before the name and gives way where there is no room.
  const cut = depth > 0 ? 0 : wave.path.length - wave.path.split('.').at(-1)!.length;
  const scope = wave.path.slice(wave.path.indexOf('.') + 1, cut);
  return (
    <>
      <span className="wave-name mono" title={wave.path}>
        {shown.colour && depth === 0 ? <i style={{ background: `var(--c${shown.colour})` }} /> : undefined}
        {depth === 0 && cut > scope.length && <span className="wave-scope-name">{scope}</span>}
        <span>
          {depth > 0 ? wave.name : wave.path.slice(cut)}
          <span className="wave-muted">{rangeText(wave)}</span>
        </span>
      </span>
      {wave.trace < 0 ? (
        <span className="wave-muted">
          {words.words(formatNumber(wave.dims.reduce((product, dim) => product * sizeOf(dim), 1)), String(wave.width))}
        </span>
      ) : (
        <span className="wave-value mono" data-value />
      )}
    </>
  );
}

/** Writes the values at the cursor into the rows that are in the page. */
function writeValues(stage: WaveStage, rows: readonly Row[], list: HTMLElement | null): void {
  if (!list) return;
  const { database } = stage;
  const step = database.stepAt(stage.time);
  const byKey = new Map<string, Row>();
  const cells = list.querySelectorAll<HTMLElement>('[data-value]');
  if (cells.length === 0) return;
  for (const row of rows) byKey.set(row.key, row);
  for (const cell of cells) {
    const row = byKey.get(cell.parentElement?.dataset.key ?? '');
    if (row?.kind !== 'wave' || !row.wave) continue;
    const data = database.data(row.wave);
    const names = row.wave.enumType === undefined ? undefined : database.enums[row.wave.enumType];
    const text = data ? valueText(data, data.entryAt(step), row.radix, names) : '';
    if (cell.textContent !== text) {
      cell.textContent = text;
      cell.title = text;
    }
  }
}
