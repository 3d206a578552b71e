import { describe, expect, it, vi } from 'vitest';
import { SAVE_DELAY_MS } from './autosave.ts';
import { memoryBrowser, type ToySlice, toyDocument } from './desk.fixture.ts';
import type { Desk } from './desk.ts';
import { createDesk } from './desk.ts';
import { freeTitle } from './drawer.ts';
import { memoryNews } from './environment.ts';
import { type KeyValue, memoryStorage } from './storage.ts';
import type { LocalDesign } from './types.ts';

const open = (desk: Desk) => desk.store.getState().design;
const codes = (desk: Desk) => desk.store.getState().notices.map(({ code }) => code);
const retitle = (desk: Desk, title: string) => desk.editDocument('Title', (document) => ({ ...document, title }));
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

/** A storage that can be made to refuse writing. */
function refusing(): KeyValue & { refuse: Error | undefined } {
  const below = memoryStorage();
  const storage = {
    ...below,
    refuse: undefined as Error | undefined,
    async setMany(entries: readonly (readonly [string, unknown])[]) {
      if (storage.refuse) throw storage.refuse;
      await below.setMany(entries);
    },
  };
  return storage;
}

describe('saving', () => {
  it('happens by itself a while after the last edit, and says how it stands', async () => {
    vi.useFakeTimers();
    try {
      const browser = memoryBrowser();
      const desk = browser.tab();
      const id = await desk.createDesign(toyDocument());
      retitle(desk, 'Edited');
      expect(desk.store.getState().save).toBe('saving');
      await vi.advanceTimersByTimeAsync(SAVE_DELAY_MS - 1);
      expect((await browser.designs.get<LocalDesign>(`d:${id}`))?.document.title).toBe('Toy');
      await vi.advanceTimersByTimeAsync(1);
      expect((await browser.designs.get<LocalDesign>(`d:${id}`))?.document.title).toBe('Edited');
      expect(desk.store.getState().save).toBe('saved');
    } finally {
      vi.useRealTimers();
    }
  });

  it('has what is edited while the next design is being opened', async () => {
    const browser = memoryBrowser();
    const desk = browser.tab();
    const next = await desk.createDesign(toyDocument('Next'));
    const id = await desk.createDesign(toyDocument());
    const { pens } = desk.environment;
    const take = pens.take;
    pens.take = async (...asked) => {
      retitle(desk, 'Edited meanwhile');
      return take(...asked);
    };
    await desk.openDesign(next);
    expect((await browser.designs.get<LocalDesign>(`d:${id}`))?.document.title).toBe('Edited meanwhile');
  });

  it('keeps what is typed while the design is written that is being left', async () => {
    const designs = memoryStorage();
    const { setMany } = designs;
    const browser = memoryBrowser({ designs });
    const desk = browser.tab();
    const next = await desk.createDesign(toyDocument('Next'));
    const id = await desk.createDesign(toyDocument());
    let typed: string | undefined;
    desk.registerFlush(() => {
      if (typed !== undefined) retitle(desk, typed);
      typed = undefined;
    });
    retitle(desk, 'Edited');
    designs.setMany = async (entries) => {
      designs.setMany = setMany;
      typed = 'Typed while writing';
      await setMany(entries);
    };
    await desk.openDesign(next);
    await settle();
    expect((await browser.designs.get<LocalDesign>(`d:${id}`))?.document.title).toBe('Typed while writing');
    expect(open(desk)?.document.title).toBe('Next');
  });

  it('takes pending text with it', async () => {
    const browser = memoryBrowser();
    const desk = browser.tab();
    const id = await desk.createDesign(toyDocument());
    const stop = desk.registerFlush(() => {
      stop();
      retitle(desk, 'Typed');
    });
    await desk.saveNow();
    expect((await browser.designs.get<LocalDesign>(`d:${id}`))?.document.title).toBe('Typed');
  });

  it('waits for a write that is under way already', async () => {
    vi.useFakeTimers();
    try {
      const below = memoryStorage();
      const written: string[] = [];
      const designs: KeyValue = {
        ...below,
        async setMany(entries) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          await below.setMany(entries);
          written.push(...entries.map(([key]) => key));
        },
      };
      const desk = memoryBrowser({ designs }).tab();
      const made = desk.createDesign(toyDocument());
      await vi.advanceTimersByTimeAsync(500);
      const id = await made;
      written.length = 0;
      retitle(desk, 'Slow');
      await vi.advanceTimersByTimeAsync(SAVE_DELAY_MS);
      expect(written).toEqual([]);
      const saved = desk.saveNow().then(() => [...written]);
      await vi.advanceTimersByTimeAsync(50);
      expect(await saved).toContain(`d:${id}`);
      expect(desk.store.getState().save).toBe('saved');
    } finally {
      vi.useRealTimers();
    }
  });

  it('goes on in memory when the storage is full, says so once, and catches up when there is room', async () => {
    const designs = refusing();
    const desk = memoryBrowser({ designs }).tab();
    const id = await desk.createDesign(toyDocument());
    designs.refuse = Object.assign(new Error('full'), { name: 'QuotaExceededError' });
    retitle(desk, 'A');
    await desk.saveNow();
    expect(desk.store.getState().save).toBe('failed');
    desk.dismiss(desk.store.getState().notices[0]!);
    retitle(desk, 'B');
    await desk.saveNow();
    expect(codes(desk)).toEqual([]);
    // Another design and back: nothing is lost.
    await desk.createDesign(toyDocument('Second'));
    await desk.openDesign(id);
    expect(open(desk)?.document.title).toBe('B');
    designs.refuse = undefined;
    retitle(desk, 'C');
    await desk.saveNow();
    expect(desk.store.getState().save).toBe('saved');
    const titles = await Promise.all((await designs.keys()).map((key) => designs.get<LocalDesign>(key)));
    expect(titles.map((each) => each?.document?.title)).toEqual(expect.arrayContaining(['C', 'Second']));
  });

  it('works where storage is forbidden altogether, and names the remedy', async () => {
    const forbidden = async () => {
      throw new Error('denied');
    };
    const designs: KeyValue = {
      get: forbidden,
      getMany: forbidden,
      setMany: forbidden,
      removeMany: forbidden,
      keys: forbidden,
    };
    const desk = memoryBrowser({ designs }).tab();
    const id = await desk.createDesign(toyDocument());
    expect(open(desk)?.id).toBe(id);
    expect(codes(desk)).toEqual(['storage-forbidden']);
    expect(desk.store.getState().notices[0]?.remedy).toContain('Export');
    expect((await desk.listDesigns()).map((each) => each.title)).toEqual(['Toy']);
    await desk.deleteDesign(id);
    expect(await desk.listDesigns()).toEqual([]);
  });
});

