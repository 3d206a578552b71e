import type { Problem } from '../../../../engines/core/result.ts';
import { diffText } from '../../../../engines/document/text-delta.ts';
import { languageOf } from '../files/paths.ts';
import { CostGutter, type LineCost } from './gutter.ts';
import { markersFor } from './markers.ts';
import { monaco } from './monaco.ts';
import { followTheme } from './theme.ts';

export interface EditorEvents {
  /** The user changed a text. Changes made through `setText` do not come back. */
  onType(path: string, text: string): void;
  onBlur(): void;
  onCursor(path: string, line: number): void;
  /** A number in the gutter was chosen. */
  onCost(path: string, line: number): void;
  /** Ctrl+Enter in the text. */
  onRun(): void;
}

const viewStates = new Map<string, monaco.editor.ICodeEditorViewState>();

/**
 * Monaco over several files: one model per file, made when the file is first shown, with its own view state and undo.
 * Texts from outside enter as edit operations, so caret, folds and Monaco's undo survive them.
 */
export class SourceEditor {
  private readonly editor: monaco.editor.IStandaloneCodeEditor;
  private readonly gutter: CostGutter;
  private readonly models = new Map<string, monaco.editor.ITextModel>();
  private readonly links: monaco.editor.IEditorDecorationsCollection;
  private readonly values: monaco.editor.IEditorDecorationsCollection;
  private readonly simulated: monaco.editor.IEditorDecorationsCollection;
  private readonly disposables: { dispose(): void }[] = [];
  private readonly design: string;
  private readonly events: EditorEvents;
  private applying = false;
  private path: string | undefined;

