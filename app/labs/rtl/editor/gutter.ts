import type { CellsOfLine } from '../../../../engines/rtl/types.ts';
import { gutterCount, gutterTip } from '../texts.ts';
import { monaco } from './monaco.ts';

/** What one line costs, against the dearest line of the design. */
export interface LineCost {
  cost: CellsOfLine;
  /** 0..1, on a scale that shows small lines beside large ones. */
  heat: number;
}

const MARK = 'cell-cost';

/**
 * The column of cells per line, left of the text. The numbers hang on decorations, which move with the text while it is
 * edited; only the lines on the screen are drawn.
 */
export class CostGutter {
  private readonly column: HTMLElement;
  private readonly rows: HTMLElement;
  private readonly tip: HTMLElement;
  private readonly marks: monaco.editor.IEditorDecorationsCollection;
  private readonly costs = new Map<string, LineCost>();
  private readonly disposables: monaco.IDisposable[];
  private frame = 0;
  private readonly editor: monaco.editor.IStandaloneCodeEditor;

  constructor(editor: monaco.editor.IStandaloneCodeEditor, column: HTMLElement, onPick: (line: number) => void) {
    this.editor = editor;
    this.column = column;
    this.rows = column.appendChild(element('costs-rows'));
    this.tip = document.body.appendChild(element('costs-tip'));
    this.tip.setAttribute('role', 'tooltip');
    this.tip.hidden = true;
    this.marks = editor.createDecorationsCollection();
    const redraw = () => this.schedule();
    this.disposables = [
      editor.onDidScrollChange(() => this.follow()),
      editor.onDidLayoutChange(redraw),
      editor.onDidChangeHiddenAreas(redraw),
      // A key that only adds to a line moves no line and empties none: nothing is drawn for it.
      editor.onDidChangeModelContent(({ changes }) => {
        if (changes.some(({ text, rangeLength }) => rangeLength > 0 || text.includes('\n'))) redraw();
      }),
      editor.onDidContentSizeChange(({ contentHeightChanged }) => contentHeightChanged && redraw()),
    ];
    column.onwheel = (event) => editor.setScrollTop(editor.getScrollTop() + event.deltaY);
    this.rows.onclick = (event) => {
      const line = lineAt(event.target);
      if (line) onPick(line);
    };
    this.rows.onpointerover = (event) => this.showTip(event.target);
    this.rows.onpointerout = () => {
      this.tip.hidden = true;
    };
  }

  /** Shows these costs in the model of the moment; `undefined` empties the column. */
  set(costs: readonly (LineCost & { line: number })[] | undefined): void {
    this.costs.clear();
    this.tip.hidden = true;
    const model = this.editor.getModel();
    const lines = model?.getLineCount() ?? 0;
    const shown = (costs ?? []).filter(({ line }) => line >= 1 && line <= lines);
    const ids = this.marks.set(
      shown.map(({ line }) => ({
        range: new monaco.Range(line, 1, line, model?.getLineMaxColumn(line) ?? 1),
        options: { description: MARK, stickiness: monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges },
      })),
    );
    for (const [index, each] of shown.entries()) this.costs.set(ids[index]!, each);
    this.schedule();
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    for (const disposable of this.disposables) disposable.dispose();
    this.marks.clear();
    this.rows.remove();
    this.tip.remove();
  }

  private schedule(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private follow(): void {
    this.rows.style.transform = `translateY(${-this.editor.getScrollTop()}px)`;
    this.schedule();
  }

  private draw(): void {
    const model = this.editor.getModel();
    const fragment = document.createDocumentFragment();
    if (model && this.costs.size > 0) {
      const height = this.editor.getOption(monaco.editor.EditorOption.lineHeight);
      for (const range of this.editor.getVisibleRanges()) {
        const whole = new monaco.Range(range.startLineNumber, 1, range.endLineNumber + 1, 1);
        for (const { id, range: at } of model.getDecorationsInRange(whole, 0, false)) {
          const entry = this.costs.get(id);
          // A mark without extent: its line has been deleted.
          if (entry && !at.isEmpty()) fragment.append(row(id, entry, at.startLineNumber, this.editor, height));
        }
      }
    }
    this.rows.replaceChildren(fragment);
    this.rows.style.transform = `translateY(${-this.editor.getScrollTop()}px)`;
    this.column.dataset.empty = String(this.costs.size === 0);
  }

  private showTip(target: EventTarget | null): void {
    const cell = target instanceof HTMLElement ? target.closest<HTMLElement>('.costs-row') : null;
    const entry = cell && this.costs.get(cell.dataset.id ?? '');
    if (!cell || !entry) return;
    const box = cell.getBoundingClientRect();
    this.tip.textContent = gutterTip(entry.cost);
    this.tip.style.left = `${box.right + 8}px`;
    this.tip.hidden = false;
    const height = this.tip.offsetHeight;
    this.tip.style.top = `${Math.max(4, Math.min(box.top - 4, innerHeight - height - 4))}px`;
  }
}

function row(
  id: string,
  { cost, heat }: LineCost,
  line: number,
  editor: monaco.editor.IStandaloneCodeEditor,
  height: number,
): HTMLElement {
  const cell = element('costs-row num');
  cell.dataset.id = id;
  cell.dataset.line = String(line);
  cell.textContent = gutterCount(cost.cells);
  cell.style.top = `${editor.getTopForLineNumber(line)}px`;
  cell.style.height = `${height}px`;
  cell.style.lineHeight = `${height}px`;
  cell.style.setProperty('--heat', heat.toFixed(3));
  return cell;
}

function element(className: string): HTMLElement {
  const made = document.createElement('div');
  made.className = className;
  return made;
}

function lineAt(target: EventTarget | null): number | undefined {
  const cell = target instanceof HTMLElement ? target.closest<HTMLElement>('.costs-row') : null;
  return cell ? Number(cell.dataset.line) : undefined;
}
