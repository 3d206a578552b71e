import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { preprocess, preprocessUnits } from './preprocess.ts';
import { decodeSource } from './source-text.ts';
import { type Preprocessed, type PreprocessOptions, TokenKind } from './tokens.ts';

type Texts = Record<string, string>;

function unit(source: string | Texts, options: Partial<PreprocessOptions> = {}): Preprocessed {
  const texts = typeof source === 'string' ? { 't.v': source } : source;
  const read = (path: string) => texts[path];
  return preprocess([Object.keys(texts)[0]!], { defines: {}, includeDirs: [], read, ...options });
}

/** Texts without the end; strings in quotation marks. */
function texts(source: string | Texts, options?: Partial<PreprocessOptions>): string[] {
  const { tokens, problems } = unit(source, options);
  expect(problems).toEqual([]);
  return shown(tokens);
}

function shown({ texts, kinds, count }: Preprocessed['tokens']): string[] {
  expect(kinds[count - 1]).toBe(TokenKind.end);
  return texts.slice(0, -1).map((text, i) => (kinds[i] === TokenKind.string ? `"${text}"` : text));
}

const line = (source: string | Texts, options?: Partial<PreprocessOptions>) => texts(source, options).join(' ');

function codes(source: string | Texts, options?: Partial<PreprocessOptions>): string[] {
  return unit(source, options).problems.map(
    ({ code, where }) => `${code} ${where?.file}:${where?.line}:${where?.column}`,
  );
}

function kindOf(source: string, options?: Partial<PreprocessOptions>): string {
  const { tokens } = unit(source, options);
  const names = Object.keys(TokenKind);
  return names[tokens.kinds[0]!]!;
}

