import { readFile } from 'node:fs/promises';

/** Files of `public/` for unit tests: `inlineJob({ asset: publicFile })`. */
export const publicFile = (path: string): Promise<Uint8Array> =>
  readFile(new URL(`../../public/${path}`, import.meta.url)).then((bytes) => new Uint8Array(bytes));
