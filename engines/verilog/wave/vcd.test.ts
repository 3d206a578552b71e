import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteSource } from '../../core/byte-source.ts';
import { WaveDatabase } from './database.ts';
import { WaveRecorder } from './recorder.ts';
import { bitsOf } from './value.ts';
import { escapeText, splitReference, timescaleOf, timescaleText, unescapeText, vcdCode } from './vcd-names.ts';
import { readVcd } from './vcd-read.ts';
import { realDigits, shortened, writeVcd } from './vcd-write.ts';
import { changesOf, contentsOf, loadVcd } from './waves.fixture.ts';

const signal = new AbortController().signal;
const exported = async (database: WaveDatabase) =>
  (await writeVcd(database, { date: 'today', version: 'ours', signal })).join('');

/** As vvp of Icarus Verilog 11 writes it. */
const ICARUS = `$date
	Mon Nov 23 00:51:08 2026
$end
$version
	Icarus Verilog
$end
$timescale
	10ps
$end
$scope module top $end
$var wire 4 ! q [3:0] $end
$var reg 1 " clk $end
$scope begin gg[0] $end
$var wire 1 # a $end
$upscope $end
$scope module u1 $end
$var wire 1 " clk $end
$var integer 32 $ i [31:0] $end
$var real 1 % r $end
$upscope $end
$upscope $end
$scope module top $end
$scope module u1 $end
$var reg 8 & \\mem[1] [7:0] $end
$upscope $end
$upscope $end
$enddefinitions $end
#0
$dumpvars
bx &
r0.5 %
bx $
0"
b0 !
$end
#500
b11111111111111111111111111111101 $
1"
b1 !
#2100
$dumpoff
bx !
rNaN %
x"
$end
#3100
$dumpon
b11 !
r1.6875 %
0"
$end
#3500
b0z &
bx01 !
`;

