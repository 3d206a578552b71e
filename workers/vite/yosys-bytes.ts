import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { Plugin } from 'vite';

const ID = 'virtual:yosys-bytes';

/**
 * The module `virtual:yosys-bytes`: the sizes of the files that @yowasp/yosys fetches, by their path in the package, read
 * from the files themselves. A compressed response does not tell how long it will be.
 */
export function yosysBytes(): Plugin {
  return {
    name: 'crossbar:yosys-bytes',
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) => (id === `\0${ID}` ? `export default ${JSON.stringify(sizes())};` : undefined),
  };
}

function sizes(): Record<string, number> {
  const folder = dirname(createRequire(import.meta.url).resolve('@yowasp/yosys'));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return Object.fromEntries(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [path.slice(folder.length + 1).replaceAll(sep, '/'), statSync(path).size];
    }),
  );
}
