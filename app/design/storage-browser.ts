import { createStore, type UseStore } from 'idb-keyval';
import { type KeyValue, memoryStorage } from './storage.ts';

/**
 * A database of this browser with one store. Opened on first use; a browser without IndexedDB, or one that forbids it,
 * rejects each call. Outside a browser: memory.
 */
export function browserStorage(name: string): KeyValue {
  if (typeof window === 'undefined') return memoryStorage();
  let opened: UseStore | undefined;
  const store: UseStore = async (mode, use) => {
    if (typeof indexedDB === 'undefined') throw new Error('This browser has no IndexedDB.');
    opened ??= createStore(name, 'values');
    return opened(mode, use);
  };

  function write(use: (store: IDBObjectStore) => void): Promise<void> {
    return store(
      'readwrite',
      (values) =>
        new Promise<void>((resolve, reject) => {
          const { transaction } = values;
          transaction.oncomplete = () => resolve();
          transaction.onabort = () => reject(transaction.error ?? new Error('The browser ended the transaction.'));
          use(values);
          // At once, and not when the page yields: the page may be about to go.
          transaction.commit();
        }),
    );
  }

  const read = <V>(use: (store: IDBObjectStore) => IDBRequest): Promise<V> =>
    store('readonly', (values) => result<V>(use(values)));

  return {
    get: (key) => read((values) => values.get(key)),
    getMany: <V>(keys: readonly string[]) =>
      store('readonly', (values) => Promise.all(keys.map((key) => result<V | undefined>(values.get(key))))),
    setMany: (entries) =>
      write((values) => {
        for (const [key, value] of entries) values.put(value, key);
      }),
    removeMany: (keys) =>
      write((values) => {
        for (const key of keys) values.delete(key);
      }),
    keys: () => read<string[]>((values) => values.getAllKeys()),
  };
}

function result<V>(request: IDBRequest): Promise<V> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as V);
    request.onerror = () => reject(request.error);
  });
}
