import { ChevronRight, ListPlus, Plus } from 'lucide-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import type { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import type { WaveSignal } from '../../../../engines/verilog/wave/types.ts';
import { rangeText } from '../../../../engines/verilog/wave/wave.ts';
import { classes } from '../../../ui/classes.ts';
import { formatNumber } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Split } from '../../../ui/Split.tsx';
import { TextInput } from '../../../ui/TextInput.tsx';
import { VirtualRows } from '../../../ui/VirtualRows.tsx';
import { texts } from './texts.ts';

const words = texts.tree;
const ROW = 22;
/** Matches that are listed; more are counted. */
const MOST_FOUND = 1000;

interface ScopeTreeProps {
  database: WaveDatabase;
  /** How many signals there are: grows while a file is read. */
  signalCount: number;
  onAdd(paths: string[]): void;
}

/** The scopes of the design, the signals of the one that is held, or all signals by a part of their name. */
export function ScopeTree({ database, signalCount, onAdd }: ScopeTreeProps) {
  const [query, setQuery] = useState('');
  const [scope, setScope] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the database grows in place; the count tells.
  const found = useMemo(() => search(database, query), [database, query, signalCount]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same.
  const own = useMemo(
    () => database.signals.filter((signal) => signal.scope === scope || (signal.scope === -1 && scope === 0)),
    [database, scope, signalCount],
  );
  return (
    <div className="wave-tree">
      <div className="wave-search field-wide">
        <TextInput
          label={words.search}
          placeholder={words.search}
          type="search"
          live
          value={query}
          onChange={setQuery}
        />
      </div>
      {found ? (
        <SignalRows
          database={database}
          signals={found.signals}
          full
          label={words.matches(formatNumber(found.count))}
          empty={words.none}
          note={
            found.count > found.signals.length
              ? words.more(formatNumber(found.count - found.signals.length))
              : undefined
          }
          onAdd={onAdd}
        />
      ) : (
        <Split
          id="rtl.wave.tree"
          direction="column"
          share={0.45}
          min={80}
          firstLabel={words.scopes}
          first={<Scopes database={database} count={signalCount} scope={scope} onScope={setScope} />}
          second={
            <SignalRows
              database={database}
              signals={own}
              label={words.signals(database.scopePath(scope) || words.top)}
              empty={words.empty}
              onAdd={onAdd}
            />
          }
        />
      )}
    </div>
  );
}

function search(database: WaveDatabase, query: string): { signals: WaveSignal[]; count: number } | undefined {
  const parts = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return undefined;
  const signals: WaveSignal[] = [];
  let count = 0;
  for (const signal of database.signals) {
    const path = `${database.scopePath(signal.scope)}.${signal.name}`.toLowerCase();
    if (!parts.every((part) => path.includes(part))) continue;
    count++;
    if (signals.length < MOST_FOUND) signals.push(signal);
  }
  return { signals, count };
}

interface ScopesProps {
  database: WaveDatabase;
  count: number;
  scope: number;
  onScope(scope: number): void;
}

function Scopes({ database, count, scope, onScope }: ScopesProps) {
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const lines = useMemo(() => {
    const children = new Map<number, number[]>();
    for (const [index, { parent }] of database.scopes.entries()) {
      const list = children.get(parent);
      if (list) list.push(index);
      else children.set(parent, [index]);
    }
    const all: { scope: number; depth: number; parent: boolean }[] = [];
    const walk = (parent: number, depth: number) => {
      for (const index of children.get(parent) ?? []) {
        all.push({ scope: index, depth, parent: children.has(index) });
        if (!folded.has(index)) walk(index, depth + 1);
      }
    };
    if (count >= 0) walk(-1, 0);
    return all;
  }, [database, folded, count]);
  const fold = (index: number, close: boolean) => {
    const next = new Set(folded);
    if (close) next.add(index);
    else next.delete(index);
    setFolded(next);
  };
  const active = lines.findIndex((line) => line.scope === scope);
  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[active];
    if (!line) return;
    if (event.key === 'ArrowLeft') fold(line.scope, true);
    else if (event.key === 'ArrowRight') fold(line.scope, false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of the list inside.
    <div className="wave-scopes" onKeyDown={onKeyDown}>
      <VirtualRows
        count={lines.length}
        rowHeight={ROW}
        label={words.scopes}
        active={active < 0 ? undefined : active}
        onActive={(index) => lines[index] && onScope(lines[index].scope)}
        render={(index) => {
          const line = lines[index]!;
          const { name, kind, module } = database.scopes[line.scope]!;
          const open = !folded.has(line.scope);
          return (
            <span className="wave-scope" style={{ paddingLeft: 6 + line.depth * 12 }}>
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys of the list fold. */}
              {/* biome-ignore lint/a11y/noStaticElementInteractions: a help for the pointer only. */}
              <span
                className={classes('wave-chevron', open && 'wave-chevron-open')}
                onClick={(event) => {
                  event.stopPropagation();
                  fold(line.scope, open);
                }}
              >
                {line.parent && <ChevronRight size={12} aria-hidden />}
              </span>
              <span className="mono">{name}</span>
              <small>{module && module !== name ? module : kind === 'module' ? '' : kind}</small>
            </span>
          );
        }}
      />
    </div>
  );
}

interface SignalRowsProps {
  database: WaveDatabase;
  signals: readonly WaveSignal[];
  /** Whole names, from the top. */
  full?: boolean;
  label: string;
  empty: string;
  note?: string;
  onAdd(paths: string[]): void;
}

function SignalRows({ database, signals, full, label, empty, note, onAdd }: SignalRowsProps) {
  const [active, setActive] = useState<number>();
  const pathOf = (signal: WaveSignal) => database.wave(signal).path;
  const held = active === undefined ? undefined : signals[active];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears Enter of the list inside.
    <div
      className="wave-signals"
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !held || event.target instanceof HTMLButtonElement) return;
        event.preventDefault();
        onAdd([pathOf(held)]);
      }}
    >
      <div className="wave-signals-head">
        <span>{label}</span>
        <IconButton
          size="small"
          icon={Plus}
          label={words.add}
          disabled={!held}
          onClick={() => held && onAdd([pathOf(held)])}
        />
        <IconButton
          size="small"
          icon={ListPlus}
          label={words.addAll}
          disabled={signals.length === 0}
          onClick={() => onAdd(signals.map(pathOf))}
        />
      </div>
      {signals.length === 0 ? (
        <p className="wave-note">{empty}</p>
      ) : (
        <VirtualRows
          count={signals.length}
          rowHeight={ROW}
          label={label}
          active={active}
          onActive={setActive}
          render={(index) => {
            const signal = signals[index]!;
            const wave = database.wave(signal);
            return (
              // biome-ignore lint/a11y/noStaticElementInteractions: Enter does the same from the keyboard.
              <span className="wave-signal" onDoubleClick={() => onAdd([wave.path])}>
                <span className="mono">
                  {full ? wave.path : signal.name}
                  {rangeText(wave)}
                </span>
                <small>{signal.direction ?? signal.word}</small>
              </span>
            );
          }}
        />
      )}
      {note && <p className="wave-note">{note}</p>}
    </div>
  );
}
