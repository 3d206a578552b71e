import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { valueText } from '../../../../engines/verilog/wave/value.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { recall, remember } from '../../../ui/remember.ts';
import { Separator } from '../../../ui/Separator.tsx';
import { cursorName, RULER } from './paint.ts';
import type { Row } from './rows.ts';
import type { WaveStage } from './stage.ts';
import { texts } from './texts.ts';
import { timeText } from './viewport.ts';
import { WaveNames } from './WaveNames.tsx';
import { WavePlot } from './WavePlot.tsx';

interface WaveFrameProps {
  stage: WaveStage;
  rows: readonly Row[];
  selected: ReadonlySet<string>;
  held: string | undefined;
  naming: string | undefined;
  onKeyDown(event: KeyboardEvent): void;
  onPick(row: Row | undefined, event?: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }): void;
  onToggle(row: Row): void;
  onDrop(before: Row | undefined): void;
  onName(group: string | undefined, name?: string): void;
}

const isWidth = (value: unknown): value is number => typeof value === 'number' && value >= 120 && value <= 800;

/** Names, values and drawing, which scroll together. */
export function WaveFrame({
  stage,
  rows,
  selected,
  held,
  naming,
  onKeyDown,
  onPick,
  onToggle,
  onDrop,
  onName,
}: WaveFrameProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(() => recall('wave.names', 200, isWidth));
  const last = rows.at(-1);
  const total = last ? last.top + last.height : 0;
  useEffect(() => {
    const box = scroller.current;
    const element = frame.current;
    if (!box || !element) return;
    const measure = () => {
      element.style.height = `${box.clientHeight}px`;
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  // The row that is held comes into sight.
  useEffect(() => {
    const box = scroller.current;
    const row = rows.find(({ key }) => key === held);
    if (!box || !row) return;
    const room = box.clientHeight - RULER;
    if (row.top < box.scrollTop) box.scrollTop = row.top;
    else if (row.top + row.height > box.scrollTop + room) box.scrollTop = row.top + row.height - room;
  }, [rows, held]);
  return (
    <div ref={scroller} className="wave-scroll">
      <div style={{ height: `max(100%, ${total + RULER + 8}px)` }}>
        {/* A drawing that is walked through; the table says the same in words. */}
        <div
          ref={frame}
          className="wave-frame"
          role="application"
          aria-label={texts.plot.label}
          aria-describedby={`${id}told`}
          aria-activedescendant={held === undefined ? undefined : `${id}${held}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys go from edge to edge and from row to row.
          tabIndex={0}
          onKeyDown={onKeyDown}
        >
          <div className="wave-left" style={{ width }}>
            <WaveNames
              stage={stage}
              rows={rows}
              selected={selected}
              held={held}
              scroller={scroller}
              id={id}
              naming={naming}
              onPick={onPick}
              onToggle={onToggle}
              onDrop={onDrop}
              onName={onName}
            />
          </div>
          <Separator
            label={texts.list.width}
            controls={`${id}told`}
            orientation="vertical"
            size={width}
            min={120}
            max={() => Math.min(800, (scroller.current?.clientWidth ?? 800) - 160)}
            onPreview={setWidth}
            onSize={(size) => {
              setWidth(size);
              remember('wave.names', size);
            }}
          />
          <div className="wave-plot">
            <WavePlot stage={stage} rows={rows} selected={selected} scroller={scroller} onPick={onPick} />
            {rows.length === 0 && (
              <div className="wave-empty">
                <EmptyState title={texts.noSignals.title} text={texts.noSignals.body} />
              </div>
            )}
          </div>
        </div>
      </div>
      <Told id={`${id}told`} stage={stage} row={rows.find(({ key }) => key === held)} />
    </div>
  );
}

/** What is held and where the cursors are, for those who hear the page; said once it has come to rest. */
function Told({ id, stage, row }: { id: string; stage: WaveStage; row: Row | undefined }) {
  const [text, setText] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const { database, viewport, cursors } = stage;
        const { timescale } = database.info;
        const parts = [texts.plot.told(timeText(viewport.from, timescale), timeText(viewport.to, timescale))];
        for (const [index, time] of cursors.entries())
          parts.push(texts.plot.cursor(cursorName(index), timeText(time, timescale)));
        const data = row?.kind === 'wave' && row.wave ? database.data(row.wave) : undefined;
        if (row?.kind === 'wave' && row.wave && data) {
          const names = row.wave.enumType === undefined ? undefined : database.enums[row.wave.enumType];
          parts.unshift(
            `${row.wave.path} ${valueText(data, data.entryAt(database.stepAt(stage.time)), row.radix, names)}`,
          );
        }
        setText(parts.join(', '));
      }, 500);
    };
    const stop = stage.listen(tell);
    tell();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [stage, row]);
  return (
    <p id={id} className="visually-hidden" aria-live="polite">
      {text}
    </p>
  );
}
