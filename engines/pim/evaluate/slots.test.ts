import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SlotBus } from './slots.ts';

it('books the slots that a plain array of slots would book, in any order of times', () => {
  // Around the border of two pages of 32,768 slots too.
  const at = fc.oneof(fc.nat(400), fc.integer({ min: 32_600, max: 32_900 }));
  const booking = fc.record({ at, count: fc.oneof(fc.nat(5), fc.nat(150)) });
  fc.assert(
    fc.property(fc.array(booking, { maxLength: 60 }), (bookings) => {
      const bus = new SlotBus();
      const taken = new Set<number>();
      for (const { at, count } of bookings) {
        let slot = at;
        for (let left = count; left > 0; slot++) {
          if (taken.has(slot)) continue;
          taken.add(slot);
          left -= 1;
        }
        expect(bus.book(at, count)).toBe(slot - at);
      }
    }),
  );
});

it('reaches far beyond its first size', () => {
  const bus = new SlotBus();
  expect(bus.book(100_000_000, 40)).toBe(40);
  expect(bus.book(99_999_990, 11)).toBe(51);
  expect(bus.book(0, 1_000_000)).toBe(1_000_000);
  expect(bus.book(5, 1)).toBe(999_996);
});

it('stays small and quick where a bus is booked out for seconds', () => {
  const bus = new SlotBus();
  expect(bus.book(1000, 10_000_000_000)).toBe(10_000_000_000);
  expect(bus.book(0, 1001)).toBe(10_000_001_001);
  expect(bus.book(2000, 3)).toBe(10_000_001_004 - 2000);
});