describe('tokens', () => {
  it('keeps their places', () => {
    const { tokens } = unit('a /* 1\n2 */ bc\n  \\d+e  12 // x\n');
    expect(shown(tokens)).toEqual(['a', 'bc', 'd+e', '12']);
    expect([...tokens.line]).toEqual([1, 2, 3, 3, 4]);
    expect([...tokens.column]).toEqual([1, 6, 3, 9, 1]);
    expect([...tokens.offset].slice(0, 4)).toEqual([0, 12, 17, 23]);
    expect([...tokens.length].slice(0, 4)).toEqual([1, 2, 4, 2]);
    expect(tokens.comments).toEqual([
      { file: 0, offset: 2, length: 9, before: 1 },
      { file: 0, offset: 26, length: 4, before: 4 },
    ]);
  });

  it('reads numbers as one token, without blanks', () => {
    expect(texts("8 'h F_f 'sd12 4'b1?x 'dx '0 'z 12 1_000.5 1e-3 2.5E+3 1.5ns 100fs")).toEqual([
      "8'hF_f",
      "'sd12",
      "4'b1?x",
      "'dx",
      "'0",
      "'z",
      '12',
      '1_000.5',
      '1e-3',
      '2.5E+3',
      '1.5ns',
      '100fs',
    ]);
    expect(texts("2'd1?a:b")).toEqual(["2'd1", '?', 'a', ':', 'b']);
    expect(texts('1.a 1step')).toEqual(['1', '.', 'a', '1', 'step']);
    expect([kindOf('1e3'), kindOf('10ns'), kindOf("'b0"), kindOf('7')]).toEqual(['real', 'time', 'number', 'number']);
  });

  it('joins numbers whose parts come out of macros', () => {
    expect(line("`define W 8\n`define V 1E3\n`W'd5 16'h`V `W 'h `V")).toBe("8'd5 16'h1E3 8'h1E3");
  });

  it('decodes strings to bytes', () => {
    const source = String.raw`"a\n\t\\\"\101\7z" "\x41\v"`;
    expect(texts(source)).toEqual(['"a\n\t\\"A\x07z"', '"x41v"']);
    expect(texts(source, { generation: '2012' })[1]).toBe('"A\v"');
    expect(texts('"é€"')).toEqual(['"\xc3\xa9\xe2\x82\xac"']);
    expect(texts('"\\351é"')).toEqual(['"\xe9\xc3\xa9"']);
    expect(line('"a\\\nb" c')).toBe('"ab" c');
    expect([...unit('"a\\\nb" c').tokens.line]).toEqual([1, 2, 2]);
  });

  it('takes the longest operator', () => {
    const all =
      '<<<= >>>= === !== ==? !=? <<< >>> <<= >>= &&& <-> |-> |=> ->> == != <= >= && || << >> ** ~& ~| ~^ ^~ -> => *>';
    const more =
      '+: -: ++ -- += -= *= /= %= &= |= ^= :: := :/ .* ## ( ) [ ] { } ; , . : ? @ # = < > + - * / % & | ^ ~ ! $';
    const operators = `${all} ${more}`.split(' ');
    expect(texts(operators.join(' '), { generation: '2012' })).toEqual(operators);
    expect(line('a<<<=b', { generation: '2012' })).toBe('a <<<= b');
    expect(line('a?b:/*c*/d (e+=>f)')).toBe('a ? b : d ( e + => f )');
  });

  it('leaves signs apart where Verilog knows no increment', () => {
    expect(line('a--1 b++c d&&&e')).toBe('a - - 1 b + + c d && & e');
    expect(line('a--1 d&&&e', { generation: '2012' })).toBe('a -- 1 d &&& e');
    expect(line('i++; j-- ) k++ > 2')).toBe('i ++ ; j -- ) k ++ > 2');
    expect(line('begin ++i; --j; a = ++b')).toBe('begin ++ i ; -- j ; a = + + b');
  });

  it('tells attributes from events', () => {
    expect(line('(* a = (b*(c)) *) @(*) @* @ ( * ) @(* ) (d*e)')).toBe(
      '(* a = ( b * ( c ) ) *) @ ( * ) @ * @ ( * ) @ ( * ) ( d * e )',
    );
    expect(line("8'(a) t'{b} ' { c }")).toBe("8 '( a ) t '{ b } '{ c }");
  });

  it('reserves the words of the generation', () => {
    const generation = (word: string, chosen: PreprocessOptions['generation']) =>
      kindOf(word, { generation: chosen }) === 'keyword';
    expect(generation('generate', '1995')).toBe(false);
    expect(generation('generate', '2001')).toBe(true);
    expect(generation('config', '2001-noconfig')).toBe(false);
    expect(generation('uwire', '2001')).toBe(false);
    expect(generation('uwire', '2005')).toBe(true);
    expect(generation('int', '2005')).toBe(false);
    expect(generation('int', '2005-sv')).toBe(true);
    expect(generation('checker', '2005-sv')).toBe(false);
    expect(generation('checker', '2009')).toBe(true);
    expect(generation('soft', '2009')).toBe(false);
    expect(generation('soft', '2012')).toBe(true);
    expect(kindOf('\\module ')).toBe('identifier');
    expect(kindOf('int')).toBe('identifier');
    expect(unit({ 'a.sv': '`include "b.v"', 'b.v': 'int' }).tokens.kinds[0]).toBe(TokenKind.keyword);
    const { tokens } = unit('`begin_keywords "1364-2001"\nuwire logic\n`end_keywords uwire', { generation: '2012' });
    expect([...tokens.kinds].slice(0, 3)).toEqual([TokenKind.identifier, TokenKind.identifier, TokenKind.keyword]);
    expect(tokens.directives).toEqual([
      { kind: 'keywords', generation: '2001', token: 0 },
      { kind: 'keywords', generation: undefined, token: 2 },
    ]);
  });

  it('takes logic for a type before SystemVerilog only where a type is meant', () => {
    const { tokens } = unit(
      'logic [3:0] a; logic b; input logic signed c; assign d = logic[1]; logic = 1; logic u(x);',
    );
    const kinds = tokens.texts.flatMap((text, i) => (text === 'logic' ? [tokens.kinds[i]] : []));
    const { keyword, identifier } = TokenKind;
    expect(kinds).toEqual([keyword, keyword, keyword, identifier, identifier, identifier]);
  });

  it('reports what is not closed and what cannot stand there, and goes on', () => {
    expect(codes('a "b\nc')).toEqual(['open-string t.v:1:3']);
    expect(unit('a "b\nc').tokens.texts).toEqual(['a', 'b', 'c', '']);
    expect(codes('a\n /* b')).toEqual(['open-comment t.v:2:2']);
    expect(codes('a é\u0001 \\ b ` c')).toEqual([
      'bad-character t.v:1:3',
      'bad-character t.v:1:6',
      'bad-character t.v:1:10',
    ]);
  });

  it('gives back any tokens that blanks divide', () => {
    const word = fc.constantFrom(
      'a',
      'b$1',
      '_c',
      'module',
      '$display',
      '12',
      "4'b1x",
      '1.5',
      '1e3',
      '==',
      '<<<',
      '(',
      ')',
      ';',
    );
    const gap = fc.constantFrom(' ', '\n', '\t', ' /* c */ ', ' // c\n', '\r\n');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, gap), { maxLength: 30 }), (parts) => {
        const source = parts.map(([text, between]) => text + between).join('');
        const { tokens, problems } = unit(source);
        expect(problems).toEqual([]);
        expect(shown(tokens)).toEqual(parts.map(([text]) => text));
        const lines = source.split('\n');
        for (let i = 0; i < tokens.count - 1; i++) {
          expect(source.slice(tokens.offset[i], tokens.offset[i]! + tokens.length[i]!)).toBe(tokens.texts[i]);
          expect(lines[tokens.line[i]! - 1]!.slice(tokens.column[i]! - 1).startsWith(tokens.texts[i]!)).toBe(true);
        }
      }),
    );
  });

  it('ends on any text', () => {
    const piece = fc.constantFrom(
      '`',
      '``',
      '`"',
      '"',
      "'",
      '\\',
      '/*',
      '*/',
      '//',
      '\n',
      '(',
      ')',
      ',',
      'x',
      '1',
      "'h",
      '`define ',
      '`m',
    );
    const more = fc.constantFrom(
      '`ifdef ',
      '`else',
      '`endif',
      '`include "t.v"',
      '`line 1 "a" 0',
      '`timescale ',
      '(*',
      '`undef m',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, more), { maxLength: 40 }), (parts) => {
        const { tokens } = unit(parts.join(''));
        expect(tokens.kinds[tokens.count - 1]).toBe(TokenKind.end);
      }),
    );
  });
});

