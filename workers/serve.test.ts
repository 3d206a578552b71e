import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StudioServer, startServer } from './serve.ts';
import { compressFolder } from './vite/precompress.ts';

const program = `${'let a = 1;\n'.repeat(500)}`;
let parent: string;
let server: StudioServer;
let origin: string;

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'crossbar-serve-'));
  const folder = join(parent, 'dist');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  mkdirSync(join(folder, '.vite'));
  writeFileSync(join(parent, 'secret.txt'), 'not for the world');
  writeFileSync(join(folder, '.vite/manifest.json'), '{}');
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets/index-BcD3_f-h.js'), program);
  writeFileSync(join(folder, 'assets/core-AbCdEfGh.wasm'), new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  await compressFolder(folder);
  server = await startServer({ folder, base: '/studio/', port: 0 });
  origin = `http://127.0.0.1:${server.port}`;
});

afterAll(async () => {
  await server.close();
  rmSync(parent, { recursive: true });
});

interface Raw {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Unlike fetch, this neither tidies the path nor decompresses the body. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const call = request({ port: server.port, host: '127.0.0.1', path, headers, method }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    call.on('error', reject);
    call.end();
  });
}

describe('files', () => {
  it('serves the page at the base, never from a cache without asking', async () => {
    const response = await fetch(`${origin}/studio/`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toBe('<!doctype html>');
  });

  it('leads to the base when the last slash is missing', async () => {
    const { status, headers } = await get('/studio');
    expect([status, headers.location]).toEqual([301, '/studio/']);
  });

  it('marks hashed files as unchanging and gives WebAssembly its type', async () => {
    const response = await fetch(`${origin}/studio/assets/core-AbCdEfGh.wasm`);
    expect(response.headers.get('content-type')).toBe('application/wasm');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await WebAssembly.compileStreaming(response)).toBeInstanceOf(WebAssembly.Module);
  });

  it('sends the compressed form that the client takes', async () => {
    const path = '/studio/assets/index-BcD3_f-h.js';
    const plain = await get(path);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body.toString()).toBe(program);
    const br = await get(path, { 'Accept-Encoding': 'gzip, deflate, br;q=0.9' });
    expect(br.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(br.body).toString()).toBe(program);
    expect(br.body.length).toBe(Number(br.headers['content-length']));
    expect(br.body.length).toBeLessThan(plain.body.length / 10);
    const gz = await get(path, { 'Accept-Encoding': 'gzip, br;q=0' });
    expect(gz.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gz.body).toString()).toBe(program);
    for (const { headers } of [plain, br, gz]) {
      expect(headers['content-type']).toContain('text/javascript');
      expect(headers.vary).toBe('Accept-Encoding');
    }
    expect(new Set([plain, br, gz].map(({ headers }) => headers.etag)).size).toBe(3);
  });

  it('answers 304 to the tag it gave, and the file to another', async () => {
    const path = '/studio/index.html';
    const { headers } = await get(path);
    const again = await get(path, { 'If-None-Match': `"other", ${headers.etag}` });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    expect((await get(path, { 'If-None-Match': '"other"' })).status).toBe(200);
  });

  it('answers HEAD without a body and refuses other methods', async () => {
    const head = await get('/studio/index.html', {}, 'HEAD');
    expect([head.status, head.body.length, head.headers['content-length']]).toEqual([200, 0, '15']);
    expect((await get('/studio/index.html', {}, 'POST')).status).toBe(405);
  });
});

describe('policies', () => {
  it('isolates the page and allows no foreign or inline script, on every answer', async () => {
    for (const path of ['/studio/', '/studio/assets/index-BcD3_f-h.js', '/nowhere']) {
      const { headers } = await get(path);
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
      expect(policy).not.toContain("'unsafe-eval'");
      expect(policy).toContain("default-src 'self'");
    }
  });
});

describe('what is not there', () => {
  it.each([
    ['/studio/nothing.js', 404],
    ['/index.html', 404],
    ['/studio/assets', 404],
    ['/studio/.vite/manifest.json', 404],
    ['/studio/../secret.txt', 404],
    ['/studio/assets/../../secret.txt', 404],
    ['/studio/%2e%2e/secret.txt', 404],
    ['/studio/..%2fsecret.txt', 404],
    ['/studio/..%5csecret.txt', 404],
    ['/studio//etc/passwd', 404],
    ['/studio/index.html%00.js', 404],
    ['/studio/%zz', 400],
  ])('answers %s with %i in plain words', async (path, status) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(response.headers['content-type']).toContain('text/plain');
    expect(response.body.toString()).toMatch(/^(There is nothing at .*|This address cannot be read\.)\n$/);
    expect(response.body.toString()).not.toContain('not for the world');
  });
});

describe('starting', () => {
  it('takes the next port when one is taken, and prints the base', async () => {
    const folder = join(parent, 'dist');
    const second = await startServer({ folder, port: server.port });
    expect(second.port).toBeGreaterThan(server.port);
    expect(second.urls).toEqual([`http://localhost:${second.port}/`]);
    await second.close();
    expect(server.urls[0]).toBe(`http://localhost:${server.port}/studio/`);
  });

  it('says what to do when nothing is built', async () => {
    await expect(startServer({ folder: join(parent, 'nowhere'), port: 0 })).rejects.toThrow('npm run build');
  });
});
