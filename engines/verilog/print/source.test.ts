import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModuleDecl } from '../syntax/ast.ts';
import { parseText } from '../syntax/parse.fixture.ts';
import { children, nodesAt, tokenAt, walk } from '../syntax/walk.ts';
import { editSource, printNode, printUnit } from './source.ts';

const TEXT = `// head
\`define TWO 1 + 1
\`timescale 1ns/1ps

module  m ( input a,   // first
            output b );
  /* before */ assign b = a  &  \`TWO ; // after
\`ifdef NEVER
  wire w;
\`endif
  always @* begin : x
    if (a) c = 1; else
      c <= 2 ;
  end
endmodule // m

module n; endmodule
`;

describe('the source of a tree', () => {
  it('is the text as it was written', () => {
    const { unit, tokens, problems } = parseText(TEXT);
    expect(problems).toEqual([]);
    expect(printUnit(unit, tokens)).toBe(TEXT);
    const [m, n] = unit.items as ModuleDecl[];
    expect(printNode(n!, tokens)).toBe('module n; endmodule');
    expect(printNode(m!.items[0]!, tokens)).toBe('assign b = a  &  `TWO ;');
  });

  it('is the text even of what cannot be read', () => {
    const pieces = [
      'module m;',
      'endmodule',
      ' wire w',
      ';',
      '\n// c\n',
      '/* d */',
      ' begin ',
      ' end',
      '`X',
      '(',
      ']',
      '"s"',
      " 4'b1",
      '\\e ',
      '`define X y z\n',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (list) => {
        const text = list.join('');
        const { unit, tokens } = parseText(text);
        expect(printUnit(unit, tokens)).toBe(text);
      }),
    );
  });

  it('takes edits without touching the rest', () => {
    const { unit, tokens } = parseText(TEXT);
    const m = unit.items[0] as ModuleDecl;
    const always = m.items[1]!;
    const { files, problems } = editSource(tokens, [
      { first: always.first, last: always.last, text: 'wire z;' },
      { first: m.name.first, last: m.name.last, text: 'top' },
      { first: always.first, last: always.first - 1, text: '/* new */ ' },
    ]);
    expect(problems).toEqual([]);
    expect(files).toHaveLength(1);
    expect(files[0]!.text).toBe(
      TEXT.replace('module  m', 'module  top').replace(/always[\s\S]*?end\n/, '/* new */ wire z;\n'),
    );
  });

  it('stays the same where a node is replaced by its own text', () => {
    const { unit, tokens } = parseText(TEXT);
    let edited = 0;
    walk(unit, (node) => {
      if (node.last < node.first) return;
      const { files, problems } = editSource(tokens, [{ ...node, text: printNode(node, tokens) }]);
      if (problems.length > 0) return;
      expect(files[0]!.text).toBe(TEXT);
      edited++;
    });
    expect(edited).toBeGreaterThan(20);
  });

  it('refuses edits that the text cannot hold', () => {
    const { unit, tokens } = parseText(TEXT);
    const assign = (unit.items[0] as ModuleDecl).items[0]!;
    // One of the three tokens of the macro.
    expect(editSource(tokens, [{ first: assign.last - 1, last: assign.last - 1, text: '7' }]).problems).toHaveLength(1);
    expect(editSource(tokens, [{ first: assign.last - 3, last: assign.last - 1, text: '7' }]).problems).toEqual([]);
    const over = { first: assign.first, last: assign.last + 1, text: '' };
    expect(editSource(tokens, [over]).problems[0]?.what).toBe('A directive stands amid what is to be changed.');
    const whole = { first: assign.first, last: assign.last, text: '' };
    expect(editSource(tokens, [whole, { ...whole, first: assign.first + 1 }]).problems).toHaveLength(1);
  });
});

describe('walking', () => {
  it('visits every node below, in the order of the text', () => {
    const { unit, tokens } = parseText('module m; assign a = b + c; initial if (d) e = f; else g = h; endmodule');
    const names: string[] = [];
    walk(unit, (node) => {
      if (node.kind === 'name') names.push(printNode(node, tokens));
    });
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    expect(children(unit.items[0]!).map((node) => node.kind)).toEqual([undefined, 'assign', 'process']);
  });

  it('finds the nodes around a place', () => {
    const text = 'module m; assign a = b + c; endmodule';
    const { unit, tokens } = parseText(text);
    const token = tokenAt(tokens, 0, text.indexOf('b +'));
    expect(nodesAt(unit, token!).map((node) => node.kind)).toEqual([
      undefined,
      'module',
      'assign',
      undefined,
      'binary',
      'name',
    ]);
  });
});
