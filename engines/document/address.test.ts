import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Address, formatAddress, parseAddress } from './address.ts';

const cases: [string, Address][] = [
  ['#/', { kind: 'home' }],
  ['#/rtl', { kind: 'lab', lab: 'rtl' }],
  ['#/rtl?id=a%20b', { kind: 'lab', lab: 'rtl', design: 'a b' }],
  ['#/near-data?d=1AbC-_', { kind: 'link', lab: 'near-data', payload: '1AbC-_' }],
  ['#/e/fir', { kind: 'example', id: 'fir' }],
  ['#/e/fir?lab=rtl', { kind: 'example', id: 'fir', lab: 'rtl' }],
  ['#/l/replicate', { kind: 'lesson', id: 'replicate' }],
  ['#/l/replicate?step=2', { kind: 'lesson', id: 'replicate', step: 2 }],
];

describe('addresses', () => {
  it.each(cases)('%s is read and written', (hash, address) => {
    expect(parseAddress(hash)).toEqual(address);
    expect(formatAddress(address)).toBe(hash);
  });

  it('are read with some tolerance', () => {
    expect(parseAddress('')).toEqual({ kind: 'home' });
    expect(parseAddress('#')).toEqual({ kind: 'home' });
    expect(parseAddress('#/rtl/')).toEqual({ kind: 'lab', lab: 'rtl' });
    expect(parseAddress('#/rtl?x=1&id=7&y')).toEqual({ kind: 'lab', lab: 'rtl', design: '7' });
    expect(parseAddress('#/rtl?d=')).toEqual({ kind: 'link', lab: 'rtl', payload: '' });
    expect(parseAddress('#/rtl?d=1%zz')).toEqual({ kind: 'link', lab: 'rtl', payload: '1%zz' });
    expect(parseAddress('#/l/replicate?step=0')).toEqual({ kind: 'lesson', id: 'replicate' });
  });

  it.each(['#rtl', '#/e', '#/l', '#/x/y', '#/e/a/b', '#/RTL', '#//', '#/../x', '#/__proto__'])(
    '%s is unknown',
    (hash) => {
      expect(parseAddress(hash)).toEqual({ kind: 'unknown', text: hash });
      expect(formatAddress({ kind: 'unknown', text: hash })).toBe(hash);
    },
  );

  it('are read back as they were written, and nothing makes the reader throw', () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,9}$/);
    const lab = name.filter((text) => text !== 'e' && text !== 'l');
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    const address: fc.Arbitrary<Address> = fc.oneof(
      fc.record({ kind: fc.constant('lab' as const), lab, design: text }, { requiredKeys: ['kind', 'lab'] }),
      fc.record({ kind: fc.constant('link' as const), lab, payload: text }),
      fc.record({ kind: fc.constant('example' as const), id: name, lab: name }, { requiredKeys: ['kind', 'id'] }),
      fc.record(
        { kind: fc.constant('lesson' as const), id: name, step: fc.integer({ min: 1 }) },
        { requiredKeys: ['kind', 'id'] },
      ),
    );
    fc.assert(
      fc.property(address, (one) => {
        expect(parseAddress(formatAddress(one))).toEqual(one);
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (hash) => void parseAddress(`#/${hash}`)));
  });
});
