/** What the app needs of a database: values by key. Values are anything that structured cloning can copy. */
export interface KeyValue {
  get<V>(key: string): Promise<V | undefined>;
  getMany<V>(keys: readonly string[]): Promise<(V | undefined)[]>;
  /** All or none. */
  setMany(entries: readonly (readonly [string, unknown])[]): Promise<void>;
  removeMany(keys: readonly string[]): Promise<void>;
  keys(): Promise<string[]>;
}

/** For tests, and for browsers that forbid storage. Copies like a database does. */
export function memoryStorage(): KeyValue {
  const values = new Map<string, unknown>();
  return {
    get: async <V>(key: string) => structuredClone(values.get(key)) as V | undefined,
    getMany: async <V>(keys: readonly string[]) => keys.map((key) => structuredClone(values.get(key)) as V | undefined),
    async setMany(entries) {
      for (const [key, value] of entries) values.set(key, structuredClone(value));
    },
    async removeMany(keys) {
      for (const key of keys) values.delete(key);
    },
    keys: async () => [...values.keys()],
  };
}

/**
 * A store over another that keeps in memory what the other refuses (full, forbidden), so that work goes on.
 * `onTrouble` hears of every refusal, `onRelief` when everything is kept again; reading prefers what is newer.
 */
export function resilientStorage(
  below: KeyValue,
  onTrouble: (reason: unknown) => void,
  onRelief: () => void = () => {},
): KeyValue & { readonly troubled: boolean } {
  const held = new Map<string, unknown>();
  const removed = new Set<string>();
  let refused = false;

  async function reading<V>(read: () => Promise<V>, otherwise: V): Promise<V> {
    try {
      return await read();
    } catch (reason) {
      onTrouble(reason);
      return otherwise;
    }
  }

  async function getMany<V>(keys: readonly string[]): Promise<(V | undefined)[]> {
    const asked = keys.filter((key) => !held.has(key) && !removed.has(key));
    const found = asked.length > 0 ? await reading(() => below.getMany<V>(asked), []) : [];
    const values = new Map(asked.map((key, index) => [key, found[index]]));
    return keys.map((key) => (held.has(key) ? (structuredClone(held.get(key)) as V) : values.get(key)));
  }

  return {
    get troubled() {
      return refused;
    },
    get: async <V>(key: string) => (await getMany<V>([key]))[0],
    getMany,
    async setMany(entries) {
      for (const [key, value] of entries) {
        held.set(key, value);
        removed.delete(key);
      }
      // What was refused before is offered again, on its own: one thing too large must not keep the others out.
      let refusal: unknown;
      for (const group of [entries.map(([key]) => key), [...held.keys()]]) {
        const offered = group.flatMap((key) => (held.has(key) ? [[key, held.get(key)] as const] : []));
        if (offered.length === 0) continue;
        try {
          await below.setMany(offered);
          for (const [key, value] of offered) if (held.get(key) === value) held.delete(key);
        } catch (reason) {
          refusal ??= reason;
          // From here on it is the only copy: nobody else may write into it, or transfer it away.
          for (const [key, value] of offered) if (held.get(key) === value) held.set(key, structuredClone(value));
          if (group.length === held.size) break;
        }
      }
      if (refusal !== undefined) {
        refused = true;
        onTrouble(refusal);
      } else if (held.size === 0) {
        refused = false;
        onRelief();
      }
    },
    async removeMany(keys) {
      for (const key of keys) held.delete(key);
      if (held.size === 0) refused = false;
      try {
        await below.removeMany(keys);
      } catch (reason) {
        for (const key of keys) removed.add(key);
        onTrouble(reason);
      }
    },
    async keys() {
      const found = await reading(() => below.keys(), []);
      return [...new Set([...found, ...held.keys()])].filter((key) => !removed.has(key));
    },
  };
}
