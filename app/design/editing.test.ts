import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryBrowser, type ToySlice, toyDocument } from './desk.fixture.ts';
import type { Desk } from './desk.ts';
import { BURST_MS } from './history.ts';
import type { TextDelta } from './types.ts';

const slice = (desk: Desk) => desk.store.getState().design?.document.slices.toy as ToySlice;
const width = (desk: Desk) => slice(desk).parameters.width;
const setWidth = (desk: Desk, value: number, capture?: 'now' | 'merge' | 'never', label = 'Set width') =>
  desk.editSlice<ToySlice>(
    'toy',
    label,
    (old) => ({ ...old, parameters: { ...old.parameters, width: value } }),
    capture,
  );

async function openToy(): Promise<Desk> {
  const desk = memoryBrowser().tab();
  await desk.createDesign(toyDocument());
  return desk;
}

/** An editor as the lab has one: a model for each file, typing that is pending until a flush. */
class Editor {
  readonly models = new Map<string, string>();
  readonly pending = new Set<string>();
  private readonly desk: Desk;

  constructor(desk: Desk) {
    this.desk = desk;
    desk.registerFlush(() => this.flush());
    desk.onTextDelta((delta) => this.apply(delta));
    this.follow();
  }

  type(path: string, at: number, remove: number, insert: string): void {
    const text = this.models.get(path) ?? '';
    const from = Math.min(at, text.length);
    this.models.set(path, text.slice(0, from) + insert + text.slice(from + remove));
    this.pending.add(path);
  }

  /** Models of files that came, and none of files that went. */
  follow(): void {
    const files = slice(this.desk).files;
    for (const path of this.models.keys()) if (!files.some((file) => file.path === path)) this.models.delete(path);
    for (const { path, text } of files) if (!this.models.has(path)) this.models.set(path, text);
  }

  private flush(): void {
    for (const path of [...this.pending]) {
      this.pending.delete(path);
      const text = this.models.get(path);
      this.desk.editSlice<ToySlice>(
        'toy',
        `Type in ${path}`,
        (old) => ({ ...old, files: old.files.map((file) => (file.path === path ? { path, text: text ?? '' } : file)) }),
        'merge',
      );
    }
  }

  private apply({ path, edits, text }: TextDelta): void {
    const file = path[3] ?? '';
    const model = this.models.get(file);
    if (path[2] !== 'files' || path[4] !== 'text' || model === undefined || model === text) return;
    let next = model;
    for (const { offset, remove, insert } of [...edits].reverse()) {
      next = next.slice(0, offset) + insert + next.slice(offset + remove);
    }
    expect(next).toBe(text);
    this.models.set(file, next);
  }
}

