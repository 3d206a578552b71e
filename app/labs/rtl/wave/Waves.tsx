import { FileDown, FileImage, FileText, FolderOpen } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Place, Problem } from '../../../../engines/core/result.ts';
import type { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import { readGtkw, writeGtkw } from '../../../../engines/verilog/wave/gtkw.ts';
import { EMPTY_VIEW, type ShownWave, type WaveViewState } from '../../../../engines/verilog/wave/view.ts';
import { type DownloadItem, DownloadMenu } from '../../../ui/DownloadMenu.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { ProblemList } from '../../../ui/ProblemList.tsx';
import { recall, remember } from '../../../ui/remember.ts';
import { Segmented } from '../../../ui/Segmented.tsx';
import { Split } from '../../../ui/Split.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { View } from '../../../ui/View.tsx';
import {
  added,
  changed,
  firstSignals,
  grouped,
  nextForm,
  nextRadix,
  removed,
  renamed,
  shifted,
  toggled,
} from './edit.ts';
import { saveChanges, savePicture, saveVcd } from './export.ts';
import { Keys } from './Keys.tsx';
import { Summaries } from './paint.ts';
import { moved, type Row, rowsOf } from './rows.ts';
import { ScopeTree } from './ScopeTree.tsx';
import { edgeBeside } from './segments.ts';
import { WaveStage } from './stage.ts';
import { texts } from './texts.ts';
import { useCounts } from './use-counts.ts';
import { timeText, whole } from './viewport.ts';
import { addCursor, WaveBar } from './WaveBar.tsx';
import { WaveFrame } from './WaveFrame.tsx';
import { WaveTable } from './WaveTable.tsx';

export interface WaveViewProps {
  database: WaveDatabase | undefined;
  /** Value changes still come. */
  running: boolean;
  view: WaveViewState;
  onView(view: WaveViewState): void;
  /** The signal that is held: its full name. */
  onSelectSignal?(path: string | undefined): void;
  /** Cursor A was moved; undefined: there is none any more. Many times a second while it is dragged. */
  onTime?(time: number | undefined): void;
  /** Shows where a signal is declared. */
  onShowSource?(at: Place): void;
  /** Of saved files, without an ending. */
  fileName?: string;
  /** What the lab puts beside the buttons of the view. */
  aside?: React.ReactNode;
}

export interface WavesProps extends WaveViewProps {
  database: WaveDatabase;
  /** What was wrong with the file. */
  found?: readonly Problem[];
  onOpenWaves(): void;
}

type Form = 'waves' | 'table';

/** The viewer over a set of waves. */
export function Waves(props: WavesProps) {
  const {
    database,
    running,
    view,
    onView,
    onSelectSignal,
    onTime,
    fileName = 'waves',
    aside,
    found = [],
    onOpenWaves,
  } = props;
  const [form, setForm] = useState<Form>('waves');
  const [tree, setTree] = useState(() => recall('wave.tree', true, (value) => typeof value === 'boolean'));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [held, setHeld] = useState<string>();
  const [naming, setNaming] = useState<string>();
  const [told, setTold] = useState<readonly Problem[]>([]);
  const [dismissed, setDismissed] = useState<readonly Problem[]>([]);
  const problems = [...found, ...told].filter((problem) => !dismissed.includes(problem));
  const [saving, setSaving] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef({ view, onView, onTime, onSelectSignal });
  latest.current = { view, onView, onTime, onSelectSignal };

  const stage = useMemo(
    () =>
      new WaveStage(
        database,
        (change) => latest.current.onView({ ...latest.current.view, ...change }),
        (time) => latest.current.onTime?.(time),
      ),
    [database],
  );
  useEffect(() => () => stage.settle(), [stage]);
  useEffect(() => stage.adopt(view), [stage, view]);
  const counts = useCounts(stage);
  // Nobody meets an empty drawing: the first look at a run shows the signals at its top.
  const looked = useRef<WaveStage>(undefined);
  useEffect(() => {
    if (looked.current === stage || counts.signals === 0 || database.signals.length === 0) return;
    looked.current = stage;
    const { view: was, onView: put } = latest.current;
    if (!was.signals.some((shown) => database.find(shown.path)))
      put({ ...EMPTY_VIEW, signals: firstSignals(database) });
  }, [stage, database, counts.signals]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the database grows in place; the count tells.
  const rows = useMemo(() => rowsOf(view, database), [view.signals, view.collapsed, database, counts.signals]);
  const heldRow = rows.find(({ key }) => key === held);
  const heldWave = heldRow?.kind === 'wave' ? heldRow : undefined;
  const path = heldWave?.wave?.path;
  const at = heldWave?.wave?.signal.at;
  useEffect(() => latest.current.onSelectSignal?.(path), [path]);

  const indices = useMemo(() => {
    const found = new Set<number>();
    for (const row of rows) {
      if (!selected.has(row.key)) continue;
      if (row.kind === 'wave') found.add(row.index);
      else if (row.kind === 'group') for (let count = 0; count < row.count; count++) found.add(row.first + count);
    }
    return found;
  }, [rows, selected]);
  const chosen = view.signals.filter((_, index) => indices.has(index));
  const edit = (next: WaveViewState) => {
    if (next !== view) onView({ ...next, ...stage.taken() });
  };
  /** Rows are known by their places: those that moved are selected where they are now. */
  const editMoved = (next: WaveViewState) => {
    const paths = new Set(chosen.map((shown) => shown.path));
    edit(next);
    const after = rowsOf(next, database).filter(
      (row) => row.kind === 'wave' && row.depth === 0 && paths.has(row.shown.path),
    );
    setSelected(new Set(after.map(({ key }) => key)));
    setHeld(after.find((row) => row.kind === 'wave' && row.shown.path === heldWave?.shown.path)?.key);
  };
  const change = (how: (shown: ShownWave) => ShownWave) => edit(changed(view, indices, how));

  const pick = useCallback(
    (row: Row | undefined, event?: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }) => {
      if (!row) return;
      setHeld(row.key);
      setSelected((was) => {
        if (event?.ctrlKey || event?.metaKey) {
          const next = new Set(was);
          if (next.has(row.key)) next.delete(row.key);
          else next.add(row.key);
          return next;
        }
        if (event?.shiftKey && held !== undefined) {
          const [from, to] = [rows.findIndex(({ key }) => key === held), rows.indexOf(row)];
          return new Set(rows.slice(Math.min(from, to), Math.max(from, to) + 1).map(({ key }) => key));
        }
        return new Set([row.key]);
      });
    },
    [rows, held],
  );
  const edge = (direction: 1 | -1) => {
    const data = heldWave?.wave && database.data(heldWave.wave);
    const time = data && edgeBeside(database, data, stage.time, direction);
    if (time === undefined) return;
    stage.setCursor(0, time);
    stage.reveal(time);
  };
  const group = () => edit(grouped(view, indices, texts.bar.newGroup));
  const remove = () => {
    edit(removed(view, indices));
    setSelected(new Set());
    setHeld(undefined);
  };
  const drop = (before: Row | undefined) => {
    const target = !before ? view.signals.length : before.kind === 'group' ? before.first : before.index;
    const into = before?.kind === 'wave' ? before.shown.group : undefined;
    editMoved({ ...view, signals: moved(view.signals, [...indices], target, into) });
  };
  const name = (old: string | undefined, next?: string) => {
    if (old !== undefined && next !== undefined) edit(renamed(view, old, next));
    setNaming(next === undefined ? old : undefined);
  };
  const add = (paths: string[]) => edit(added(view, paths, indices.size > 0 ? Math.max(...indices) : undefined));

  const openList = async (file: File) => {
    const read = readGtkw(await file.text(), file.name, database);
    setTold(read.problems);
    stage.settle();
    onView(read.view);
  };
  const picture = (kind: 'svg' | 'png') =>
    savePicture(kind, { database, rows, view: stage.viewport, cursors: stage.cursors }, new Summaries(), fileName);
  const busy = (work: () => Promise<void>) => {
    setSaving(true);
    void work().finally(() => setSaving(false));
  };
  const some = () => database.signals.length > 0;
  const downloads: DownloadItem[] = [
    {
      id: 'wave.vcd',
      label: texts.download.vcd,
      icon: FileDown,
      enabled: some,
      run: () => busy(() => saveVcd(database, fileName, new AbortController().signal)),
    },
    {
      id: 'wave.gtkw',
      label: texts.download.gtkw,
      icon: FileText,
      enabled: () => view.signals.length > 0,
      run: () => {
        const { from, to } = stage.all ? whole(stage.extent) : stage;
        saveFile(
          `${fileName}.gtkw`,
          writeGtkw({ ...view, from, to, cursors: [...stage.cursors] }, database, `${fileName}.vcd`),
          'text/plain',
        );
      },
    },
    {
      id: 'wave.csv',
      label: texts.download.csv,
      icon: FileText,
      enabled: () => heldWave !== undefined,
      run: () => heldWave && saveChanges(database, heldWave, fileName),
    },
    {
      id: 'wave.svg',
      label: texts.download.svg,
      icon: FileImage,
      starts: true,
      enabled: () => rows.length > 0,
      run: () => busy(() => picture('svg')),
    },
    {
      id: 'wave.png',
      label: texts.download.png,
      icon: FileImage,
      enabled: () => rows.length > 0,
      run: () => busy(() => picture('png')),
    },
    {
      id: 'wave.waves',
      label: texts.file.open,
      icon: FolderOpen,
      starts: true,
      enabled: () => true,
      run: onOpenWaves,
    },
    {
      id: 'wave.open',
      label: texts.download.open,
      icon: FolderOpen,
      enabled: some,
      run: () => input.current?.click(),
    },
  ];

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey) return;
    const at = rows.findIndex(({ key }) => key === held);
    const to = (index: number) => pick(rows[Math.min(Math.max(index, 0), rows.length - 1)]);
    const { viewport, extent } = stage;
    const span = viewport.to - viewport.from;
    const focus = () => {
      const x = ((stage.time - viewport.from) / span) * viewport.width;
      return x >= 0 && x <= viewport.width && stage.cursors.length > 0 ? x : viewport.width / 2;
    };
    const keys: Record<string, () => void> = {
      ArrowLeft: () => (event.shiftKey ? edge(-1) : stage.pan(-viewport.width * 0.1)),
      ArrowRight: () => (event.shiftKey ? edge(1) : stage.pan(viewport.width * 0.1)),
      ArrowUp: () => (event.altKey ? editMoved(shifted(view, indices, -1)) : to(at - 1)),
      ArrowDown: () => (event.altKey ? editMoved(shifted(view, indices, 1)) : to(at + 1)),
      '+': () => stage.zoom(0.5, focus()),
      '=': () => stage.zoom(0.5, focus()),
      '-': () => stage.zoom(2, focus()),
      ',': () => edge(-1),
      '.': () => edge(1),
      '[': () => stage.setCursor(0, stage.time - 1),
      ']': () => stage.setCursor(0, stage.time + 1),
      f: () => stage.fit(),
      '0': () => stage.fit(),
      Home: () => stage.look(extent.start, extent.start + span),
      End: () => stage.look(whole(extent).to - span, whole(extent).to),
      c: () => addCursor(stage),
      Enter: () => heldRow && edit(toggled(view, heldRow)),
      ' ': () => heldRow && edit(toggled(view, heldRow)),
      r: () =>
        heldWave &&
        change((shown) => ({ ...shown, radix: nextRadix(heldWave.radix, heldWave.wave?.enumType !== undefined) })),
      a: () => heldWave && change((shown) => ({ ...shown, analog: nextForm(shown.analog) })),
      g: () => indices.size > 0 && group(),
      F2: () => heldRow?.kind === 'group' && setNaming(heldRow.name),
      Delete: remove,
      Backspace: remove,
      Escape: () => {
        setSelected(new Set());
        setHeld(undefined);
      },
    };
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || (event.altKey && !event.key.startsWith('Arrow'))) return;
    event.preventDefault();
    act();
  };

  const notes = [
    database.stoppedAt === undefined ? undefined : texts.stopped(timeText(database.stoppedAt, database.info.timescale)),
    database.incomplete ? texts.incomplete : undefined,
    database.gaps.length > 0 ? texts.gap : undefined,
  ].filter((note) => note !== undefined);
  const main =
    form === 'table' ? (
      <WaveTable stage={stage} rows={rows} held={heldWave} onPick={pick} />
    ) : (
      <WaveFrame
        stage={stage}
        rows={rows}
        selected={selected}
        held={held}
        naming={naming}
        onKeyDown={onKeyDown}
        onPick={pick}
        onToggle={(row) => edit(toggled(view, row))}
        onDrop={drop}
        onName={name}
      />
    );
  return (
    <View
      title={texts.title}
      lesson="waves"
      about={`${texts.about(formatNumber(counts.signals), formatNumber(counts.changes))}${running ? `, ${texts.running}` : ''}`}
      aside={
        <>
          {aside}
          <Segmented<Form>
            label={texts.bar.form}
            value={form}
            onChange={setForm}
            options={[
              { value: 'waves', label: texts.bar.waves },
              { value: 'table', label: texts.bar.table },
            ]}
          />
          <Keys />
          <DownloadMenu label={texts.download.label} items={downloads} busy={saving} />
          <input
            ref={input}
            type="file"
            accept=".gtkw"
            hidden
            aria-label={texts.download.open}
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              event.target.value = '';
              if (file) void openList(file);
            }}
          />
        </>
      }
    >
      <div className="wave">
        <WaveBar
          stage={stage}
          tree={tree}
          onTree={() => {
            remember('wave.tree', !tree);
            setTree(!tree);
          }}
          chosen={chosen}
          hasNames={heldWave?.wave?.enumType !== undefined}
          onRadix={(radix) => change((shown) => ({ ...shown, radix }))}
          onForm={(analog) => change((shown) => ({ ...shown, analog }))}
          onColour={(colour) => change((shown) => ({ ...shown, colour }))}
          onEdge={edge}
          onSource={at && props.onShowSource && (() => props.onShowSource?.(at))}
          onGroup={group}
          onUngroup={() => change((shown) => ({ ...shown, group: undefined }))}
          onRemove={remove}
        />
        {notes.map((note) => (
          <p key={note} className="wave-notice">
            {note}
          </p>
        ))}
        {problems.length > 0 && (
          <div className="wave-problems">
            <ProblemList problems={problems} />
            <button type="button" className="btn btn-plain btn-small" onClick={() => setDismissed(problems)}>
              {texts.dismiss}
            </button>
          </div>
        )}
        <div className="wave-body">
          {tree ? (
            <Split
              id="rtl.wave"
              direction="row"
              share={0.2}
              min={140}
              firstLabel={texts.tree.label}
              first={<ScopeTree database={database} signalCount={counts.signals} onAdd={add} />}
              second={main}
            />
          ) : (
            main
          )}
        </div>
      </div>
    </View>
  );
}
