import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantsOf, constantText, describeConstant } from './constants.fixture.ts';
import { print, shapeOf, tree, treeValue } from './expression.fixture.ts';

describe('widths and signs', () => {
  it('agree with a reference written from the standard, on random expressions', () => {
    const some = tree.filter((candidate) => shapeOf(candidate).width <= 2000);
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 40 }), (trees) => {
        const { values } = constantsOf(trees.map((inner) => print(inner)));
        trees.forEach((inner, i) => {
          const { signed, bits } = treeValue(inner);
          expect(describeConstant(values[i]!), print(inner)).toBe(`${signed ? 's' : 'u'}${bits.length} ${bits}`);
        });
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    // An unsized number has 32 bits, and more where its digits need them.
    ['1 + 2', `s32 ${'11'.padStart(32, '0')}`],
    ["4'd15 + 4'd1", 'u4 0000'],
    ["4'd15 + 5'd1", 'u5 10000'],
    // The sign of an operand only counts when all operands are signed.
    ["4'sb1000 + 8'sd0", 's8 11111000'],
    ["4'sb1000 + 8'd0", 'u8 00001000'],
    ["-4'sd3 >>> 1", 's4 1110'],
    ["8'hff + '1", 'u8 11111110'],
    ["9'hx", `u9 ${'x'.repeat(9)}`],
    ['"ab"', 'u16 0110000101100010'],
    ["{2{3'b1x0}}", 'u6 1x01x0'],
    ["{4'd5, {0{1'b1}}}", 'u4 0101'],
    ['5 inside {[1:6], 9}', 'u1 1'],
    ["{<<{4'b0001}}", 'u4 1000'],
    ["{<<2{6'b110001}}", 'u6 010011'],
    ["signed'(4'hf) + 8'sd0", 's8 11111111'],
    ["4'(8'hab)", 'u4 1011'],
    ["int'(2.5)", `s32 ${'11'.padStart(32, '0')}`],
    ["-2.5 < 8'd1", 'u1 1'],
    ['1 ? 2 : 3.0', 'real 2'],
    ['2.0 ** 3', 'real 8'],
    ['$bits(logic [6:0])', `s32 ${'111'.padStart(32, '0')}`],
    ['$clog2(17)', `s32 ${'101'.padStart(32, '0')}`],
    ["4'b10x1 ==? 4'b1zx1", 'u1 1'],
  ])('%s is %s', (text, expected) => {
    expect(constantText(text)).toBe(expected);
  });
});

describe('what has no value', () => {
  it.each([
    ['nothing', 'Unable to bind wire/reg/memory "nothing" in "m".'],
    ["{1, 2'd1}", 'Concatenation operand 1 has an indefinite width.'],
    ['~1.5', "The operand of '~' may not be a real."],
    ['1.5 << 2', "The operand of '<<' may not be a real."],
    ["{0{1'b1}}", 'A replication of zero times can only stand in a concatenation.'],
    ['$foo(1)', 'System function $foo() is not defined.'],
    ['f(1)', 'No function named "f" found in this context (m).'],
    ["'{1, 2}", 'An assignment pattern needs a type: it can be assigned, or have a type before it.'],
  ])('%s', (text, expected) => {
    expect(constantText(text)).toBe(`error: ${expected}`);
  });
});
