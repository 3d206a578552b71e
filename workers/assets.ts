/** A file that an engine will load by itself, and its size before compression. */
export interface Asset {
  url: string;
  bytes: number;
}

/** How many files are on their way at once. */
const AT_ONCE = 4;

/**
 * Fetches files into the browser's HTTP cache and counts the bytes as they arrive. The engine then fetches them itself,
 * from the cache, so that it still compiles WASM while it streams, and the browser still keeps the compiled code.
 */
export async function fetchAssets(
  assets: readonly Asset[],
  onProgress: (loadedBytes: number, totalBytes: number) => void,
): Promise<void> {
  const total = assets.reduce((sum, { bytes }) => sum + bytes, 0);
  let loaded = 0;
  let reportedAt = 0;
  const report = (last: boolean) => {
    const now = performance.now();
    if (!last && now - reportedAt < 100) return;
    reportedAt = now;
    // A server that changes a file on its way (a proxy, say) must not push the count past the whole.
    onProgress(Math.min(loaded, total), total);
  };
  report(true);
  const open = [...assets];
  const fetchNext = async (): Promise<void> => {
    for (let asset = open.shift(); asset; asset = open.shift()) {
      const response = await fetch(asset.url);
      if (!response.ok || !response.body) {
        throw new Error(`${asset.url} answered ${response.status} ${response.statusText}`.trim());
      }
      const reader = response.body.getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        loaded += part.value.byteLength;
        report(false);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchNext));
  loaded = total;
  report(true);
}
