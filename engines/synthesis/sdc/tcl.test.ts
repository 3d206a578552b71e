import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tcl } from './tcl.ts';
import { joinList, splitList } from './tcl-words.ts';

/** What a script leaves in `x`, or its first error as "line:column code". */
function run(script: string): string {
  const said: string[] = [];
  const tcl = new Tcl((name, args) => {
    if (name !== 'say') return undefined;
    said.push(args.map((arg) => arg.text).join('|'));
    return 'said';
  }, 10_000);
  const [error] = tcl.runAll(script, 10);
  if (error) return `${error.spot.line}:${error.spot.column} ${error.code}`;
  return said.join(' ');
}

describe('expr', () => {
  // Values as tclsh 8.6 gives them.
  it.each([
    ['7/2', '3'],
    ['-7/2', '-4'],
    ['-7%3', '2'],
    ['7.0/2', '3.5'],
    ['1e3*2', '2000.0'],
    ['1/3.0', '0.3333333333333333'],
    ['2**3', '8'],
    ['2**-1', '0.5'],
    ['-2**2', '4'],
    ['2**3**2', '512'],
    ['round(2.5)', '3'],
    ['round(-2.5)', '-3'],
    ['int(2.7)', '2'],
    ['min(1,2.5)', '1'],
    ['max(1, 2, 3)', '3'],
    ['pow(2,3)', '8.0'],
    ['ceil(2.1)', '3.0'],
    ['sqrt(9)', '3.0'],
    ['abs(-3)', '3'],
    ['fmod(7.5, 2)', '1.5'],
    ['0x10 + 1', '17'],
    ['3 < 2 || 1', '1'],
    ['1 ? 2 : 1/0', '2'],
    ['0 && 1/0', '0'],
    ['1 + 2 * 3 - (4 - 5)', '8'],
    ['!0 + !3', '1'],
    ['1 << 4 | 3 & 6 ^ 1', '19'],
    ['"a" eq "a"', '1'],
    ['"clk" == {clk} ? 3 : 4', '3'],
    ['"b" > "a"', '1'],
    ['1.5e-1 + .5', '0.65'],
    ['5 >= 5', '1'],
    ['true && !false', '1'],
  ])('%s is %s', (expression, value) => {
    expect(run(`say [expr {${expression}}]`)).toBe(value);
  });

  it('refuses what has no value', () => {
    for (const bad of [
      '1/0',
      '1 +',
      '(1',
      '010 + 1',
      '3ns',
      'foo',
      'foo(1)',
      'sqrt(0-1)',
      'min()',
      'abs(1,2)',
      '1.5 % 2',
      '"a" + 1',
    ])
      expect(run(`say [expr {${bad}}]`), bad).toMatch(/sdc-expression$/);
    expect(run('say [expr {9007199254740991 + 1}]')).toMatch(/sdc-expression$/);
  });

  it('takes words without braces too, and variables and commands inside', () => {
    expect(run('set p 10; say [expr $p / 4.0] [expr {$p * [expr 1+1]}]')).toBe('2.5|20');
  });
});

