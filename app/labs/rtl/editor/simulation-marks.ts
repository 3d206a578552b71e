import { type RefObject, useEffect } from 'react';
import type { RtlSlice } from '../../../../engines/rtl/types.ts';
import { EMPTY_VIEW, type WaveViewState } from '../../../../engines/verilog/wave/view.ts';
import { useSlice, useView } from '../../../design/index.ts';
import type { ViewId } from '../commands.ts';
import { sourceValues } from '../simulate/source-values.ts';
import { useSim } from '../simulate/state.ts';
import type { SourceEditor } from './source-editor.ts';

/** Brings to the editor what the simulator knows of its file: values at the cursor of the waves, and what has no gates. */
export function useSimulationMarks(editor: RefObject<SourceEditor | undefined>, design: string, path: string): void {
  const { files } = useSlice<RtlSlice>('rtl');
  const [view] = useView<ViewId>('rtl.view', 'split');
  const [waves] = useView<WaveViewState>('rtl.waves', EMPTY_VIEW);
  const database = useSim((state) => state.database);
  const ticks = useSim((state) => (state.stale ? undefined : state.cursorTicks));
  const check = useSim((state) => state.check);
  const bench = files.find((file) => file.path === path)?.role === 'bench';

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new design has a new editor.
  useEffect(() => {
    const shown = view === 'simulation' && database !== undefined && ticks !== undefined;
    editor.current?.setValues(shown ? sourceValues(database, waves, path, ticks) : []);
  }, [editor, design, path, view, waves, database, ticks]);

  // A bench is simulated from end to end: there is nothing to tell apart in it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above.
  useEffect(() => {
    const places = bench ? [] : (check?.simulationOnly ?? []).filter(({ where }) => where.file === path);
    editor.current?.setSimulated(
      places.map(({ where, endLine, endColumn, what }) => ({
        line: where.line ?? 1,
        column: where.column ?? 1,
        endLine,
        endColumn,
        what,
      })),
    );
  }, [editor, design, path, bench, check]);
}