describe('undo', () => {
  it('takes back one captured edit at a time, and says which', async () => {
    const desk = await openToy();
    setWidth(desk, 9, 'now', 'Widen');
    setWidth(desk, 4, 'now', 'Narrow');
    expect(desk.store.getState().undoLabel).toBe('Narrow');
    desk.undo();
    expect(width(desk)).toBe(9);
    expect(desk.store.getState()).toMatchObject({ undoLabel: 'Widen', redoLabel: 'Narrow' });
    desk.undo();
    expect(width(desk)).toBe(8);
    expect(desk.undo()).toBe(false);
    desk.redo();
    desk.redo();
    expect(width(desk)).toBe(4);
  });

  it('forgets what was undone when something else is edited', async () => {
    const desk = await openToy();
    setWidth(desk, 9);
    desk.undo();
    setWidth(desk, 10);
    expect(desk.redo()).toBe(false);
    expect(width(desk)).toBe(10);
  });

  it('folds a burst of one label into one step, and starts anew with another label or after a while', async () => {
    let now = 0;
    const browser = memoryBrowser();
    const desk = browser.tab();
    const { createEditing } = await import('./editing.ts');
    const editing = createEditing(
      desk.store,
      () => now,
      () => {},
      () => {},
    );
    await desk.createDesign(toyDocument());
    const set = (value: number, label = 'Drag') =>
      editing.editSlice<ToySlice>('toy', label, (old) => ({ ...old, parameters: { width: value } }), 'merge');
    for (const value of [9, 10, 11]) {
      now += BURST_MS;
      set(value);
    }
    now += BURST_MS + 1;
    set(12);
    set(13, 'Drag another');
    editing.undo();
    expect(width(desk)).toBe(12);
    editing.undo();
    expect(width(desk)).toBe(11);
    editing.undo();
    expect(width(desk)).toBe(8);
    expect(editing.undo()).toBe(false);
  });

  it('does not fold an edit into a step that was made otherwise, nor into one that was undone', async () => {
    const desk = await openToy();
    setWidth(desk, 9, 'now');
    setWidth(desk, 10, 'merge');
    desk.undo();
    expect(width(desk)).toBe(9);
    desk.redo();
    setWidth(desk, 11, 'merge');
    desk.undo();
    expect(width(desk)).toBe(10);
  });

  it('leaves edits that are never captured, and no step for a burst that came back to where it began', async () => {
    const desk = await openToy();
    setWidth(desk, 9);
    desk.editDocument('Reseed', (document) => ({ ...document, seed: 42 }), 'never');
    setWidth(desk, 10, 'merge', 'Drag');
    setWidth(desk, 9, 'merge', 'Drag');
    desk.undo();
    expect(width(desk)).toBe(8);
    expect(desk.store.getState().design?.document.seed).toBe(42);
  });

  it('says so and changes nothing when an edit that is not captured stands in the way', async () => {
    const desk = await openToy();
    desk.editSlice<ToySlice>('toy', 'Edit text', (old) => ({
      ...old,
      files: [{ path: 'top.v', text: 'module top;\n  wire a;\nendmodule\n' }],
    }));
    desk.editSlice<ToySlice>(
      'toy',
      'Replace',
      (old) => ({ ...old, files: [{ path: 'top.v', text: 'x\ny\n' }] }),
      'never',
    );
    expect(desk.undo()).toBe(false);
    expect(slice(desk).files[0]?.text).toBe('x\ny\n');
    expect(desk.store.getState().notices.map(({ code }) => code)).toEqual(['history-lost']);
    expect(desk.store.getState().undoLabel).toBeUndefined();
  });

  it('does not touch the view, and an edit of the view is no step', async () => {
    const desk = await openToy();
    setWidth(desk, 9);
    desk.setView('tab', 'schematic');
    desk.undo();
    expect(desk.store.getState().design?.document.view).toEqual({ tab: 'schematic' });
    desk.setView('tab', undefined);
    desk.redo();
    expect(desk.store.getState().design?.document.view).toEqual({});
  });
});

describe('an editor', () => {
  it('has its pending text committed before undo, so that undo takes back the typing first', async () => {
    const desk = await openToy();
    const editor = new Editor(desk);
    setWidth(desk, 9);
    editor.type('top.v', 0, 0, '// top\n');
    desk.undo();
    expect(slice(desk).files[0]?.text).toBe('module top;\nendmodule\n');
    expect(editor.models.get('top.v')).toBe('module top;\nendmodule\n');
    expect(width(desk)).toBe(9);
    desk.redo();
    expect(editor.models.get('top.v')).toBe('// top\nmodule top;\nendmodule\n');
  });

  it('is told of text that something else changed, as edits and not as a whole', async () => {
    const desk = await openToy();
    const heard: TextDelta[] = [];
    desk.onTextDelta((delta) => heard.push(delta));
    desk.editSlice<ToySlice>('toy', 'Insert', (old) => ({
      ...old,
      files: [
        { path: 'a.v', text: '// new\n' },
        { path: 'top.v', text: 'module top;\n  wire w;\nendmodule\n' },
      ],
    }));
    expect(heard).toEqual([
      {
        path: ['slices', 'toy', 'files', 'top.v', 'text'],
        edits: [{ offset: 12, remove: 0, insert: '  wire w;\n' }],
        text: 'module top;\n  wire w;\nendmodule\n',
      },
    ]);
  });

  it('may be gone: the document then changes alone', async () => {
    const desk = await openToy();
    const stop = desk.registerFlush(() => {
      throw new Error('flushed after it was gone');
    });
    stop();
    desk.editDocument('Rename', (document) => ({ ...document, title: 'Other' }));
    desk.undo();
    expect(desk.store.getState().design?.document.title).toBe('Toy');
  });
});

