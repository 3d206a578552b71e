import { expect, it } from 'vitest';
import { type KeyValue, memoryStorage, resilientStorage } from './storage.ts';

/** A storage with room for values of so many characters in all. */
function small(room: number): KeyValue & { room: number } {
  const below = memoryStorage();
  const sizes = new Map<string, number>();
  const storage = {
    ...below,
    room,
    async setMany(entries: readonly (readonly [string, unknown])[]) {
      const next = new Map(sizes);
      for (const [key, value] of entries) next.set(key, JSON.stringify(value).length);
      if ([...next.values()].reduce((sum, size) => sum + size, 0) > storage.room) throw new Error('full');
      for (const [key, size] of next) sizes.set(key, size);
      await below.setMany(entries);
    },
    async removeMany(keys: readonly string[]) {
      for (const key of keys) sizes.delete(key);
      await below.removeMany(keys);
    },
  };
  return storage;
}

it('a value is a copy: changing it afterwards changes nothing that is kept', async () => {
  const storage = memoryStorage();
  const value = { list: [1] };
  await storage.setMany([['a', value]]);
  value.list.push(2);
  (await storage.get<typeof value>('a'))?.list.push(3);
  expect(await storage.get('a')).toEqual({ list: [1] });
});

it('what does not fit is kept in memory, what fits is not kept back by it, and all is written when there is room', async () => {
  const below = small(40);
  const told: unknown[] = [];
  let relieved = 0;
  const storage = resilientStorage(
    below,
    (reason) => told.push(reason),
    () => relieved++,
  );
  await storage.setMany([['large', 'x'.repeat(100)]]);
  expect(told).toHaveLength(1);
  expect(storage.troubled).toBe(true);
  await storage.setMany([['little', 'y']]);
  expect(await below.get('little')).toBe('y');
  expect(await storage.getMany(['large', 'little', 'none'])).toEqual(['x'.repeat(100), 'y', undefined]);
  expect((await storage.keys()).sort()).toEqual(['large', 'little']);
  below.room = 1000;
  await storage.setMany([['another', 'z']]);
  expect(storage.troubled).toBe(false);
  expect(relieved).toBe(1);
  expect(await below.get('large')).toBe('x'.repeat(100));
});

it('a newer value in memory hides the older that is kept, and removing removes both', async () => {
  const below = small(40);
  const storage = resilientStorage(below, () => {});
  await storage.setMany([['a', 'old']]);
  await storage.setMany([['a', 'x'.repeat(100)]]);
  expect(await storage.get('a')).toBe('x'.repeat(100));
  await storage.removeMany(['a']);
  expect(await storage.get('a')).toBeUndefined();
  expect(await below.get('a')).toBeUndefined();
  expect(await storage.keys()).toEqual([]);
  expect(storage.troubled).toBe(false);
});
