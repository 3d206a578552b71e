import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchAssets } from './assets.ts';

const sizes: Record<string, number> = { '/a': 400_000, '/b': 70_000, '/c': 1, '/d': 10, '/e': 20 };
const asked: string[] = [];
let origin: string;
const server = createServer((request, response) => {
  const url = request.url ?? '';
  asked.push(url);
  const size = sizes[url];
  if (size === undefined) response.writeHead(404).end();
  else response.writeHead(200).end(Buffer.alloc(size));
});
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const asset = (path: string) => ({ url: origin + path, bytes: sizes[path]! });

it('fetches each file once and counts from nothing to the whole, never backwards', async () => {
  const counts: [number, number][] = [];
  await fetchAssets(Object.keys(sizes).map(asset), (loaded, total) => counts.push([loaded, total]));
  expect(asked.sort()).toEqual(Object.keys(sizes));
  expect(counts[0]).toEqual([0, 470_031]);
  expect(counts.at(-1)).toEqual([470_031, 470_031]);
  const loaded = counts.map(([bytes]) => bytes);
  expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
});

it('names a file that is not there', async () => {
  await expect(fetchAssets([{ url: `${origin}/nowhere.wasm`, bytes: 5 }], () => {})).rejects.toThrow(
    /nowhere\.wasm answered 404/,
  );
});

it('never counts past the whole when a file is longer than it was', async () => {
  const counts: number[] = [];
  await fetchAssets([{ url: `${origin}/a`, bytes: 1000 }], (loaded) => counts.push(loaded));
  expect(Math.max(...counts)).toBe(1000);
});
