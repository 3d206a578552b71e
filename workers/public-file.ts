const files = new Map<string, Promise<Uint8Array>>();

/**
 * A file of `public/` by its path, fetched once by each worker. Scripts of workers stand one folder below the page, in the
 * build (`assets/`) as on the development server (`workers/`); in Node the host says where the folder is.
 */
export function publicFile(path: string): Promise<Uint8Array> {
  const known = files.get(path);
  if (known) return known;
  const loading = 'WorkerGlobalScope' in globalThis ? fetchFile(path) : readFile(path);
  files.set(path, loading);
  loading.catch(() => files.delete(path));
  return loading;
}

async function fetchFile(path: string): Promise<Uint8Array> {
  const response = await fetch(new URL(`../${path}`, globalThis.location.href));
  // A server that answers every address with the page has not got the file either.
  if (!response.ok || response.headers.get('content-type')?.startsWith('text/html')) {
    throw new Error(`The studio's file "${path}" cannot be loaded: the server answered ${response.status}.`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

async function readFile(path: string): Promise<Uint8Array> {
  const { publicFolder } = process.getBuiltinModule('node:worker_threads').workerData as { publicFolder: string };
  return process.getBuiltinModule('node:fs/promises').readFile(new URL(path, publicFolder));
}
