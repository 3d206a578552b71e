import { describe, expect, it } from 'vitest';
import { parseCommand } from './command.ts';

function parse(argv: string, files: Record<string, string> = {}, variables: Record<string, string> = {}) {
  return parseCommand(argv.split(' '), { read: (path) => files[path], variable: (name) => variables[name] });
}

function read(...given: Parameters<typeof parse>) {
  const result = parse(...given);
  if (!result.ok) throw new Error(result.problems.map(({ what }) => what).join(' '));
  return result.value;
}

const warnings = (...given: Parameters<typeof parse>) => read(...given).warnings.map(({ what }) => what);

function errors(...given: Parameters<typeof parse>): string[] {
  const result = parse(...given);
  expect(result.ok).toBe(false);
  return result.ok ? [] : result.problems.map(({ what }) => what);
}

describe('the command line', () => {
  it('has values attached or separate, and files in any place', () => {
    const attached = '-stb -Iinc -DA -DB=2 -DC= -Ptb.N=3 -ylib -Y.sv -Tmax -g2009 -u a.v +x +y=1 b.sv';
    const separate = 'a.v -s tb -I inc -D A -D B=2 b.sv -D C= -P tb.N=3 -y lib -Y .sv -T max -g 2009 -u +x +y=1';
    for (const argv of [attached, separate]) {
      const { spec, action, warnings } = read(argv);
      expect(warnings).toEqual([]);
      expect(action).toBe('run');
      expect(spec).toMatchObject({
        files: ['a.v', 'b.sv'],
        tops: ['tb'],
        includeDirs: ['inc'],
        defines: { A: '1', B: '2', C: '' },
        parameters: { 'tb.N': '3' },
        libraryDirs: ['lib'],
        librarySuffixes: ['.v', '.sv'],
        delays: 'max',
        generation: '2009',
        separateUnits: true,
        plusArgs: ['x', 'y=1'],
      });
    }
  });

  it('has the defaults of Icarus Verilog', () => {
    const { spec, vcd } = read('a.v');
    expect(spec).toMatchObject({
      delays: 'typ',
      specify: false,
      assertions: true,
      relativeIncludes: false,
      record: false,
    });
    expect(spec.generation).toBeUndefined();
    expect(spec.librarySuffixes).toEqual(['.v']);
    expect(vcd).toBeUndefined();
    expect(spec.warningClasses).toEqual([]);
  });

  it('takes the last generation, and features on and off', () => {
    expect(read('-g2012 -g2001-noconfig a.v').spec.generation).toBe('2001-noconfig');
    expect(read('-g2x a.v').spec.generation).toBe('2005');
    const { spec } = read('-gspecify -grelative-include -gno-assertions -pRECURSIVE_MOD_LIMIT=5 a.v');
    expect(spec).toMatchObject({ specify: true, relativeIncludes: true, assertions: false, recursionLimit: 5 });
    expect(read('-gspecify -gno-specify a.v').spec.specify).toBe(false);
  });

  it('warns of what it does not know, and passes it over', () => {
    expect(warnings('-Wfoo -pfoo=1 -gfoo -gno-bar -g2031 -mown a.v')).toHaveLength(6);
    expect(
      warnings('-Wall -Wno-timescale -Winfloop -pfileline=1 -gno-specify -gxtypes -msystem -o out -tvvp a.v'),
    ).toEqual([]);
    expect(warnings('-gno-xtypes a.v')).toEqual(["'-gno-xtypes' has no effect here."]);
    const { warningClasses } = read('-Wall -Wno-timescale -Winfloop a.v').spec;
    expect(warningClasses).not.toContain('timescale');
    expect(warningClasses).toEqual(expect.arrayContaining(['implicit', 'infloop']));
  });

  it('refuses what cannot be meant', () => {
    expect(errors('-u')).toEqual(['No source files are named.']);
    for (const argv of [
      'a.v -s',
      'a.v -q',
      'a.v --foo',
      'a.v -Tfast',
      'a.v -Pfoo',
      'a.v --vcd',
      '-E a.v',
      '-tvhdl a.v',
    ]) {
      expect(errors(argv)).toHaveLength(1);
    }
  });

  it('knows the other actions and the dump of all signals', () => {
    expect(read('-V').action).toBe('version');
    expect(read('-uV').action).toBe('version');
    expect(read('--help').action).toBe('help');
    expect(read('-tnull a.v').spec.compileOnly).toBe(true);
    for (const argv of ['--vcd x.vcd a.v', 'a.v --vcd=x.vcd']) {
      expect(read(argv)).toMatchObject({ vcd: 'x.vcd', spec: { record: true, files: ['a.v'] } });
    }
    expect(read('-- -a.v +b').spec.files).toEqual(['-a.v', '+b']);
  });
});

describe('command files', () => {
  it('hold sources and settings', () => {
    const list = `a.v // first
      /* b.v
      c.v */ "d e.v"
      # f.v
      -y // next line
      lib   -Iinc
      +incdir+i1+i2 +libdir+l2
      +libext+.v+.sv
      +define+A=4+B
      +parameter+tb.N=8'h0f
      +timescale+10ns/1ps+
      -l cells.v -v more.v -D C=1 -s tb -g2012`;
    const { spec, warnings } = read('-f x/list.f z.v', { 'x/list.f': list });
    expect(warnings).toEqual([]);
    expect(spec).toMatchObject({
      files: ['a.v', 'd e.v', 'z.v'],
      libraryDirs: ['lib', 'l2'],
      librarySuffixes: ['.v', '.sv'],
      libraryFiles: ['cells.v', 'more.v'],
      includeDirs: ['inc', 'i1', 'i2'],
      defines: { A: '4', B: '1', C: '1' },
      parameters: { 'tb.N': "8'h0f" },
      timescale: { unit: -8, precision: -12 },
      tops: ['tb'],
      generation: '2012',
    });
  });

  it('put in variables of the environment, and take paths with blanks', () => {
    const files = { l: `$(A)/b.v\n\${A}/c.v\na b.v\nc.v d.v`, 'a b.v': '' };
    expect(read('-cl', files, { A: 'src' }).spec.files).toEqual(['src/b.v', 'src/c.v', 'a b.v', 'c.v', 'd.v']);
    expect(warnings('-cl', { l: '$(NONE)/b.v' })).toHaveLength(1);
  });

  it('name other command files, from their own folder', () => {
    const files = { 'x/l.f': '-f m.f\n-c n.f', 'x/m.f': 'm.v', 'n.f': 'n.v +toupper-filename\no.v' };
    expect(read('-f x/l.f', files).spec.files).toEqual(['m.v', 'n.v', 'O.V']);
    expect(errors('-f none a.v')).toEqual(["The command file 'none' cannot be read."]);
    expect(errors('-f l', { l: '-f l' })).toEqual(["The command file 'l' includes itself."]);
  });

  it('are warned of what is not known, with the line', () => {
    const { warnings } = read('-f l', { l: 'a.v\n+width-cap+8\n-z' });
    expect(warnings.map(({ where }) => where)).toEqual([
      { file: 'l', line: 2 },
      { file: 'l', line: 3 },
    ]);
    expect(errors('-f l', { l: 'a.v\n+timescale+1ns/1us' })).toHaveLength(1);
  });
});
