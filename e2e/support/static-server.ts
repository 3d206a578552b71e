import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, resolve } from 'node:path';

const dist = resolve(import.meta.dirname, '../../dist');

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

export interface StaticServer {
  port: number;
  close(): Promise<void>;
  /** Paths asked for that are not there. */
  missing: string[];
}

/**
 * The build as a plain static host serves it: under a folder, without isolation, without a Content-Security-Policy,
 * without compressed twins. `withhold` answers 404 for files whose name matches, as a half-copied site would.
 */
export async function serveFolder(prefix: string, withhold?: RegExp): Promise<StaticServer> {
  const missing: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
    const inside = path.startsWith(prefix) ? normalize(path.slice(prefix.length) || 'index.html') : undefined;
    const file = inside === undefined || inside.startsWith('..') ? undefined : join(dist, inside);
    if (!file || !existsSync(file) || !statSync(file).isFile() || withhold?.test(file)) {
      missing.push(path);
      response.writeHead(404).end('not here');
      return;
    }
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-length': statSync(file).size,
      'last-modified': statSync(file).mtime.toUTCString(),
    });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, '0.0.0.0', done));
  return {
    port: (server.address() as AddressInfo).port,
    missing,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
