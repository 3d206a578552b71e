import { useEffect, useMemo, useState } from 'react';
import { valueText } from '../../../../engines/verilog/wave/value.ts';
import { formatNumber } from '../../../ui/format.ts';
import { type Column, Table } from '../../../ui/Table.tsx';
import { VirtualRows } from '../../../ui/VirtualRows.tsx';
import { cursorName } from './paint.ts';
import type { Row } from './rows.ts';
import type { WaveStage } from './stage.ts';
import { texts } from './texts.ts';
import { timeText } from './viewport.ts';

const words = texts.table;
const ROW = 22;

type WaveRow = Extract<Row, { kind: 'wave' }>;

interface WaveTableProps {
  stage: WaveStage;
  rows: readonly Row[];
  held: WaveRow | undefined;
  onPick(row: Row): void;
}

/** The same as words and numbers: values at the cursor, and every change of the signal that is held. */
export function WaveTable({ stage, rows, held, onPick }: WaveTableProps) {
  const { database } = stage;
  const version = useVersion(stage);
  const { timescale } = database.info;
  const shown = useMemo(() => {
    const step = database.stepAt(stage.time);
    return rows
      .filter((row): row is WaveRow => row.kind === 'wave' && row.wave !== undefined && row.wave.trace >= 0)
      .map((row) => {
        const data = database.data(row.wave!)!;
        const entry = data.entryAt(step);
        return { row, value: entry < 0 ? words.never : textOf(stage, row, entry), count: data.count, version };
      });
  }, [rows, database, stage, version]);
  const columns: Column<(typeof shown)[number]>[] = [
    { id: 'name', label: words.signal, value: ({ row }) => row.wave!.path, mono: true },
    { id: 'type', label: words.type, value: ({ row }) => row.wave!.signal.word },
    { id: 'value', label: words.value, value: ({ value }) => value, mono: true },
  ];
  const data = held?.wave && database.data(held.wave);
  const at = data ? data.entryAt(database.stepAt(stage.time)) : -1;
  const cursor = stage.cursors.length > 0 ? cursorName(0) : '';
  return (
    <div className="wave-tables">
      <section>
        <h3>
          {words.values} {cursor} {timeText(stage.time, timescale)}
        </h3>
        <div className="wave-table">
          <Table
            caption={words.values}
            columns={columns}
            rows={shown}
            rowKey={({ row }) => row.key}
            selectedKey={held?.key}
            onRowClick={({ row }) => onPick(row)}
          />
        </div>
      </section>
      <section>
        <h3>
          {held?.wave ? words.changes(held.wave.path) : words.noChanges}
          {data && <small>{words.count(formatNumber(data.count))}</small>}
        </h3>
        {held && data && (
          <VirtualRows
            count={data.count}
            rowHeight={ROW}
            label={words.changes(held.wave!.path)}
            active={at < 0 ? undefined : at}
            onActive={(entry) => {
              const time = database.timeOf(data.step(entry));
              stage.setCursor(0, time);
              stage.reveal(time);
            }}
            render={(entry) => (
              <span className="wave-change num">
                <span>{timeText(database.timeOf(data.step(entry)), timescale)}</span>
                <span>{textOf(stage, held, entry)}</span>
              </span>
            )}
          />
        )}
      </section>
    </div>
  );
}

function textOf({ database }: WaveStage, row: WaveRow, entry: number): string {
  const { wave } = row;
  const data = wave && database.data(wave);
  if (!data) return '';
  if (data.type === 'event') return words.event;
  return valueText(data, entry, row.radix, wave.enumType === undefined ? undefined : database.enums[wave.enumType]);
}

/** Counts what has moved or come, a few times a second. */
function useVersion(stage: WaveStage): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = stage.listen(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setVersion((was) => was + 1);
      }, 120);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [stage]);
  return version;
}
