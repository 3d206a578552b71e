import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WaveDatabase } from './database.ts';
import { WaveRecorder } from './recorder.ts';
import { binaryText, bitsOf, formatBits, numberAt, type Radix } from './value.ts';

const text = (digits: string, radix: Radix) => formatBits(bitsOf(digits), radix);

describe('a value as text', () => {
  it.each<[string, Radix, string]>([
    ['10100101', 'hex', 'a5'],
    ['110100101', 'hex', '1a5'],
    ['xxxx0101', 'hex', 'x5'],
    ['x1xx0101', 'hex', 'X5'],
    ['zzzzz101', 'hex', 'zZ'],
    ['zzxz', 'hex', 'X'],
    ['110100101', 'octal', '645'],
    ['10100101', 'unsigned', '165'],
    ['10100101', 'signed', '-91'],
    ['1010010x', 'unsigned', 'X'],
    ['xxxx', 'signed', 'x'],
    ['zzzz', 'unsigned', 'z'],
    ['zz01', 'unsigned', 'Z'],
    ['0100100001101001', 'ascii', 'Hi'],
    ['000000000100100000001010', 'ascii', 'H.'],
    ['01001000xxxx0000', 'ascii', 'H?'],
    ['x', 'hex', 'x'],
    ['1', 'signed', '1'],
    ['00111111100000000000000000000000', 'float', '1'],
    ['1100000000001001001000011111101101010100010001000010110100011000', 'float', '-3.14159265'],
    ['0011110000000000', 'float', '1'],
    ['0000000000000001', 'float', '5.96046448e-8'],
    ['101', 'float', '5'],
  ])('%s as %s is %s', (digits, radix, expected) => {
    expect(text(digits, radix)).toBe(expected);
  });

  it('agrees with big integers on numbers of any width', () => {
    const digits = fc.string({ unit: fc.constantFrom('0', '1'), minLength: 2, maxLength: 200 });
    fc.assert(
      fc.property(digits, (bits) => {
        const value = BigInt(`0b${bits}`);
        expect(text(bits, 'unsigned')).toBe(value.toString());
        expect(text(bits, 'signed')).toBe(BigInt.asIntN(bits.length, value).toString());
        expect(text(bits, 'hex')).toBe(value.toString(16).padStart(Math.ceil(bits.length / 4), '0'));
        expect(text(bits, 'octal')).toBe(value.toString(8).padStart(Math.ceil(bits.length / 3), '0'));
        expect(binaryText(bitsOf(bits))).toBe(bits);
      }),
    );
  });

  it('names the members of an enumeration, also signed ones and those with x', () => {
    const names = {
      name: 'state_t',
      members: [
        { name: 'IDLE', a: 0n, b: 0n },
        { name: 'LAST', a: -1n, b: 0n },
        { name: 'BAD', a: 7n, b: 7n },
      ],
    };
    expect(formatBits(bitsOf('000'), 'name', names)).toBe('IDLE');
    expect(formatBits(bitsOf('111'), 'name', names)).toBe('LAST');
    expect(formatBits(bitsOf('xxx'), 'name', names)).toBe('BAD');
    expect(formatBits(bitsOf('101'), 'name', names)).toBe('5');
  });

  it('is a number to draw where all is known', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('0', '1'), minLength: 2, maxLength: 80 }), (bits) => {
        const recorder = new WaveRecorder({ timescale: 0 });
        const trace = recorder.declare({ scope: -1, name: 'v', word: 'reg', type: 'bits', width: bits.length });
        const { a, b } = bitsOf(bits);
        recorder.change(trace, 0, a, b, 0, a.length);
        const database = new WaveDatabase();
        database.append(recorder.takeDelta());
        const data = database.trace(trace);
        expect(numberAt(data, 0, 'unsigned')).toBeCloseTo(Number(BigInt(`0b${bits}`)), -9);
        const signed = Number(BigInt.asIntN(bits.length, BigInt(`0b${bits}`)));
        expect(Math.abs(numberAt(data, 0, 'signed')! - signed)).toBeLessThanOrEqual(Math.abs(signed) * 1e-15);
      }),
    );
  });
});