  /** `design` tells the models and view states of one design from those of another. */
  constructor(host: HTMLElement, column: HTMLElement, design: string, events: EditorEvents) {
    this.design = design;
    this.events = events;
    const stopTheme = followTheme();
    this.editor = monaco.editor.create(host, {
      model: null,
      automaticLayout: true,
      fontFamily: "'JetBrains Mono Variable', 'JetBrains Mono', ui-monospace, monospace",
      fontSize: 13,
      lineHeight: 20,
      fontLigatures: false,
      minimap: { enabled: false },
      bracketPairColorization: { enabled: false },
      guides: { indentation: false },
      glyphMargin: false,
      lineNumbersMinChars: 3,
      lineDecorationsWidth: 10,
      folding: true,
      showFoldingControls: 'mouseover',
      scrollBeyondLastLine: false,
      padding: { top: 6, bottom: 6 },
      renderLineHighlight: 'line',
      overviewRulerBorder: false,
      overviewRulerLanes: 2,
      hideCursorInOverviewRuler: true,
      scrollbar: { verticalScrollbarSize: 12, horizontalScrollbarSize: 12, useShadows: false },
      fixedOverflowWidgets: true,
      tabSize: 2,
      ariaLabel: 'Verilog source',
      wordBasedSuggestions: 'allDocuments',
      suggest: { showWords: true },
      occurrencesHighlight: 'singleFile',
    });
    this.links = this.editor.createDecorationsCollection();
    this.values = this.editor.createDecorationsCollection();
    this.simulated = this.editor.createDecorationsCollection();
    this.gutter = new CostGutter(this.editor, column, (line) => this.path && events.onCost(this.path, line));
    this.disposables.push(
      { dispose: stopTheme },
      this.editor.onDidLayoutChange(() => {
        // A panel that unfolds below must not cover the line that is being written.
        const caret = this.editor.hasTextFocus() ? this.editor.getPosition() : null;
        if (caret) this.editor.revealPosition(caret);
      }),
      this.editor.onDidBlurEditorWidget(() => events.onBlur()),
      this.editor.onDidChangeCursorPosition(({ position }) => {
        if (this.path) events.onCursor(this.path, position.lineNumber);
      }),
    );
    this.editor.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => events.onRun());
    void document.fonts?.ready.then(() => monaco.editor.remeasureFonts());
  }

  /** Shows a file. `text` is what its model starts from, when there is none yet. */
  show(path: string, text: string, readOnly: boolean): void {
    if (this.path !== path) {
      this.remember();
      this.path = path;
      const model = this.modelOf(path, text);
      this.links.clear();
      this.values.clear();
      this.simulated.clear();
      this.gutter.set(undefined);
      this.editor.setModel(model);
      const state = viewStates.get(this.keyOf(path));
      if (state) this.editor.restoreViewState(state);
      this.events.onCursor(path, this.editor.getPosition()?.lineNumber ?? 1);
    }
    this.editor.updateOptions({
      readOnly,
      readOnlyMessage: { value: 'This file is shown read-only.' },
      domReadOnly: readOnly,
    });
  }

  /** Brings a file's model, if there is one, to this text. */
  setText(path: string, text: string): void {
    const model = this.models.get(path);
    if (!model || model.getValue() === text) return;
    const edits = diffText(model.getValue(), text).map(({ at, removed, inserted }) => ({
      range: monaco.Range.fromPositions(model.getPositionAt(at), model.getPositionAt(at + removed.length)),
      text: inserted,
      forceMoveMarkers: true,
    }));
    this.applying = true;
    model.pushStackElement();
    model.pushEditOperations(null, edits, () => null);
    model.pushStackElement();
    this.applying = false;
  }

  /** Drops the models of files that are gone. A renamed file keeps its text through the document. */
  keepOnly(paths: ReadonlySet<string>): void {
    for (const [path, model] of this.models) {
      if (paths.has(path)) continue;
      if (this.path === path) {
        this.editor.setModel(null);
        this.path = undefined;
      }
      model.dispose();
      this.models.delete(path);
    }
  }

  setProblems(path: string, problems: readonly Problem[]): void {
    const model = this.models.get(path);
    if (model) monaco.editor.setModelMarkers(model, 'studio', markersFor(model, problems));
  }

  setCosts(costs: readonly (LineCost & { line: number })[] | undefined): void {
    this.gutter.set(costs);
  }

  /** Tints lines of the file on the screen: those of the cell selected elsewhere. */
  link(ranges: readonly { line: number; endLine: number }[], reveal: boolean): void {
    this.links.set(
      ranges.map(({ line, endLine }) => ({
        range: new monaco.Range(line, 1, endLine, 1),
        options: {
          description: 'linked',
          isWholeLine: true,
          className: 'src-linked',
          overviewRuler: { color: { id: 'editorCursor.foreground' }, position: monaco.editor.OverviewRulerLane.Center },
        },
      })),
    );
    const first = ranges[0];
    if (reveal && first) {
      this.editor.revealRangeInCenterIfOutsideViewport(new monaco.Range(first.line, 1, first.endLine, 1));
    }
  }

  /** Writes the values of a moment after the lines that declare what has them. */
  setValues(values: readonly { line: number; text: string }[]): void {
    const model = this.editor.getModel();
    const lines = model?.getLineCount() ?? 0;
    this.values.set(
      values
        .filter(({ line }) => line <= lines)
        .map(({ line, text }) => {
          const end = model?.getLineMaxColumn(line) ?? 1;
          return {
            range: new monaco.Range(line, end, line, end),
            options: {
              description: 'value',
              showIfCollapsed: true,
              after: {
                content: `   ${text}`,
                inlineClassName: 'src-value',
                cursorStops: monaco.editor.InjectedTextCursorStops.None,
              },
            },
          };
        }),
    );
  }

  /** Marks what only a simulator can run. */
  setSimulated(
    places: readonly { line: number; column: number; endLine: number; endColumn: number; what: string }[],
  ): void {
    this.simulated.set(
      places.map(({ line, column, endLine, endColumn, what }) => ({
        range: new monaco.Range(line, column, endLine, endColumn),
        options: {
          description: 'simulation only',
          inlineClassName: 'src-simulated',
          hoverMessage: { value: what, isTrusted: false },
        },
      })),
    );
  }

  /** Puts the caret there, in sight. */
  go(line: number, column = 1, focus = true): void {
    this.editor.setPosition({ lineNumber: line, column });
    this.editor.revealLineInCenterIfOutsideViewport(line);
    if (focus) this.editor.focus();
  }

  focus(): void {
    this.editor.focus();
  }

  dispose(): void {
    this.remember();
    for (const disposable of this.disposables) disposable.dispose();
    this.gutter.dispose();
    this.editor.dispose();
    for (const model of this.models.values()) model.dispose();
    this.models.clear();
  }

  private keyOf(path: string): string {
    return `${this.design}/${path}`;
  }

  private remember(): void {
    const state = this.path !== undefined && this.editor.saveViewState();
    if (state && this.path !== undefined) viewStates.set(this.keyOf(this.path), state);
  }

  private modelOf(path: string, text: string): monaco.editor.ITextModel {
    const known = this.models.get(path);
    if (known) return known;
    const uri = monaco.Uri.from({ scheme: 'studio', authority: this.design, path: `/${path}` });
    monaco.editor.getModel(uri)?.dispose();
    const model = monaco.editor.createModel(text, languageOf(path), uri);
    // The language counts `module` and `begin` as brackets: colouring those would hide that they are keywords.
    model.updateOptions({ bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false } });
    model.setEOL(monaco.editor.EndOfLineSequence.LF);
    model.onDidChangeContent(() => {
      if (!this.applying) this.events.onType(path, model.getValue());
    });
    this.models.set(path, model);
    return model;
  }
}