describe('reading a value change dump', () => {
  it('takes in one of Icarus Verilog', async () => {
    const { database, problems } = await loadVcd(ICARUS);
    expect(problems).toEqual([]);
    expect(database.info).toEqual({ timescale: -11, date: 'Mon Nov 23 00:51:08 2026', version: 'Icarus Verilog' });
    expect(database.scopes.map((_, scope) => database.scopePath(scope))).toEqual(['top', 'top.gg[0]', 'top.u1']);
    expect(changesOf(database, 'top.q')).toEqual(['0=0000', '500=0001', '2100=xxxx', '3100=0011', '3500=xx01']);
    expect(changesOf(database, 'top.u1.clk')).toEqual(['0=0', '500=1', '2100=x', '3100=0']);
    expect(changesOf(database, 'top.u1.i').at(-1)).toBe('500=11111111111111111111111111111101');
    expect(changesOf(database, 'top.u1.r')).toEqual(['0=0.5', '2100=NaN', '3100=1.6875']);
    expect(changesOf(database, 'top.u1.mem[1]')).toEqual(['0=xxxxxxxx', '3500=0000000z']);
    expect(database.find('top.u1.mem[1]')?.signal).toMatchObject({ word: 'reg', ranges: [{ left: 7, right: 0 }] });
    expect(database.gaps).toEqual([{ from: 2100, to: 3100 }]);
    expect(database.endTime).toBe(3500);
  });

  it('understands odd spacing, words on one line, capitals, wide scalars, texts and port values', async () => {
    const { database, problems } = await loadVcd(
      '$timescale 100\r\nus $end $scope\tmodule  a $end $var wire 1 ! b $end\r\n$var wire 9 "" bus[8:0] $end ' +
        '$var string 1 s text $end $var port 2 <0 p [1:0] $end $comment any words at all $end $upscope $end ' +
        '$attrbegin misc 02 x 1 $end $enddefinitions $end $dumpvars X! bX ""\n$end #7 1! B101 "" sone\\040two s\n' +
        '#9 0! Z"" sthree four s\npUd 6 6 <0\n#10',
    );
    expect(problems).toEqual([]);
    expect(database.info).toMatchObject({ timescale: -4, comments: ['any words at all'] });
    expect(changesOf(database, 'a.b')).toEqual(['0=x', '7=1', '9=0']);
    expect(changesOf(database, 'a.bus')).toEqual(['0=xxxxxxxxx', '7=000000101', '9=zzzzzzzzz']);
    expect(changesOf(database, 'a.text')).toEqual(['7="one two"', '9="three four"']);
    expect(changesOf(database, 'a.p')).toEqual(['9=10']);
    expect(database.endTime).toBe(10);
  });

  it('tells what is broken with its line and keeps the rest', async () => {
    const { database, problems } = await loadVcd(
      '$var wire 2 ! a $end\n$var wire x # c $end\n$enddefinitions $end\n#5\nb10 !\n1?\n?huh\n#3\nb11 !\nb2z !\nr1.5 !\n#8\nb111 !\n#9\nb01',
    );
    const told = problems.map(({ code, where }) => `${where?.line} ${code}`);
    expect(told).toEqual([
      '2 bad-var',
      '6 unknown-code',
      '7 unknown-word',
      '8 time-goes-back',
      '10 bad-digit',
      '11 type-differs',
      '13 value-too-wide',
      '15 truncated',
    ]);
    expect(changesOf(database, 'a')).toEqual(['5=xz', '8=11']);
    expect(problems.every(({ what, where }) => what.endsWith('.') && where?.file === 'waves')).toBe(true);
  });

  it('says of other files that they are none, and tells repeated problems a few times only', async () => {
    expect((await loadVcd('module top; endmodule\n')).problems.at(-1)).toMatchObject({ severity: 'error' });
    expect((await loadVcd('')).problems).toMatchObject([{ code: 'no-vcd' }]);
    const { problems } = await loadVcd(`$var wire 1 ! a $end\n$enddefinitions $end\n${'1"\n'.repeat(50)}`);
    expect(problems).toHaveLength(6);
    expect(problems[5]!.what).toContain('45 more');
  });

  it('reads the same whatever pieces the file comes in', async () => {
    const text = new TextEncoder().encode(ICARUS);
    const whole = contentsOf((await loadVcd(ICARUS)).database);
    for (const size of [9, 64]) {
      const recorder = new WaveRecorder({ timescale: -9 });
      const source = {
        bytes: text.length,
        read: async (offset: number, length: number) => text.slice(offset, offset + Math.min(length, size)),
      };
      expect(await readVcd(source, recorder, { file: 'waves', signal })).toEqual([]);
      const database = new WaveDatabase();
      database.append(recorder.takeDelta());
      expect(contentsOf(database)).toEqual(whole);
    }
  });

  it('never fails, whatever the file holds', async () => {
    const word = fc.constantFrom(
      '$var',
      '$end',
      '$scope',
      '$upscope',
      '$dumpvars',
      '$dumpoff',
      '$dumpon',
      '$comment',
      '$enddefinitions',
      '$timescale',
      'wire',
      'module',
      '4',
      '1',
      '!',
      '"',
      'a[3:0]',
      '#5',
      '#-1',
      '#1e9',
      'b01xz',
      'b',
      'b2',
      'r1.5',
      'rx',
      's',
      'stext',
      '0!',
      'x!',
      'z',
      'pD',
      '6',
      '\n',
      '$huh',
      'ü',
      '\u0000',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 80 }), async (words) => {
        const { database, problems } = await loadVcd(words.join(' '));
        expect(contentsOf(database)).toHaveLength(database.signals.length);
        for (const { what } of problems) expect(what).toMatch(/[.]$/);
      }),
    );
  });

  it('can be stopped', async () => {
    const abort = new AbortController();
    abort.abort();
    const recorder = new WaveRecorder({ timescale: -9 });
    const source = byteSource(new TextEncoder().encode(ICARUS));
    await expect(readVcd(source, recorder, { file: 'waves', signal: abort.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('writing a value change dump', () => {
  it('has the form of Icarus Verilog', async () => {
    const { database } = await loadVcd(
      ICARUS.replace(
        /\$scope module top \$end\n\$scope module u1 \$end\n\$var reg[\s\S]*?\$upscope \$end\n\$upscope \$end\n/,
        '',
      )
        .replace(/.* &\n/g, '')
        .replace(/\$dump(on|off)\n/g, '')
        .replace(/(#(2100|3100)\n[^#]*?)\$end\n/g, '$1'),
    );
    const text = await exported(database);
    expect(text.split('\n').slice(6, 22)).toEqual([
      '$timescale',
      '\t10ps',
      '$end',
      '$scope module top $end',
      '$var wire 4 ! q [3:0] $end',
      '$var reg 1 " clk $end',
      '$scope begin gg[0] $end',
      '$var wire 1 # a $end',
      '$upscope $end',
      '$scope module u1 $end',
      '$var wire 1 " clk $end',
      '$var integer 32 $ i [31:0] $end',
      '$var real 1 % r $end',
      '$upscope $end',
      '$upscope $end',
      '$enddefinitions $end',
    ]);
    expect(text).toContain(
      '#0\n$dumpvars\nb0 !\n0"\nbx $\nr0.5 %\n$end\n#500\nb1 !\n1"\nb11111111111111111111111111111101 $\n',
    );
    expect(text.endsWith('#3500\nbx01 !\n')).toBe(true);
  });

  it('gives back whatever was recorded', async () => {
    const kinds = fc.array(
      fc.record({
        word: fc.constantFrom('wire', 'reg', 'real', 'string', 'event', 'integer'),
        width: fc.integer({ min: 1, max: 70 }),
        name: fc.constantFrom('a', 'data[3]', 'weird-name', 'x.y', 'Straße'),
        deep: fc.nat({ max: 2 }),
      }),
      { minLength: 1, maxLength: 120 },
    );
    const changes = fc.array(
      fc.record({
        wait: fc.nat({ max: 3 }),
        of: fc.nat(),
        digits: fc.string({ unit: fc.constantFrom('0', '1', 'x', 'z'), minLength: 70, maxLength: 70 }),
        real: fc.double(),
        text: fc.string({ unit: 'binary' }),
      }),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(kinds, changes, async (list, steps) => {
        const recorder = new WaveRecorder({ timescale: -10 });
        const scopes = ['top', 'u1', 'gen[0]'].map((name, at) =>
          recorder.scope({ name, kind: 'module', parent: at - 1 }),
        );
        const traces = list.map(({ word, width, name, deep }, at) => {
          const type = word === 'real' ? 'real' : word === 'string' ? 'text' : word === 'event' ? 'event' : 'bits';
          const bits = type === 'bits' ? width : type === 'real' ? 64 : 0;
          const ranges = bits > 1 && type === 'bits' ? [{ left: bits - 1, right: 0 }] : [];
          const given = { scope: scopes[deep]!, name: `${name}_${at}`, word, type, width: bits, ranges } as const;
          return { type, width: bits, trace: recorder.declare(given) };
        });
        let time = 0;
        for (const { wait, of, digits, real, text } of steps) {
          time += wait;
          const { type, width, trace } = traces[of % traces.length]!;
          if (type === 'real') recorder.real(trace, time, real);
          else if (type === 'text') recorder.text(trace, time, text);
          else if (type === 'event') recorder.change1(trace, time, 1, 0);
          else {
            const { a, b } = bitsOf(digits.slice(0, width));
            if (width === 1) recorder.change1(trace, time, a[0]!, b[0]!);
            else recorder.change(trace, time, a, b, 0, a.length);
          }
        }
        const database = new WaveDatabase();
        database.append(recorder.takeDelta());
        const { database: again, problems } = await loadVcd(await exported(database));
        expect(problems).toEqual([]);
        expect(contentsOf(again)).toEqual(contentsOf(database).map((line) => line.replace(/=-0\b(?!\.)/g, '=0')));
        expect(again.endTime).toBe(database.endTime);
      }),
      { numRuns: 40 },
    );
  });

  it('names elements of memories that have a value', async () => {
    const recorder = new WaveRecorder({ timescale: -9 });
    const scope = recorder.scope({ name: 'top', kind: 'module', parent: -1 });
    const array = {
      dims: [
        { left: 1, right: 0 },
        { left: 0, right: 2 },
      ],
      count: 6,
    };
    const mem = recorder.declare({ scope, name: 'm', word: 'reg', type: 'bits', width: 4, array });
    recorder.change32(mem + 4, 1, 9, 0);
    const database = new WaveDatabase();
    database.append(recorder.takeDelta());
    const text = await exported(database);
    expect(text).toContain('$var reg 4 ! \\m[0][1] $end');
    expect(changesOf((await loadVcd(text)).database, 'top.m[0][1]')).toEqual(['1=1001']);
  });
});

describe('the small parts of the format', () => {
  it('numbers codes as Icarus Verilog does', () => {
    expect([0, 1, 93, 94, 95, 94 * 94, 94 * 94 + 94].map(vcdCode)).toEqual(['!', '"', '~', '!"', '""', '!!"', '!""']);
  });

  it('leaves out digits that a reader puts back', () => {
    const cases = {
      '0001': '1',
      '0000': '0',
      xxxx: 'x',
      '00x1': '0x1',
      xx01: 'x01',
      z: 'z',
      zz1: 'z1',
      '1000': '1000',
    };
    for (const [digits, expected] of Object.entries(cases)) expect(shortened(digits)).toBe(expected);
  });

  it('writes reals as C does, and so that they come back', () => {
    expect([0, 1.1, 1 / 3, 1e16, 1.5e-5, 100, -2.5e300].map(realDigits)).toEqual([
      '0',
      '1.1',
      '0.3333333333333333',
      '1e+16',
      '1.5e-05',
      '100',
      '-2.5e+300',
    ]);
    fc.assert(
      fc.property(fc.double(), (value) =>
        Object.is(Number(realDigits(value).replace(/^(-?)inf$/, '$1Infinity')), value),
      ),
    );
  });

  it('knows every timescale', () => {
    for (let exponent = 2; exponent >= -15; exponent--) {
      expect(timescaleOf(timescaleText(exponent))).toBe(exponent);
    }
    expect(timescaleOf('2 ns')).toBeUndefined();
  });

  it('escapes texts and gets them back', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => unescapeText(escapeText(text)) === new TextDecoder().decode(new TextEncoder().encode(text)),
      ),
    );
    expect(escapeText('a b\n')).toBe('a\\040b\\012');
    expect(unescapeText('a\\tb\\\\\\x41')).toBe('a\tb\\A');
  });

  it.each([
    ['q [3:0]', 4, 'q', '3:0'],
    ['q[3:0]', 4, 'q', '3:0'],
    ['\\mem[1] [7:0]', 8, 'mem[1]', '7:0'],
    ['bus [3]', 1, 'bus[3]', ''],
    ['m [1:0][3:0]', 8, 'm', '1:0 3:0'],
    ['m[2][3:0]', 4, 'm[2]', '3:0'],
    ['flag', 1, 'flag', ''],
    ['one [0:0]', 1, 'one', '0:0'],
  ])('reads the reference %s of %i bits', (text, width, name, ranges) => {
    const found = splitReference(text, width);
    expect([found.name, found.ranges.map(({ left, right }) => `${left}:${right}`).join(' ')]).toEqual([name, ranges]);
  });
});
