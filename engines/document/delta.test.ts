import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDelta, diff, invertDelta } from './delta.ts';
import { copyJson, sameJson } from './json.ts';
import { diffText, invertSplices, spliceText } from './text-delta.ts';
import { applyWire, toWire } from './wire.ts';

/** Both ways, and through the form that links hold. */
function checkBothWays(before: unknown, after: unknown): void {
  const kept = copyJson(before);
  const delta = diff(before, after);
  const there = applyDelta(before, delta);
  expect(sameJson(there, after)).toBe(true);
  expect(sameJson(applyDelta(there, invertDelta(delta)), before)).toBe(true);
  expect(sameJson(before, kept)).toBe(true);
  const wire: unknown = JSON.parse(JSON.stringify(toWire(delta)));
  expect(sameJson(applyWire(before, wire), JSON.parse(JSON.stringify(after)))).toBe(true);
  if (delta.length === 0) expect(sameJson(before, after)).toBe(true);
}

const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));

describe('diff, applyDelta, invertDelta', () => {
  it('go from any JSON to any other and back', () => {
    fc.assert(fc.property(json, json, checkBothWays), { numRuns: 1000 });
  });

  it('go both ways for objects and lists that share much', () => {
    const leaf = fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constantFrom('a', 'b', 'x\ny\nz\n', 'x\nq\nz\n', null));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', '0'), tie('tree')),
      ),
    }));
    fc.assert(fc.property(tree, tree, checkBothWays), { numRuns: 2000 });
  });

  it('go both ways for lists of files', () => {
    const file = fc.record({
      path: fc.constantFrom('a', 'b', 'c', 'd'),
      text: fc.constantFrom('1', 'two\nlines\n', ''),
    });
    const files = fc.uniqueArray(file, { selector: ({ path }) => path });
    fc.assert(fc.property(files, files, checkBothWays), { numRuns: 1000 });
  });

  it('leaves what it does not touch shared', () => {
    const before = { a: { x: 1 }, b: { y: [1, 2] } };
    const after = applyDelta(before, diff(before, { a: { x: 2 }, b: { y: [1, 2] } }));
    expect(after.b).toBe(before.b);
    expect(before.a.x).toBe(1);
  });

  it('is empty for equal values, whatever the order of keys and keys that hold undefined', () => {
    expect(diff({ a: 1, b: [{}] }, { b: [{}], c: undefined, a: 1 })).toEqual([]);
  });

  it('edits a long text in place and sets a short one', () => {
    const text = 'module top;\n  wire a;\nendmodule\n';
    expect(diff({ top: 'a', text }, { top: 'b', text: text.replace('wire a', 'wire bb') })).toEqual([
      { kind: 'set', path: ['top'], before: 'a', after: 'b' },
      { kind: 'text', path: ['text'], splices: [{ at: 19, removed: 'a', inserted: 'bb' }] },
    ]);
  });

  it('sees a renamed file as renamed, also when it moves', () => {
    const text = 'module a;\nendmodule\n';
    const a = { path: 'a.v', text };
    const b = { path: 'b.v', text: 'module b;\nendmodule\n' };
    expect(diff([a, b], [{ ...a, path: 'top.v' }, b])).toEqual([
      { kind: 'set', path: [0, 'path'], before: 'a.v', after: 'top.v' },
    ]);
    expect(diff([a, b], [{ path: 'top.v', text: `${text}// more\n` }, b])).toHaveLength(2);
    expect(diff([a, b], [b])).toEqual([{ kind: 'remove', path: [0], before: a }]);
    const c = { path: 'c.v', text: '' };
    expect(diff([a, b], [a, c, b])).toEqual([{ kind: 'insert', path: [1], after: c }]);
  });

  it('puts keys back where they were', () => {
    const keys = fc.subarray(['top', 'WIDTH', 'DEPTH', 'a', '__proto__', 'z']);
    const object = (names: string[]) => Object.fromEntries(names.map((name) => [name, name.length]));
    fc.assert(
      fc.property(keys, keys, (old, now) => {
        const [before, after] = [{ x: object(old) }, { x: object(now) }];
        const delta = diff(before, after);
        const there = applyDelta(before, delta);
        expect(JSON.stringify(there)).toBe(JSON.stringify(after));
        expect(JSON.stringify(applyDelta(there, invertDelta(delta)))).toBe(JSON.stringify(before));
        expect(invertDelta(invertDelta(delta))).toEqual(delta);
        expect(JSON.stringify(applyWire(before, toWire(delta)))).toBe(JSON.stringify(after));
      }),
    );
  });

  it('undoes a session of edits one by one to the identical document, and redoes them', () => {
    const states: unknown[] = [
      { title: 'T', slices: { rtl: { files: [{ path: 'top.v', text: 'module top;\nendmodule\n' }], parameters: {} } } },
      {
        title: 'T',
        slices: { rtl: { files: [{ path: 'top.v', text: 'module top;\n  wire a;\nendmodule\n' }], parameters: {} } },
      },
      {
        title: 'T',
        slices: { rtl: { files: [{ path: 'x.v', text: 'module top;\n  wire a;\nendmodule\n' }], parameters: {} } },
      },
      {
        title: 'T',
        slices: {
          rtl: { files: [{ path: 'x.v', text: 'module top;\n  wire a;\nendmodule\n' }], parameters: { W: 4 } },
        },
      },
    ];
    const deltas = states.slice(1).map((state, index) => diff(states[index], state));
    const undone = deltas.reduceRight<unknown>((state, delta) => applyDelta(state, invertDelta(delta)), states.at(-1));
    expect(undone).toEqual(states[0]);
    expect(deltas.reduce<unknown>((state, delta) => applyDelta(state, delta), undone)).toEqual(states.at(-1));
  });

  it('refuses a value that it was not made for', () => {
    const delta = diff({ text: 'one\ntwo\n' }, { text: 'one\n2\n' });
    expect(() => applyDelta({ text: 'other' }, delta)).toThrow(/does not fit/);
    expect(() => applyDelta([1], [{ kind: 'remove', path: [3], before: 1 }])).toThrow(/does not fit/);
    expect(() => applyDelta({ a: 1 }, [{ kind: 'set', path: ['a', 'b'], before: 1, after: 2 }])).toThrow(
      /does not fit/,
    );
  });
});