describe('decodeSource', () => {
  const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

  it('keeps bytes that are no UTF-8', () => {
    const utf = 'a "\xc3\xa9" b';
    expect(decodeSource(bytesOf(utf))).toBe('a "é" b');
    for (const source of [utf, 'a "\xe9\xff" b']) {
      expect(texts(decodeSource(bytesOf(source)))).toEqual(source.split(' '));
    }
    expect(codes(decodeSource(bytesOf('a \xe9')))).toEqual(['bad-character t.v:1:3']);
  });
});

describe('macros', () => {
  it('stand for their text, also over lines, without comments', () => {
    expect(line('`define A x // no\n`define B(p, q) p + /* no */ \\\n q // no\n`A `B(1,(2,3))')).toBe(
      'x 1 + ( 2 , 3 )',
    );
    expect(line('`define C a // b \\\n c\n`C d')).toBe('a c d');
    expect(line('`define E\n`E a `E', { defines: { F: '' } })).toBe('a');
    expect(line('`D `G', { defines: { D: '1', G: 'a b' } })).toBe('1 a b');
  });

  it('take defaults, empty arguments, and arguments with strings, brackets and comments', () => {
    const define = '`define M(a=5, b, c="x,y") <a,b,c>\n';
    expect(line(`${define}\`M(,2)`)).toBe('< 5 , 2 , "x,y" >');
    expect(line(`${define}\`M(1,,3)`)).toBe('< 1 , , 3 >');
    expect(line(`${define}\`M /* c */ ( {1,2}[3,4] // )\n , "a)," , \\b,) )`)).toBe(
      '< { 1 , 2 } [ 3 , 4 ] , "a)," , b,) >',
    );
    expect(line('`define Z() z\n`Z() `Z( )')).toBe('z z');
    expect(line('`define P(\n a // one\n , b ) \\\n b a\n`P(1,\n2)')).toBe('2 1');
  });

  it('use other macros, defined later too, in text and arguments', () => {
    expect(line('`define A `B + 1\n`define B 2\n`A')).toBe('2 + 1');
    expect(line('`define MAX(a,b) ((a)>(b)?(a):(b))\n`MAX(`MAX(1,2),3)')).toContain('( ( ( 1 ) > ( 2 )');
    expect(line('`define P(a,b) a+b\n`define Q `P\n`define I(x) x\n`Q(1,2) `I(`Q(3,4))')).toBe('1 + 2 3 + 4');
    expect(codes('`define P(a) a\n`define I(x) x\n `I(`P)')).toEqual(['macro-arguments t.v:3:2']);
  });

  it('paste and quote', () => {
    expect(line('`define J(a,b) a``_``b``1\n`J(x, y)')).toBe('x_y1');
    expect(line('`define N 7\n`define S(x) `"v = x, `N`"\n`S(a  b)')).toBe('"v = a  b, 7"');
    expect(line('`define S(x) `"<`\\`"x`\\`">`"\n`S(a)')).toBe('"<"a">"');
    expect(line('`define S(x) `"x`"\n`S("a\\tb")')).toBe('""a\tb""');
    expect(line('`define PRE_1 one\n`define N 1\n`define G(n) `PRE_``n\n`G(`N) `G(1)')).toBe('one one');
    expect(line('`define D_1 d\n`define I(n) ```n``_1\n`I(D)')).toBe('d');
    expect(line('`define PREFIX a\n`define SUFFIX b\n`define X `PREFIX``_```SUFFIX\n`X')).toBe('a_b');
  });

  it('are not used in strings', () => {
    expect(line('`define a b\n`define M(a) "a `a" a\n"`a" `M(1)')).toBe('"`a" "a `a" 1');
  });

  it('make a string of what follows two backticks, as Icarus does', () => {
    expect(line('`define A b `C\n`define C d\n`define F(x) x;\n``A ``F(1) ``none')).toBe('"b d" "1;" "`none"');
  });

  it('may have escaped names, and hold directives', () => {
    expect(line('`define \\a+b (x) <x>\n`\\a+b (1)')).toBe('< 1 >');
    expect(line('`define X `ifdef Q 5 `else 6 `endif\n`X')).toBe('6');
    expect(line('`define X `define Y 5\n`X\n`Y')).toBe('5');
  });

  it('place their tokens where they are used', () => {
    const { tokens } = unit('`define A x +\n`define B(p) `A p\n  `B(1\n)  y');
    expect(shown(tokens)).toEqual(['x', '+', '1', 'y']);
    expect([...tokens.fromMacro]).toEqual([1, 1, 1, 0, 0]);
    expect([...tokens.line]).toEqual([3, 3, 3, 4, 4]);
    expect([...tokens.column].slice(0, 4)).toEqual([3, 3, 3, 4]);
    expect([...tokens.length].slice(0, 4)).toEqual([6, 6, 6, 1]);
    expect(tokens.macros.get('B')).toEqual({
      name: 'B',
      parameters: [{ name: 'p' }],
      body: '`A p',
      file: 0,
      offset: 14,
      line: 2,
    });
  });

  it('without end, without a definition or with wrong arguments are reported', () => {
    expect(codes('`define A `B\n`define B `A\n x `A')).toEqual(['macro-recursion t.v:3:4']);
    expect(codes('`define A(x) `"`A(x)`"\n`A(1)')).toEqual(['macro-recursion t.v:2:1']);
    expect(codes('`define A `A``x\n`A')).toEqual(['macro-recursion t.v:2:1']);
    expect(codes('a\n `nope b')).toEqual(['undefined-macro t.v:2:2']);
    expect(unit('`nope').problems[0]).toMatchObject({ severity: 'warning' });
    expect(unit('`timescal').problems[0]).toMatchObject({ remedy: 'Is `timescale meant?' });
    const define = '`define M(a,b=1) a\n';
    for (const use of ['`M', '`M(1,2,3)', '`M(1', '`M+1'])
      expect(codes(define + use)).toEqual(['macro-arguments t.v:2:1']);
    expect(codes('`define M(a) a\n`define M(a) b')).toEqual(['macro-replacement t.v:2:1']);
    expect(codes('`define M a\n`define M a')).toEqual([]);
    expect(codes('`define M a\n`define M a', { everyRedefinition: true })).toEqual(['macro-redefinition t.v:2:1']);
    expect(codes('`define M(1) a\n`define\n`define else 1\n`undef')).toEqual([
      'bad-directive t.v:1:1',
      'bad-directive t.v:2:1',
      'bad-directive t.v:3:1',
      'bad-directive t.v:4:1',
    ]);
    expect(codes(`\`define A(x) x x x x x x x x x x\n${'`A('.repeat(60)}q${')'.repeat(60)}`)).toEqual([
      'macro-size t.v:2:1',
    ]);
  });

  it('can be removed', () => {
    expect(
      line('`define A 1\n`undef A\n`ifdef A x `endif\n`define B\n`undefineall\n`ifdef B y `endif `D', {
        defines: { D: 'd' },
      }),
    ).toBe('d');
  });
});