describe('words', () => {
  it('substitutes in words and quotes, not in braces', () => {
    expect(run(`set a 1; say $a $\{a}b "x $a [say q]" {$a [q]} a\\$b`)).toBe('q 1|1b|x 1 said|$a [q]|a$b');
  });

  it('leaves indices of buses as they are', () => {
    expect(run('set i 2; say a[3] a[*] "b[7:0]" a[$i] a\\[1\\] {a[0]}')).toBe('a[3]|a[*]|b[7:0]|a[2]|a[1]|a[0]');
  });

  it('continues lines, passes over comments, and parts commands by ;', () => {
    expect(run('# a comment \\\n goes on\nsay a \\\n  b; say c ;# end\r\nsay "d \\\n   e" {f \\\n g}')).toBe(
      'a|b c d  e|f  g',
    );
  });

  it('expands lists', () => {
    expect(run('set l {a {b c}}; say {*}$l d')).toBe('a|b c|d');
  });

  it.each([
    ['say a\n  say {b', '2:7 sdc-syntax'],
    ['say "a', '1:5 sdc-syntax'],
    ['say [say a', '1:5 sdc-syntax'],
    ['say {a}b', '1:8 sdc-syntax'],
    ['say $b', '1:5 sdc-no-variable'],
    ['say a\n\n foo b', '3:2 sdc-unknown-command'],
    ['say $a(1)', '1:5 sdc-syntax'],
    ['if 1 {\n  say $b\n}', '2:7 sdc-no-variable'],
    ['foreach i {1 2} {\n\n say [expr {$i + q}] }', '3:18 sdc-expression'],
    ['break', '1:1 sdc-syntax'],
    ['source a.tcl', '1:1 sdc-unsupported'],
    ['while 1 {}', '1:7 sdc-endless'],
    ['set s {eval}; $s 1', '1:15 sdc-unknown-command'],
    ['lindex {a {b} 0', '1:8 sdc-syntax'],
    ['llength "a {b"', '1:9 sdc-list'],
  ])('says where it is wrong: %j', (script, place) => {
    expect(run(script)).toBe(place);
  });

  it('goes on behind a wrong command', () => {
    const tcl = new Tcl(() => undefined, 1000);
    expect(tcl.runAll('foo\nset a 1\nbar $a\nset b [', 10).map((error) => error.spot.line)).toEqual([1, 3, 4]);
  });

  it('does not fall over deep nesting', () => {
    expect(run('['.repeat(5000))).toMatch(/sdc-syntax$/);
    expect(run(`say [expr {${'('.repeat(5000)}`)).toMatch(/sdc-/);
    expect(run(`${'if 1 {'.repeat(3000)}${'}'.repeat(3000)}`)).toMatch(/sdc-syntax$/);
    expect(run(`say ${'[expr {'.repeat(2000)}1${'}]'.repeat(2000)}`)).toMatch(/sdc-syntax$/);
  });
});

describe('control', () => {
  it('loops and decides', () => {
    expect(run('foreach {a b} {1 2 3 4} {if {$a == 1} {continue}; say $a$b}')).toBe('34');
    expect(run('for {set i 0} {$i < 5} {incr i} {if {$i == 3} break; say $i}')).toBe('0 1 2');
    expect(run('set i 0; while {$i < 2} {say $i; incr i}')).toBe('0 1');
    expect(run('set i 3; if {$i < 2} {say a} elseif {$i < 4} {say b} else {say c}')).toBe('b');
    expect(run('if 0 then {say a} else {say c}')).toBe('c');
  });

  it('handles lists', () => {
    expect(run('say [lindex {a {b c} d} 1] [lindex {a b} end] [llength {a {b c}}] [lrange {a b c d} 1 end-1]')).toBe(
      'b c|b|2|b c',
    );
    expect(run('lappend l a {b c}; lappend l d; append t x y; say $l [join $l -] [concat {a b} {} {c {d e}}] $t')).toBe(
      'a {b c} d|a-b c-d|a b c {d e}|xy',
    );
    expect(run('set a 1; unset a; say $a')).toBe('1:23 sdc-no-variable');
  });

  it('searches lists and replaces their elements', () => {
    expect(
      run(
        'set l {a b ab c}; say [lsearch $l b] [lsearch $l x] [lsearch -all $l a*] [lsearch -inline -all -not -exact $l a]',
      ),
    ).toBe('1|-1|0 2|b ab c');
    expect(
      run('say [lreplace {a b c d} 1 2] [lreplace {a b} 0 0 x y] [lreplace {a b} -1 -1] [lreplace {a b} end end z]'),
    ).toBe('a d|x y b|a b|a z');
    expect(run('lsearch -regexp {a} a')).toBe('1:1 sdc-unknown-option');
  });

  it('joins and splits lists of any texts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', ' ', '{', '}', '\\', '"', '[', ']', '$', '\n', ';', '#') })),
        (texts) => {
          expect(splitList(joinList(texts))).toEqual(texts);
        },
      ),
    );
  });
});