describe('diffText', () => {
  const line = fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', 'é\u{1f600}\n', 'long line of text\n');
  const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.join(''));

  it('leads from any text to any other', () => {
    const check = (before: string, after: string) => {
      const splices = diffText(before, after);
      expect(spliceText(before, splices)).toBe(after);
      expect(spliceText(after, invertSplices(splices))).toBe(before);
      splices.forEach(({ at, removed }, index) => {
        expect(splices[index + 1]?.at ?? Number.POSITIVE_INFINITY).toBeGreaterThan(at + removed.length);
      });
    };
    fc.assert(fc.property(text, text, check), { numRuns: 1000 });
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), check), { numRuns: 500 });
  });

  it('keeps edits that lie apart apart', () => {
    const before = Array.from({ length: 1000 }, (_, index) => `line ${index}\n`).join('');
    const after = before
      .replace('line 3\n', 'line three\n')
      .replace('line 990\n', '')
      .replace('line 500\n', 'line 500 and\n');
    expect(diffText(before, after)).toEqual([
      { at: 26, removed: '3', inserted: 'three' },
      { at: before.indexOf('line 500\n') + 8, removed: '', inserted: ' and' },
      { at: before.indexOf('line 990'), removed: 'line 990\n', inserted: '' },
    ]);
  });

  it('never cuts a surrogate pair or a CR LF', () => {
    expect(diffText('\u{1f600}', '\u{1f601}')).toEqual([{ at: 0, removed: '\u{1f600}', inserted: '\u{1f601}' }]);
    expect(diffText('a\r\n', 'a\n')).toEqual([{ at: 1, removed: '\r\n', inserted: '\n' }]);
  });

  it('gives one splice for two long texts with nothing in common', () => {
    const lines = (word: string) => Array.from({ length: 2000 }, (_, index) => `${word}${index}\n`).join('');
    expect(diffText(lines('a'), lines('b'))).toHaveLength(1);
  });
});
