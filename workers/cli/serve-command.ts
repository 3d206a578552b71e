import { fileURLToPath } from 'node:url';
import { startServer } from '../serve.ts';
import { Usage } from './errors.ts';
import { print, printText } from './output.ts';

export async function serveCommand(
  files: string[],
  options: { port?: string; host?: string; base?: string },
  home: URL,
): Promise<number> {
  if (files.length > 1) throw new Usage('serve wants at most one folder.');
  const port = options.port === undefined ? undefined : Number(options.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) {
    throw new Usage(`--port wants a number from 0 to 65535, not '${options.port}'.`);
  }
  const base = options.base ?? '/';
  if (!/^\/(.*\/)?$/.test(base))
    throw new Usage(`--base wants a path that begins and ends with a slash, not '${base}'.`);
  // The program lies in build/cli, the studio in dist.
  const folder = files[0] ?? fileURLToPath(new URL('../../dist/', home));
  try {
    const { urls } = await startServer({ folder, base, host: options.host, port });
    await print(`Crossbar Studio is at ${urls.join(' and ')}\nCtrl-C ends it.\n`);
  } catch (error) {
    printText(`${(error as Error).message}\n`);
    return 1;
  }
  return new Promise<number>(() => undefined);
}
