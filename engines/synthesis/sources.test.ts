import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOutSources, normalisePath, type SourceText } from './sources.ts';

const pathOf = (index: number) => `slices.rtl.files.${index}`;
const codes = (files: SourceText[]) => {
  const result = layOutSources(files, pathOf);
  return result.ok ? [] : result.problems.map((problem) => problem.code);
};

describe('normalisePath', () => {
  it('resolves dots and refuses to leave the project', () => {
    expect(normalisePath('./rtl//a/../b.v')).toBe('rtl/b.v');
    expect(normalisePath('rtl\\b.v')).toBe('rtl/b.v');
    for (const bad of ['../a.v', 'a/../../b.v', '/etc/a.v', 'C:\\a.v', '', '.'])
      expect(normalisePath(bad)).toBeUndefined();
  });
});

describe('layOutSources', () => {
  it('leaves plain paths as they are', () => {
    const result = layOutSources([{ path: 'rtl/top.v', content: 'x' }], pathOf);
    expect(result.ok && result.value.tree).toEqual({ rtl: { 'top.v': 'x' } });
  });

  it('gives every awkward path a plain and different alias, and finds the way back', () => {
    const name = fc.stringMatching(/^[a-z ü|:"'#;$+-]{1,8}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 12 }), (names) => {
        const files = names.map((each) => ({ path: `${each}.v`, content: each }));
        const result = layOutSources(files, pathOf);
        if (!result.ok) throw new Error('refused');
        const aliases = files.map(({ path }) => result.value.alias(path));
        expect(new Set(aliases).size).toBe(files.length);
        files.forEach(({ path, content }, i) => {
          expect(aliases[i]).toMatch(/^[\w.@=,-]+$/);
          expect(result.value.userPath(aliases[i] as string)).toBe(path);
          expect(result.value.tree[aliases[i] as string]).toBe(content);
        });
      }),
    );
  });

  it("keeps out of Yosys' own folders", () => {
    const result = layOutSources([{ path: 'share/cells.v', content: '' }], pathOf);
    expect(result.ok && result.value.alias('share/cells.v')).toBe('user_share/cells.v');
  });

  it('names what is wrong with files', () => {
    expect(codes([{ path: '../a.v', content: '' }])).toEqual(['bad-path']);
    expect(
      codes([
        { path: 'a.v', content: '' },
        { path: './a.v', content: '' },
      ]),
    ).toEqual(['duplicate-path']);
    expect(
      codes([
        { path: 'a', content: '' },
        { path: 'a/b.v', content: '' },
      ]),
    ).toEqual(['path-conflict']);
    expect(codes([{ path: 'a.v', content: 'module\0' }])).toEqual(['binary-file']);
    expect(codes([{ path: 'a.v', content: new Uint8Array([77, 90, 144, 0]) }])).toEqual(['binary-file']);
    expect(codes([{ path: 'a.v', content: '\ufffd\ufffd\ufffdPNG\ufffd' }])).toEqual(['binary-file']);
    expect(codes([{ path: 'data.bin', content: new Uint8Array([0]) }])).toEqual([]);
    expect(codes([{ path: 'a.v', content: new Uint8Array(65 * 1024 * 1024).fill(32) }])).toEqual(['sources-too-large']);
  });

  it('lays out folders that are named like what every object has', () => {
    const paths = ['__proto__/a.v', 'constructor/b.v', 'rtl/toString/c.v', 'valueOf'];
    const laid = layOutSources(
      paths.map((path) => ({ path, content: `// ${path}` })),
      String,
    );
    if (!laid.ok) throw new Error(laid.problems[0]?.what);
    const { tree, alias, userPath } = laid.value;
    for (const path of paths) {
      expect(userPath(alias(path))).toBe(path);
      const content = alias(path)
        .split('/')
        .reduce<unknown>((folder, name) => Object.getOwnPropertyDescriptor(folder, name)?.value, tree);
      expect(content).toBe(`// ${path}`);
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('b.v' in Object).toBe(false);
  });
});