describe('the drawer', () => {
  it('lists the newest first, under titles of their own', async () => {
    const desk = memoryBrowser().tab();
    const first = await desk.createDesign(toyDocument());
    await desk.createDesign(toyDocument());
    await desk.duplicateDesign();
    expect((await desk.listDesigns()).map((each) => each.title)).toEqual(['Toy 3', 'Toy 2', 'Toy']);
    await desk.openDesign(first);
    retitle(desk, 'Latest');
    await desk.saveNow();
    expect((await desk.listDesigns()).map((each) => each.title)).toEqual(['Latest', 'Toy 3', 'Toy 2']);
  });

  it('remembers what was opened last, of each lab', async () => {
    const browser = memoryBrowser();
    const desk = browser.tab();
    const first = await desk.createDesign(toyDocument());
    const other = await desk.createDesign({ ...toyDocument('Other'), lab: 'other' });
    const later = browser.tab();
    expect(await later.lastDesign()).toBe(other);
    expect(await later.lastDesign('toy')).toBe(first);
    await desk.deleteDesign(other);
    expect(await later.lastDesign('other')).toBeUndefined();
  });

  it('keeps the undo of a design that one comes back to', async () => {
    const desk = memoryBrowser().tab();
    const first = await desk.createDesign(toyDocument());
    retitle(desk, 'Edited');
    await desk.createDesign(toyDocument('Second'));
    expect(desk.store.getState().undoLabel).toBeUndefined();
    await desk.openDesign(first);
    expect(desk.store.getState().undoLabel).toBe('Title');
    desk.undo();
    expect(open(desk)?.document.title).toBe('Toy');
  });

  it('gives a deleted design back', async () => {
    const desk = memoryBrowser().tab();
    const id = await desk.createDesign(toyDocument());
    retitle(desk, 'Precious');
    await desk.deleteDesign(id);
    expect(open(desk)).toBeUndefined();
    expect(await desk.listDesigns()).toEqual([]);
    const notice = desk.store.getState().notices[0];
    expect(notice?.what).toContain('Precious');
    notice?.action?.run();
    await vi.waitFor(() => expect(open(desk)?.document.title).toBe('Precious'));
    expect(codes(desk)).toEqual([]);
  });

  it('renames designs, open and not', async () => {
    const desk = memoryBrowser().tab();
    const first = await desk.createDesign(toyDocument());
    const second = await desk.createDesign(toyDocument('Second'));
    await desk.renameDesign(first, ' One ');
    await desk.renameDesign(second, 'Two');
    await desk.saveNow();
    expect((await desk.listDesigns()).map((each) => each.title).sort()).toEqual(['One', 'Two']);
    expect(await desk.renameDesign(second, '  ')).toBe(false);
  });

  it('says when a design is not there, and leaves the open one', async () => {
    const desk = memoryBrowser().tab();
    const id = await desk.createDesign(toyDocument());
    expect(await desk.openDesign('nowhere')).toBe(false);
    expect(codes(desk)).toEqual(['design-missing']);
    expect(open(desk)?.id).toBe(id);
  });

  it('repairs what it reads, shows what it did, and keeps the repaired form', async () => {
    const browser = memoryBrowser();
    const desk = browser.tab();
    const document = { ...toyDocument(), slices: { toy: { files: [], parameters: {}, wdith: 3 } } };
    await browser.designs.setMany([['d:x', { id: 'x', document, savedAt: 1 }]]);
    await desk.openDesign('x');
    expect(open(desk)?.document.slices.toy).toEqual({ files: [], parameters: {} });
    expect(desk.store.getState().notices[0]?.what).toContain('wdith');
    await desk.saveNow();
    expect((await browser.designs.get<LocalDesign>('d:x'))?.document).toEqual(open(desk)?.document);
  });

  it('shows a design of a newer version, and never writes it', async () => {
    const browser = memoryBrowser();
    const desk = browser.tab();
    const newer = { ...toyDocument('Future'), version: 99, slices: { toy: { files: [], parameters: {}, later: 1 } } };
    await browser.designs.setMany([['d:x', { id: 'x', document: newer, savedAt: 1 }]]);
    await desk.openDesign('x');
    expect(open(desk)?.readOnly?.code).toBe('newer-version');
    expect(open(desk)?.document.title).toBe('Future');
    expect(retitle(desk, 'Ruined')).toBe(false);
    desk.setView('tab', 'log');
    await desk.saveNow();
    await desk.closeDesign();
    expect((await browser.designs.get<LocalDesign>('d:x'))?.document).toEqual(newer);
    expect((await desk.readDesign('x'))?.document).toEqual(newer);
  });

  it('finds free titles', () => {
    expect(freeTitle('Adder', [])).toBe('Adder');
    expect(freeTitle('Adder 2', ['Adder', 'Adder 2'])).toBe('Adder 3');
    expect(freeTitle('  ', ['Untitled'])).toBe('Untitled 2');
  });
});