describe('directives', () => {
  it('choose what is read', () => {
    const choose = (defines: Record<string, string>) =>
      line('`ifdef A a `ifdef B ab `endif\n`elsif B b // `else\n`elsif C c /* `endif */ `else "`endif" \n`endif z', {
        defines,
      });
    expect(choose({})).toBe('"`endif" z');
    expect(choose({ A: '' })).toBe('a z');
    expect(choose({ A: '', B: '' })).toBe('a ab z');
    expect(choose({ B: '', C: '' })).toBe('b z');
    expect(choose({ C: '' })).toBe('c z');
    expect(line('`ifndef A a `else b `endif `ifdef __ICARUS__ c `endif')).toBe('a c');
    expect(line('`define /* x */ A /* y */ 1\n`ifdef /* z */ A a `endif')).toBe('a');
    expect(codes('`ifdef\nA a\n`endif')).toEqual(['bad-directive t.v:1:1']);
    expect(line('`ifdef A\n`define M `endif\n`else x `endif')).toBe('x');
  });

  it('are reported when they do not fit together', () => {
    expect(codes('`endif\n`ifdef A\n`else\n`else\n`endif')).toEqual(['bad-directive t.v:1:1', 'bad-directive t.v:4:1']);
    expect(codes('a\n `ifndef A b')).toEqual(['open-conditional t.v:2:2']);
    expect(codes('a\n `ifdef A b')).toEqual(['open-conditional t.v:2:2']);
    expect(codes({ 't.v': '`ifdef __ICARUS__\n`include "u.v"\n`endif', 'u.v': '`endif' })).toEqual([
      'bad-directive u.v:1:1',
    ]);
  });

  it('include files: beside the file first, then as named, then in the folders given', () => {
    const files = {
      'a/t.v': '`include "i.v" `include <j.v> `include `F',
      'a/i.v': '1',
      'i.v': '2',
      'inc/j.v': '3',
      'inc/i.v': '4',
    };
    const options = { includeDirs: ['inc'], defines: { F: '"../inc/j.v"' } };
    expect(line(files, options)).toBe('1 3 3');
    const named = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path === 'i.v' ? './i.v' : path, text]),
    );
    expect(line(named, { ...options, relativeIncludes: false })).toBe('2 3 3');
    const { tokens } = unit(files, options);
    expect(tokens.files.map(({ path }) => path)).toEqual(['a/t.v', 'a/i.v', 'inc/j.v']);
    expect([...tokens.file].slice(0, 3)).toEqual([1, 2, 2]);
  });

  it('report files that are missing or include themselves', () => {
    expect(codes('\n `include "none.v"')).toEqual(['no-such-file t.v:2:2']);
    expect(codes({ 't.v': '`include "u.v"\na', 'u.v': '`include "t.v"\nb' }).map((code) => code.split(' ')[0])).toEqual(
      ['include-loop'],
    );
    expect(line({ 't.v': '`ifndef G\n`define G\n`include "t.v"\nx\n`endif' })).toBe('x');
    expect(preprocess(['gone.v'], { defines: {}, includeDirs: [], read: () => undefined }).problems[0]).toMatchObject({
      code: 'no-such-file',
      where: { file: 'gone.v' },
    });
  });

  it('hand on what holds from a token on', () => {
    const source = `a \`timescale 10 ns / 100
      ps b \`default_nettype none \`celldefine c \`unconnected_drive pull1
      \`resetall \`endcelldefine \`nounconnected_drive d \`pragma foo bar, "x"
      e`;
    const { tokens, problems } = unit(source);
    expect(problems).toEqual([]);
    expect(shown(tokens)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(tokens.directives).toEqual([
      { token: 1, kind: 'timescale', unit: -8, precision: -10 },
      { token: 2, kind: 'default_nettype', netType: 'none' },
      { token: 2, kind: 'celldefine', on: true },
      { token: 3, kind: 'unconnected_drive', pull: 'pull1' },
      { token: 3, kind: 'resetall' },
      { token: 3, kind: 'celldefine', on: false },
      { token: 3, kind: 'unconnected_drive', pull: undefined },
    ]);
    expect(unit('`timescale `U/`P', { defines: { U: '1ns', P: '1 ps' } }).tokens.directives[0]).toMatchObject({
      unit: -9,
      precision: -12,
    });
    const timescale = { unit: -9, precision: -9 };
    expect(unit('a', { timescale }).tokens.directives).toEqual([{ token: 0, kind: 'timescale', ...timescale }]);
    expect(unit('a `resetall', { timescale }).tokens.directives[2]).toEqual({
      token: 1,
      kind: 'timescale',
      ...timescale,
    });
  });

  it('are reported when they are wrong', () => {
    const wrong = [
      'timescale 1ns/1us',
      'timescale 3ns/1ns',
      'timescale 1ns',
      'default_nettype reg',
      'unconnected_drive',
      'line x',
    ];
    for (const each of [...wrong, 'begin_keywords x', 'end_keywords']) {
      expect([each, codes(`\`${each}`)]).toEqual([each, ['bad-directive t.v:1:1']]);
    }
    expect(codes('`begin_keywords "1364-99"')).toEqual(['not-supported t.v:1:1']);
    expect(codes('`protected\n#$é\n`endprotected a')).toEqual(['not-supported t.v:1:1']);
    expect(codes('`pragma protect begin_protected\n#$é\n`pragma protect end_protected\na')).toEqual([
      'not-supported t.v:1:1',
    ]);
    expect(unit('`delay_mode_path\na').problems[0]).toMatchObject({ severity: 'warning', code: 'not-supported' });
  });

  it('say other lines and files', () => {
    const { tokens } = unit('`__FILE__ `__LINE__\n`line 7 "x/y.v" 0\n a `__FILE__\n`__LINE__\n"');
    expect(tokens.texts.slice(0, 5)).toEqual(['t.v', '1', 'a', 'x/y.v', '8']);
    expect([...tokens.line].slice(0, 5)).toEqual([1, 1, 7, 7, 8]);
    expect(tokens.reported.get(2)).toBe('x/y.v');
    expect(tokens.reported.has(1)).toBe(false);
    expect(codes('`line 7 "x/y.v" 0\n"')).toEqual(['open-string x/y.v:7:1']);
  });
});

describe('units', () => {
  const read = (path: string) =>
    ({ 'a.v': '`define A 1\n`timescale 1ns/1ns', 'b.v': '`ifdef A x `else y `endif', 'l.v': 'l `A' })[path];
  const options: PreprocessOptions = { defines: {}, includeDirs: [], read };

  it('carry macros from file to file, or do not', () => {
    expect(preprocess(['a.v', 'b.v'], options).tokens.texts).toEqual(['x', '']);
    expect(preprocessUnits(['a.v', 'b.v'], options, true).map(({ tokens }) => tokens.texts)).toEqual([[''], ['y', '']]);
    expect(preprocessUnits(['a.v', 'b.v'], options, false)).toHaveLength(1);
  });

  it('go on with what another one ended with', () => {
    const first = preprocess(['a.v'], options);
    const { tokens, problems } = preprocess(['l.v'], { ...options, after: first.tokens });
    expect(problems).toEqual([]);
    expect(tokens.texts).toEqual(['l', '1', '']);
    expect(tokens.directives).toEqual([{ token: 0, kind: 'timescale', unit: -9, precision: -9 }]);
  });
});
