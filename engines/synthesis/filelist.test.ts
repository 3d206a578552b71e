import { describe, expect, it } from 'vitest';
import { readFileList } from './filelist.ts';

const read = (files: Record<string, string>) => (path: string) => files[path];

describe('readFileList', () => {
  it('reads sources, directories, macros and comments', () => {
    const list = readFileList(
      'top.f',
      read({
        'top.f': `// sources
rtl/a.v  "rtl/b c.v" # the rest
/* not
   this.v */
+incdir+inc+"rtl/common"
+define+WIDTH=8+FAST
-I other -Dx=1 -D Y
-v lib.v
`,
        'rtl/a.v': '',
        'rtl/b c.v': '',
        'lib.v': '',
      }),
    );
    expect(list.problems).toEqual([]);
    expect(list.sources).toEqual(['rtl/a.v', 'rtl/b c.v', 'lib.v']);
    expect(list.includeDirs).toEqual(['inc', 'rtl/common', 'other']);
    expect(list.defines).toEqual({ WIDTH: '8', FAST: '', x: '1', Y: '' });
  });

  it('follows nested lists, and finds paths beside the list that names them', () => {
    const list = readFileList(
      'sim/top.f',
      read({
        'sim/top.f': '-f ../core/core.f\ntop.v\n./top.v',
        'core/core.f': 'alu.v ../shared/x.v',
        'core/alu.v': '',
        'shared/x.v': '',
        'sim/top.v': '',
      }),
    );
    expect(list.problems).toEqual([]);
    expect(list.sources).toEqual(['core/alu.v', 'shared/x.v', 'sim/top.v']);
  });

  it('prefers the project with -f and the folder of the list with -F', () => {
    const files = { 'a/l.f': 'x.v', 'x.v': '', 'a/x.v': '', 'f.f': '-f a/l.f', 'F.f': '-F a/l.f' };
    expect(readFileList('f.f', read(files)).sources).toEqual(['x.v']);
    expect(readFileList('F.f', read(files)).sources).toEqual(['a/x.v']);
  });

  it('names the line of what is not there, of circles and of unknown options', () => {
    const list = readFileList(
      'a.f',
      read({ 'a.f': 'x.v\n\n-f b.f\n+nowarn\n-y lib\n-f', 'b.f': '\n-f a.f', 'y.v': '' }),
    );
    expect(list.problems.map(({ code, where }) => [code, where?.file, where?.line])).toEqual([
      ['no-such-file', 'a.f', 1],
      ['file-list-cycle', 'b.f', 2],
      ['file-list-option', 'a.f', 4],
      ['file-list-option', 'a.f', 5],
      ['file-list-syntax', 'a.f', 6],
    ]);
    expect(list.problems[2]?.severity).toBe('warning');
    expect(readFileList('none.f', read({})).problems[0]?.code).toBe('no-file-list');
  });
});
