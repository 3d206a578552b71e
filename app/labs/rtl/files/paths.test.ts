import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanPath, languageOf, pathFault, renamed, treeOf, without } from './paths.ts';

const text = (path: string) => ({ path, text: '' });

describe('paths of sources', () => {
  it('are cleaned of anything that leaves the design', () => {
    expect(cleanPath('/rtl//core/./../alu.v')).toBe('rtl/alu.v');
    expect(cleanPath('..\\..\\etc\\passwd')).toBe('etc/passwd');
    expect(cleanPath(' / ')).toBe('');
  });

  it('never climb out, whatever comes in', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('..', '.', '', 'a', 'b c', '\\', '/')), (parts) => {
        const path = cleanPath(parts.join('/'));
        expect(path.startsWith('/')).toBe(false);
        expect(path.split('/')).not.toContain('..');
      }),
    );
  });

  it('are refused with a reason when they collide or a script could not name them', () => {
    const taken = new Set(['rtl/alu.v', 'top.v']);
    expect(pathFault('rtl/add.v', taken)).toBeUndefined();
    expect(pathFault('top.v', taken)).toMatch(/already/);
    expect(pathFault('rtl', taken)).toMatch(/folder/);
    expect(pathFault('top.v/x.v', taken)).toMatch(/is a file/);
    expect(pathFault('my file.v', taken)).toMatch(/blanks/);
    expect(pathFault('', taken)).toMatch(/name/);
  });

  it('make a tree with folders first and numbers in order', () => {
    const tree = treeOf(['top.v', 'rtl/s10.v', 'rtl/s9.v', 'rtl/sub/x.v']);
    expect(tree.map((node) => node.path)).toEqual(['rtl', 'top.v']);
    expect(tree[0]?.children?.map((node) => node.name)).toEqual(['sub', 's9.v', 's10.v']);
  });

  it('move with their folder, and only with it', () => {
    const files = [text('rtl/a.v'), text('rtl2/b.v'), text('rtl/c/d.v')];
    expect(renamed(files, 'rtl', 'hdl').map((file) => file.path)).toEqual(['hdl/a.v', 'rtl2/b.v', 'hdl/c/d.v']);
    expect(without(files, 'rtl').map((file) => file.path)).toEqual(['rtl2/b.v']);
  });

  it('tell the language', () => {
    expect([languageOf('a.sv'), languageOf('a.vh'), languageOf('rom.hex')]).toEqual([
      'systemverilog',
      'verilog',
      'plaintext',
    ]);
  });
});