describe('two tabs on one design', () => {
  it('give the pen to the first; the second looks, follows and may copy', async () => {
    const browser = memoryBrowser();
    const [first, second] = [browser.tab(), browser.tab()];
    const id = await first.createDesign(toyDocument());
    await second.openDesign(id);
    expect(open(first)?.pen).toBe('mine');
    expect(open(second)?.pen).toBe('elsewhere');
    expect(retitle(second, 'No')).toBe(false);
    expect(codes(second)).toEqual(['pen-elsewhere']);
    retitle(first, 'Yes');
    await first.saveNow();
    await vi.waitFor(() => expect(open(second)?.document.title).toBe('Yes'));
    const copy = await second.duplicateDesign();
    expect(copy).not.toBe(id);
    expect(codes(second)).toEqual([]);
    expect(open(second)).toMatchObject({ pen: 'mine', document: { title: 'Yes 2' } });
  });

  it('pass the pen on when the first goes, with its last edit', async () => {
    const browser = memoryBrowser();
    const first = browser.tab();
    // News may come late or not at all: what is kept counts.
    const second = createDesk({ ...browser.tab().environment, news: memoryNews()() });
    const id = await first.createDesign(toyDocument());
    await second.openDesign(id);
    retitle(first, 'Last words');
    await first.closeDesign();
    await vi.waitFor(() => expect(open(second)?.pen).toBe('mine'));
    expect(open(second)?.document.title).toBe('Last words');
    retitle(second, 'Mine now');
    await second.saveNow();
    expect((await browser.designs.get<LocalDesign>(`d:${id}`))?.document.title).toBe('Mine now');
  });

  it('do not delete or rename what the other edits', async () => {
    const browser = memoryBrowser();
    const [first, second] = [browser.tab(), browser.tab()];
    const id = await first.createDesign(toyDocument());
    expect(await second.deleteDesign(id)).toBe(false);
    expect(await second.renameDesign(id, 'Stolen')).toBe(false);
    expect(codes(second)).toEqual(['design-in-use', 'design-in-use']);
    expect((await first.listDesigns()).map((each) => each.title)).toEqual(['Toy']);
  });

  it('never write without the pen, whatever the screen believes', async () => {
    const browser = memoryBrowser();
    const pens = { mine: true };
    const { environment } = browser.tab();
    const desk = createDesk({
      ...environment,
      pens: {
        take: async () => ({ mine: () => pens.mine, release() {} }),
        taken: async () => true,
        sleep() {},
        wake() {},
      },
    });
    const id = await desk.createDesign(toyDocument());
    pens.mine = false;
    retitle(desk, 'Lost pen');
    await desk.saveNow();
    await settle();
    expect((await browser.designs.get<LocalDesign>(`d:${id}`))?.document.title).toBe('Toy');
  });
});

it('keeps the type of a slice through an edit', async () => {
  const desk = memoryBrowser().tab();
  await desk.createDesign(toyDocument());
  desk.editSlice<ToySlice>('toy', 'Width', (slice) => ({ ...slice, parameters: { width: 3 } }));
  expect(open(desk)?.document.slices.toy).toMatchObject({ parameters: { width: 3 } });
});
