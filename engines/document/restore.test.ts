import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MADE_WITH } from './made-with.ts';
import { createRegistry } from './registry.ts';
import { newDocument, restore, restoreStrict } from './restore.ts';
import { TOY_DEFAULTS, toyRegistry, toySlice } from './toy.fixture.ts';
import { CURRENT_VERSION, type DesignDocument } from './types.ts';

const registry = toyRegistry();

function toy(slice: object, envelope: object = {}): unknown {
  return { version: 3, madeWith: 'x', title: 'T', seed: 7, lab: 'toy', slices: { toy: slice }, ...envelope };
}

function read(input: unknown) {
  const result = restore(input, registry);
  if (!result.ok) throw new Error(result.problems[0]?.what);
  return result.value;
}

function refusal(input: unknown): string | undefined {
  const result = restore(input, registry);
  return result.ok ? undefined : result.problems[0]?.code;
}

describe('restore', () => {
  it('leaves a sound document as it is', () => {
    const document = toy({ ...TOY_DEFAULTS, files: [{ path: 'a.v', text: 'x' }] }, { view: { tab: 'log' } });
    expect(read(document)).toEqual({ document, findings: [] });
  });

  it('fills what is missing with defaults, silently', () => {
    const { document, findings } = read({ lab: 'toy', slices: { toy: { width: 9, limits: { depth: 3 } } } });
    expect(findings).toEqual([]);
    expect(document).toEqual({
      version: 3,
      madeWith: '',
      title: 'Untitled',
      seed: 1,
      lab: 'toy',
      slices: { toy: { ...TOY_DEFAULTS, width: 9, limits: { cells: 1000, depth: 3 } } },
    });
    expect(read({ lab: 'toy' }).document.slices).toEqual({ toy: TOY_DEFAULTS });
    expect(read({ slices: { other: 1, toy: {} } }).document.lab).toBe('toy');
  });

  it('does not fill an empty record or list from the default', () => {
    const own = createRegistry({ version: 3 });
    const defaults = { ...TOY_DEFAULTS, parameters: { W: 1 }, files: [{ path: 'a.v', text: '' }] };
    own.register({ ...toySlice, defaults });
    const result = restore(toy({ parameters: {}, files: [] }), own);
    expect(result.ok && result.value.document.slices.toy).toEqual({ ...TOY_DEFAULTS, parameters: {}, files: [] });
  });

  it('does not mend an element of a list from the default list', () => {
    const own = createRegistry({ version: 3 });
    own.register({ ...toySlice, defaults: { ...TOY_DEFAULTS, files: [{ path: 'a.v', text: 'the default' }] } });
    const result = restore(toy({ files: [{ path: 'mine.v' }, { path: 'b.v', text: 'b' }] }), own);
    expect(result.ok && result.value.document.slices.toy).toMatchObject({ files: [{ path: 'b.v', text: 'b' }] });
  });

  it('drops unknown keys and reports each with its path and the key that was meant', () => {
    const { document, findings } = read(
      toy({ ...TOY_DEFAULTS, wdith: 9, limits: { cells: 1, depth: 2, colour: 'red' } }, { tilte: 'x' }),
    );
    expect(document).toEqual(toy({ ...TOY_DEFAULTS, limits: { cells: 1, depth: 2 } }));
    expect(findings.map(({ code, where }) => [code, where?.path])).toEqual([
      ['unknown-key', 'tilte'],
      ['unknown-key', 'slices.toy.limits.colour'],
      ['unknown-key', 'slices.toy.wdith'],
    ]);
    expect(findings[1]?.what).toBe('There is no setting "slices.toy.limits.colour". It was left out.');
  });

  it('replaces wrong values by the default at their path and says what was expected', () => {
    const { document, findings } = read(
      toy({ ...TOY_DEFAULTS, width: 65, mode: 'Fast', limits: { cells: 'many', depth: 9 }, top: 4 }, { seed: -1 }),
    );
    expect(document).toEqual(toy({ ...TOY_DEFAULTS, limits: { cells: 1000, depth: 9 } }, { seed: 1 }));
    expect(findings.map(({ what }) => what)).toEqual([
      '"seed" is -1, but a number of at least 0 is expected. It was replaced by the default.',
      '"slices.toy.top" is 4, but a string is expected. It was replaced by the default.',
      '"slices.toy.mode" is "Fast", but one of "fast", "small", "exact" is expected. It was replaced by the default.',
      '"slices.toy.width" is 65, but a number of at most 64 is expected. It was replaced by the default.',
      '"slices.toy.limits.cells" is "many", but a number is expected. It was replaced by the default.',
    ]);
  });

  it('drops only the element or entry that cannot be mended', () => {
    const good = { path: 'a.v', text: 'a' };
    const files = [5, good, { path: 'b.v' }, { path: 'c.v', text: 'c', colour: 'red' }, { text: 'd' }];
    const { document, findings } = read(
      toy({ ...TOY_DEFAULTS, files, parameters: { W: {}, N: 3 }, note: 1, limits: null }),
    );
    expect(document.slices.toy).toEqual({
      ...TOY_DEFAULTS,
      files: [good, { path: 'c.v', text: 'c' }],
      parameters: { N: 3 },
    });
    expect(findings.map(({ where }) => where?.path)).toEqual([
      'slices.toy.files.3.colour',
      'slices.toy.files.0',
      'slices.toy.files.2.text',
      'slices.toy.files.4.path',
      'slices.toy.parameters.W',
      'slices.toy.limits',
      'slices.toy.note',
    ]);
  });

  it('keeps a file as a blob, and drops one whose hash is none, in the words of the schema', () => {
    const blob = { name: 'a.v', bytes: 3, sha256: '0f'.repeat(32) };
    const files = [
      { path: 'a.v', blob },
      { path: 'b.v', blob: { ...blob, sha256: 'no' } },
    ];
    const { document, findings } = read(toy({ ...TOY_DEFAULTS, files }));
    expect(document.slices.toy).toMatchObject({ files: files.slice(0, 1) });
    expect(findings.map(({ what }) => what)).toEqual([
      '"slices.toy.files.1.blob.sha256" is "no". A SHA-256 has 64 hexadecimal digits. "slices.toy.files.1" was left out.',
    ]);
  });

  it('replaces a slice that is no object at all', () => {
    const { document, findings } = read(toy([] as object));
    expect(document.slices.toy).toEqual(TOY_DEFAULTS);
    expect(findings).toHaveLength(1);
  });

  it('carries unknown slices through untouched', () => {
    const other = { deep: [{ from: 'toy' }, null, 'x'], version: 99 };
    const { document, findings } = read({ lab: 'other', slices: { other } });
    expect(document.slices).toEqual({ other });
    expect(findings).toEqual([]);
  });

  it('refuses a newer version and names both', () => {
    const result = restore(toy({}, { version: 4 }), registry);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.problems[0]).toMatchObject({ code: 'newer-version', where: { path: 'version' } });
    expect(result.problems[0]?.what).toMatch(/version 4\b.*up to 3\b/);
  });

  it('refuses what is no design', () => {
    for (const input of [undefined, null, 3, 'x', [], {}, { lab: '' }, { lab: 4, slices: {} }, { slices: [] }]) {
      expect(refusal(input)).toBe('not-a-design');
    }
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(refusal({ lab: 'other', slices: { other: deep } })).toBe('not-a-design');
  });

  it('reports a wrong version and reads the document as one of this version', () => {
    const { document, findings } = read(toy({ width: 9 }, { version: '3' }));
    expect(document).toEqual(toy({ ...TOY_DEFAULTS, width: 9 }));
    expect(findings.map(({ where }) => where?.path)).toEqual(['version']);
  });

  it('never throws on any JSON, gives what fits the schema, and gives it again', () => {
    const soundToy = fc.record(
      {
        files: fc.array(
          fc.oneof(fc.constant({ path: 'a', text: 'b' }), fc.jsonValue(), fc.record({ path: fc.string() })),
        ),
        top: fc.oneof(fc.string(), fc.jsonValue()),
        parameters: fc.oneof(fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.jsonValue())), fc.jsonValue()),
        mode: fc.oneof(fc.constant('fast'), fc.jsonValue()),
        size: fc.jsonValue(),
        width: fc.jsonValue(),
        limits: fc.oneof(
          fc.record({ cells: fc.jsonValue(), depth: fc.integer() }, { requiredKeys: [] }),
          fc.jsonValue(),
        ),
      },
      { requiredKeys: [] },
    );
    const almost = fc.record(
      {
        version: fc.oneof(fc.integer({ min: -1, max: 4 }), fc.jsonValue()),
        seed: fc.jsonValue(),
        lab: fc.oneof(fc.constantFrom('toy', 'other', '__proto__', ''), fc.jsonValue()),
        slices: fc.oneof(
          fc.record({ toy: fc.oneof(soundToy, fc.jsonValue()), other: fc.jsonValue() }, { requiredKeys: [] }),
          fc.jsonValue(),
        ),
        view: fc.jsonValue(),
        ['__proto__']: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(almost, fc.jsonValue()), (generated) => {
        const input: unknown = JSON.parse(JSON.stringify(generated));
        const before = JSON.stringify(input);
        const result = restore(input, registry);
        const strict = restoreStrict(input, registry);
        expect(JSON.stringify(input)).toBe(before);
        if (!result.ok) {
          expect(['not-a-design', 'newer-version']).toContain(result.problems[0]?.code);
          return;
        }
        const { document, findings } = result.value;
        expect(restore(document, registry)).toEqual({ ok: true, value: { document, findings: [] } });
        if (findings.length > 0) expect(strict.ok).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('versions', () => {
  it('lifts a version 1 document and writes its defaults into it', () => {
    const { document, findings } = read(toy({ size: 5 }, { version: 1 }));
    expect(findings).toEqual([]);
    expect(document.version).toBe(3);
    expect(document.slices.toy).toEqual({ ...TOY_DEFAULTS, width: 5, mode: 'fast' });
  });

  it('keeps the old default in documents of version 2 and not in those of version 3 or without a version', () => {
    expect(read(toy({}, { version: 2 })).document.slices.toy).toMatchObject({ mode: 'fast' });
    expect(read(toy({}, { version: 3 })).document.slices.toy).toMatchObject({ mode: 'exact' });
    expect(read({ lab: 'toy', slices: { toy: {} } }).document.slices.toy).toMatchObject({ mode: 'exact' });
    expect(read(toy({ mode: 'small' }, { version: 1 })).document.slices.toy).toMatchObject({ mode: 'small' });
  });

  it("gives an older document without its lab's slice the defaults of its version", () => {
    expect(read({ version: 1, lab: 'toy' }).document.slices.toy).toEqual({ ...TOY_DEFAULTS, mode: 'fast' });
  });

  it('keeps what fits of a slice that a migration cannot read, and says so', () => {
    const { document, findings } = read(toy(null as unknown as object, { version: 1 }));
    expect(document.slices.toy).toEqual(TOY_DEFAULTS);
    expect(findings[0]).toMatchObject({ code: 'not-lifted', where: { path: 'slices.toy' } });
  });

  it('lifts the envelope before the slices', () => {
    const own = createRegistry({
      version: 3,
      envelope: {
        2: (older) => ({ ...(older as object), lab: 'toy', slices: { toy: (older as { toy: unknown }).toy } }),
      },
    });
    own.register(toySlice);
    const result = restore({ version: 1, lab: 'old', toy: { size: 3 } }, own);
    expect(result.ok && result.value.document).toMatchObject({ lab: 'toy', slices: { toy: { width: 3 } } });
  });
});

describe('restoreStrict', () => {
  function errors(input: unknown) {
    const result = restoreStrict(input, registry);
    return result.ok ? [] : result.problems;
  }

  it('accepts what only lacks defaults', () => {
    expect(errors({ lab: 'toy', slices: { toy: { width: 3 }, unknown: { x: 1 } } })).toEqual([]);
  });

  it('refuses a mistyped key and names the nearest known one', () => {
    expect(errors(toy({ wdith: 9 }))).toEqual([
      {
        code: 'unknown-key',
        severity: 'error',
        what: 'There is no setting "slices.toy.wdith".',
        remedy: 'Did you mean "width"?',
        where: { path: 'slices.toy.wdith' },
      },
    ]);
    expect(errors(toy({}, { sead: 9 }))[0]?.where?.path).toBe('sead');
    expect(errors(toy({ zzzzzz: 9 }))[0]?.remedy).not.toMatch(/Did you mean/);
  });

  it('refuses wrong values and newer versions', () => {
    expect(errors(toy({ width: 'x' }))[0]?.where?.path).toBe('slices.toy.width');
    expect(errors(toy({}, { version: 9 }))[0]?.code).toBe('newer-version');
  });

  it('refuses a mistyped slice, which would otherwise run the defaults', () => {
    expect(errors({ lab: 'toy', slices: { tyo: { width: 3 } } })[0]).toMatchObject({ remedy: 'Did you mean "toy"?' });
    expect(errors({ lab: 'toy', slices: { watermark: {} } })).toEqual([]);
  });
});

describe('newDocument', () => {
  it('is sound, of this version, and shares nothing with the slice', () => {
    const slice = structuredClone(TOY_DEFAULTS);
    const document: DesignDocument = newDocument('toy', slice, { title: 'A' });
    slice.limits.cells = 5;
    expect(document).toEqual({
      version: CURRENT_VERSION,
      madeWith: MADE_WITH,
      title: 'A',
      seed: 1,
      lab: 'toy',
      slices: { toy: TOY_DEFAULTS },
    });
  });

  it('names the version of the package', async () => {
    const { version } = (await import('../../package.json')).default;
    expect(MADE_WITH).toBe(`crossbar-studio ${version}`);
  });
});
