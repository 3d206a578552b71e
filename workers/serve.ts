import { createReadStream, type Stats, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { extname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream';

export interface ServeSettings {
  /** The built studio. */
  folder: string;
  /** Path it is served under, as in '/studio/'. Default '/'. */
  base?: string;
  /** Name or address to listen on. Default: this machine only. '0.0.0.0' serves the whole network. */
  host?: string;
  /** Taken ports are passed over, up to 20 of them. 0 takes any free one. */
  port?: number;
}

export interface StudioServer {
  /** With the base: 'http://localhost:4173/studio/'. The first one works on this machine. */
  urls: string[];
  port: number;
  close(): Promise<void>;
}

const DEFAULT_PORT = 4173;
const PORTS_TRIED = 20;

const MIME_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.v': 'text/plain; charset=utf-8',
  '.sv': 'text/plain; charset=utf-8',
};

/** Workers take their policies from the response that brings their script, so every response carries them. */
const POLICIES = {
  'Content-Security-Policy': [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "worker-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** The one script that may make code of its own: the worker that compiles a user's Verilog to JavaScript. */
const MAKES_CODE = /^assets\/verilog\.worker-[\w-]{8}\.js$/;

/** Names that the build ends in a hash of their content: they never change. */
const HASHED = /^assets\/.*-[\w-]{8}\.\w+$/;

function codeMakingPolicy(): string {
  return POLICIES['Content-Security-Policy'].replace("'wasm-unsafe-eval'", "'wasm-unsafe-eval' 'unsafe-eval'");
}

/** Serves a built studio: compressed twins, validators, isolation and the Content-Security-Policy. */
function studioHandler(folder: string, base = '/'): RequestListener {
  const root = resolve(folder);
  return (request, response) => {
    for (const [name, value] of Object.entries(POLICIES)) response.setHeader(name, value);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      sayText(response, 405, 'This server only gives files out.');
      return;
    }
    const path = pathOf(request);
    if (path === undefined) {
      sayText(response, 400, 'This address cannot be read.');
    } else if (`${path}/` === base) {
      response.setHeader('Location', base);
      sayText(response, 301, `The studio is at ${base}`);
    } else {
      const name = path.startsWith(base) ? path.slice(base.length) || 'index.html' : undefined;
      const file = name === undefined ? undefined : fileInside(root, name);
      if (name === undefined || !file) sayText(response, 404, `There is nothing at ${path}. The studio is at ${base}`);
      else {
        if (MAKES_CODE.test(name)) response.setHeader('Content-Security-Policy', codeMakingPolicy());
        sendFile(request, response, file, name);
      }
    }
  };
}

/** @throws when the folder holds no studio, or no port is free. */
export async function startServer({ folder, base = '/', host, port }: ServeSettings): Promise<StudioServer> {
  if (!statSync(join(folder, 'index.html'), { throwIfNoEntry: false })) {
    throw new Error(`There is no built studio in ${folder}. Build it with \`npm run build\`.`);
  }
  const server = createServer(studioHandler(folder, base));
  const taken = await listen(server, host ?? '127.0.0.1', port ?? DEFAULT_PORT);
  return {
    urls: namesOf(host).map((name) => `http://${name}:${taken}${base}`),
    port: taken,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function listen(server: Server, host: string, first: number): Promise<number> {
  for (let port = first; ; port += 1) {
    try {
      await new Promise<void>((done, fail) => {
        server.once('error', fail);
        server.listen(port, host, () => {
          server.off('error', fail);
          done();
        });
      });
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || port >= first + PORTS_TRIED) throw error;
    }
  }
}

function namesOf(host: string | undefined): string[] {
  if (host === undefined) return ['localhost'];
  if (host !== '0.0.0.0' && host !== '::') return [host.includes(':') ? `[${host}]` : host];
  const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return [
    'localhost',
    ...others.filter(({ internal, family }) => !internal && family === 'IPv4').map((at) => at.address),
  ];
}

function pathOf(request: IncomingMessage): string | undefined {
  try {
    return decodeURIComponent((request.url ?? '/').replace(/[?#].*$/s, ''));
  } catch {
    return undefined;
  }
}

/** A file of the studio; nothing above its folder and nothing hidden. */
function fileInside(root: string, name: string): { path: string; stats: Stats } | undefined {
  if (name.includes('\0') || name.split(/[/\\]/).some((part) => part.startsWith('.'))) return undefined;
  const path = resolve(root, name);
  return path.startsWith(root + sep) ? fileAt(path) : undefined;
}

function fileAt(path: string): { path: string; stats: Stats } | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? { path, stats } : undefined;
}

function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  plain: { path: string; stats: Stats },
  name: string,
): void {
  const { encoding, file } = bestForm(request, plain);
  const tag = `"${file.stats.size.toString(36)}-${Math.floor(file.stats.mtimeMs).toString(36)}${encoding ? `-${encoding}` : ''}"`;
  response.setHeader('ETag', tag);
  response.setHeader('Vary', 'Accept-Encoding');
  response.setHeader('Cache-Control', HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(tag)) {
    response.writeHead(304).end();
    return;
  }
  if (encoding) response.setHeader('Content-Encoding', encoding);
  response.setHeader('Content-Type', MIME_TYPES[extname(name)] ?? 'application/octet-stream');
  response.setHeader('Content-Length', file.stats.size);
  response.writeHead(200);
  if (request.method === 'HEAD') response.end();
  else pipeline(createReadStream(file.path), response, () => undefined);
}

/** The compressed twin that the browser takes and that is there, Brotli first. */
function bestForm(request: IncomingMessage, plain: { path: string; stats: Stats }) {
  const accepted = acceptedEncodings(request.headers['accept-encoding']);
  for (const [encoding, extension] of [
    ['br', '.br'],
    ['gzip', '.gz'],
  ] as const) {
    const file = accepted.has(encoding) ? fileAt(plain.path + extension) : undefined;
    if (file) return { encoding, file };
  }
  return { encoding: undefined, file: plain };
}

function acceptedEncodings(header: string | string[] | undefined): Set<string> {
  const accepted = new Set<string>();
  for (const part of String(header ?? '').split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    if (!parameters.some((text) => /^q=0(\.0*)?$/.test(text))) accepted.add(name);
  }
  return accepted;
}

function sayText(response: ServerResponse, status: number, text: string): void {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Cache-Control', 'no-cache');
  response.writeHead(status).end(`${text}\n`);
}