type Move = { kind: string; a: number; b: number; text: string };

function carryOut(desk: Desk, editor: Editor, { kind, a, b, text }: Move): void {
  const { files } = slice(desk);
  const file = files[a % Math.max(1, files.length)];
  const edit = (label: string, change: (old: ToySlice) => ToySlice, capture?: 'now' | 'merge') =>
    desk.editSlice<ToySlice>('toy', label, change, capture);
  if (kind === 'type' && file) editor.type(file.path, b, a % 5, text);
  if (kind === 'leave') desk.flushEditors();
  if (kind === 'parameter')
    edit('Parameter', (old) => ({ ...old, parameters: { ...old.parameters, [`p${a % 3}`]: b } }));
  if (kind === 'slide') edit('Slide', (old) => ({ ...old, parameters: { ...old.parameters, width: b } }), 'merge');
  if (kind === 'drop') edit('Drop', (old) => ({ ...old, parameters: {} }));
  if (kind === 'rename' && file) {
    const path = `f${b}.v`;
    if (!files.some((each) => each.path === path)) {
      edit('Rename', (old) => ({
        ...old,
        files: old.files.map((each) => (each.path === file.path ? { ...each, path } : each)),
      }));
    }
  }
  if (kind === 'add' && !files.some((each) => each.path === `f${b}.v`)) {
    edit('Add', (old) => ({ ...old, files: [...old.files, { path: `f${b}.v`, text }] }));
  }
  if (kind === 'remove' && file)
    edit('Remove', (old) => ({ ...old, files: old.files.filter((each) => each.path !== file.path) }));
  if (kind === 'reorder') edit('Reorder', (old) => ({ ...old, files: [...old.files].reverse() }));
  if (kind === 'title') desk.editDocument('Title', (document) => ({ ...document, title: text }));
  if (kind === 'view') desk.setView('zoom', b);
  if (kind === 'undo') desk.undo();
  if (kind === 'redo') desk.redo();
  editor.follow();
}

describe('undo all, redo all', () => {
  const kinds = [
    'type',
    'type',
    'leave',
    'parameter',
    'slide',
    'drop',
    'rename',
    'add',
    'remove',
    'reorder',
    'title',
    'view',
    'undo',
    'redo',
  ];
  const move = fc.record({
    kind: fc.constantFrom(...kinds),
    a: fc.nat(20),
    b: fc.nat(40),
    text: fc.oneof(fc.constantFrom('', 'wire w;\n', '\r\n', '𝛼', 'a'), fc.string({ maxLength: 60 })),
  });

  it('gives identical documents, and editors that agree with them, whatever was done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 40 }), async (moves) => {
        const desk = await openToy();
        const editor = new Editor(desk);
        const state = () => {
          const { view: _, ...rest } = desk.store.getState().design!.document;
          return rest;
        };
        const agree = () => {
          editor.follow();
          expect([...editor.models]).toEqual(
            expect.arrayContaining(slice(desk).files.map(({ path, text }) => [path, text])),
          );
        };
        const start = state();
        for (const each of moves) carryOut(desk, editor, each);
        desk.flushEditors();
        while (desk.redo()) agree();
        const end = state();
        agree();
        while (desk.undo()) agree();
        expect(state()).toEqual(start);
        while (desk.redo()) agree();
        expect(state()).toEqual(end);
        expect(desk.store.getState().notices).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
