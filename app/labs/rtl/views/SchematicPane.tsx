import { lazy, Suspense, useCallback, useMemo } from 'react';
import { topOf } from '../../../../engines/synthesis/netlist.ts';
import type { SourceSpan } from '../../../../engines/synthesis/src.ts';
import type { YosysNetlist } from '../../../../engines/synthesis/yosys-json.ts';
import { useView } from '../../../design/index.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { saveSchematic } from '../download/schematic.ts';
import { lineMap } from '../editor/line-map.ts';
import { textOf } from '../run/spec.ts';
import { currentSpec } from '../session.ts';
import { type LineSpan, type Shown, useRtl } from '../state.ts';
import { texts } from '../texts.ts';
import { cellsOfLine, walk } from './linked.ts';

const SchematicView = lazy(() =>
  import('../../../graph/SchematicView.tsx').then((module) => ({ default: module.SchematicView })),
);

/** The word-level netlist as a schematic, linked with the source both ways. `shown` is false while another view hides it. */
export function SchematicPane({ shown }: { shown: boolean }) {
  const drawn = useRtl((state) => state.drawn);
  return (
    <section className="view schematic" aria-label={texts.schematic.title} data-lesson="schematic">
      {drawn && shown && (
        <Suspense fallback={<p className="source-note">{texts.schematic.loading}</p>}>
          <Drawn drawn={drawn} />
        </Suspense>
      )}
      {!drawn && <EmptyState title={texts.schematic.title} text={texts.schematic.none} />}
    </section>
  );
}

function Drawn({ drawn }: { drawn: Shown }) {
  const netlist = drawn.report.artefacts[0].data;
  const top = useMemo(() => topOf(netlist), [netlist]);
  const [wanted, setPath] = useView<readonly string[]>('rtl.path', NO_PATH);
  const { module, path } = useMemo(() => walk(netlist, top, wanted), [netlist, top, wanted]);
  const selected = useRtl((state) => state.selected);
  const highlight = useHighlight(drawn, netlist, module);

  const onSelect = useCallback(
    (cell: string | undefined, src: SourceSpan[]) =>
      useRtl.setState({
        selected: cell === undefined ? undefined : { path, cell },
        linked: here(drawn, src),
        pickedLine: undefined,
        ...reveal(src),
      }),
    [drawn, path],
  );
  const onEnter = useCallback(
    (instance: string) => {
      useRtl.setState({ selected: undefined });
      setPath([...path, instance]);
    },
    [path, setPath],
  );
  const onLeave = useCallback(
    (levels = 1) => {
      useRtl.setState({ selected: undefined });
      setPath(path.slice(0, Math.max(0, path.length - levels)));
    },
    [path, setPath],
  );
  const sameLevel = selected && selected.path.join('\n') === path.join('\n') ? selected : undefined;
  return (
    <SchematicView
      netlist={netlist}
      module={module}
      path={path}
      onEnter={onEnter}
      onLeave={onLeave}
      selected={sameLevel}
      onSelect={onSelect}
      highlight={highlight}
      onExport={saveSchematic}
    />
  );
}

const NO_PATH: readonly string[] = [];
const NOTHING: ReadonlySet<string> = new Set();

/** Cells of the line chosen in the gutter, else of the line the caret is on. */
function useHighlight(drawn: Shown, netlist: YosysNetlist, module: string): ReadonlySet<string> {
  const line = useRtl((state) => state.pickedLine ?? state.cursor);
  return useMemo(() => {
    if (!line) return NOTHING;
    const before = textOf(drawn.spec, line.file);
    const now = textOf(currentSpec(), line.file);
    // The drawing may be of an earlier text: the line is looked for where it was then.
    const then = before === undefined || now === undefined ? line.line : lineMap(now, before)(line.line);
    return then === undefined ? NOTHING : cellsOfLine(netlist, module, line.file, then);
  }, [drawn, netlist, module, line]);
}

/** Source places of the drawing, where their lines are in the text of this moment. */
function here(drawn: Shown, src: readonly SourceSpan[]): LineSpan[] {
  const now = currentSpec();
  return src.flatMap(({ file, line, endLine = line }) => {
    const before = textOf(drawn.spec, file);
    const after = textOf(now, file);
    const map = before === undefined || after === undefined ? undefined : lineMap(before, after);
    const first = map ? map(line) : line;
    const last = map ? map(endLine) : endLine;
    return first === undefined ? [] : [{ file, line: first, endLine: Math.max(first, last ?? first) }];
  });
}

/** Opens the first place's file when another is on the screen; the caret stays where it is. */
function reveal(src: readonly SourceSpan[]): { goal?: { place: { file: string }; focus: boolean } } {
  const [first] = src;
  const { openFile } = useRtl.getState();
  if (!first || src.some(({ file }) => file === openFile)) return {};
  return { goal: { place: { file: first.file }, focus: false } };
}
