import { useEffect, useRef } from 'react';
import type { Problem } from '../../../../engines/core/result.ts';
import { onTextDelta } from '../../../design/index.ts';
import { runNow } from '../run/controls.ts';
import { textOf } from '../run/spec.ts';
import { typing } from '../session.ts';
import { type Shown, useRtl } from '../state.ts';
import { texts } from '../texts.ts';
import { costsOf } from './costs.ts';
import { lineMap } from './line-map.ts';
import { useSimulationMarks } from './simulation-marks.ts';
import { SourceEditor } from './source-editor.ts';

export interface CodeEditorProps {
  design: string;
  path: string;
  text: string;
  readOnly: boolean;
  /** Of all files of the design. */
  paths: readonly string[];
  problems: readonly Problem[];
  result: Shown | undefined;
}

/** Monaco with the column of cells per line. One editor for all files of a design. */
export default function CodeEditor({ design, path, text, readOnly, paths, problems, result }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const column = useRef<HTMLDivElement>(null);
  const editor = useRef<SourceEditor>(undefined);

  useEffect(() => {
    if (!host.current || !column.current) return;
    const made = new SourceEditor(host.current, column.current, design, {
      onType: (file, value) => typing.touch(file, value),
      onBlur: typing.flush,
      onCursor: (file, line) => {
        const { cursor, linked } = useRtl.getState();
        if (cursor?.file === file && cursor.line === line) return;
        useRtl.setState({ cursor: { file, line }, pickedLine: undefined, linked: linked.length > 0 ? [] : linked });
      },
      onCost: (file, line) => useRtl.setState({ pickedLine: { file, line }, linked: [{ file, line, endLine: line }] }),
      onRun: runNow,
    });
    editor.current = made;
    const stop = onTextDelta(({ path: place, text: after }) => {
      const [top, slice, field, file = '', kind] = place;
      if (top !== 'slices' || slice !== 'rtl' || field !== 'files' || kind !== 'text') return;
      if (!typing.get().has(file)) made.setText(file, after);
    });
    return () => {
      stop();
      editor.current = undefined;
      made.dispose();
    };
  }, [design]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new design has a new editor, which shows the file anew.
  useEffect(() => {
    editor.current?.show(path, typing.get().get(path) ?? text, readOnly);
    if (!typing.get().has(path)) editor.current?.setText(path, text);
  }, [design, path, text, readOnly]);

  useEffect(() => editor.current?.keepOnly(new Set(paths)), [paths]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the model of a file shown for the first time is new.
  useEffect(() => {
    editor.current?.setProblems(
      path,
      problems.filter(({ where }) => where?.file === path),
    );
  }, [design, problems, path]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: as above.
  useEffect(() => {
    const costs = result && costsOf(result.report, path);
    if (!costs) {
      editor.current?.setCosts(undefined);
      return;
    }
    // The report may belong to an earlier text: its lines are where that text's lines are now.
    const before = textOf(result.spec, path);
    const now = typing.get().get(path) ?? text;
    const map = before === undefined ? (line: number) => line : lineMap(before, now);
    editor.current?.setCosts(
      costs.flatMap((each) => {
        const line = map(each.cost.line);
        return line === undefined ? [] : [{ ...each, line }];
      }),
    );
  }, [design, result, path]);

  const linked = useRtl((state) => state.linked);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above.
  useEffect(() => {
    editor.current?.link(
      linked.filter(({ file }) => file === path),
      true,
    );
  }, [design, linked, path]);

  useSimulationMarks(editor, design, path);

  const goal = useRtl((state) => state.goal);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above.
  useEffect(() => {
    if (goal?.place.file !== path) return;
    if (goal.place.line !== undefined) editor.current?.go(goal.place.line, goal.place.column, goal.focus);
    else if (goal.focus) editor.current?.focus();
    useRtl.setState({ goal: undefined });
  }, [design, goal, path]);

  return (
    <div className="code">
      <div ref={column} className="costs" data-lesson="gutter" data-empty="true">
        <span className="visually-hidden">{texts.source.gutterAbout}</span>
      </div>
      <div ref={host} className="code-text" />
    </div>
  );
}
