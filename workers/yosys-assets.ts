import bytes from 'virtual:yosys-bytes';
import type { Asset } from './assets.ts';

type Tree = { [name: string]: Tree | URL | string | Uint8Array };

/**
 * The files that Yosys will fetch, taken from the package's own list, so that they have the very addresses (hashed by the
 * build) that the package asks for and nothing is fetched twice. Only before Yosys has loaded: it writes over that list.
 */
export async function yosysAssets(): Promise<Asset[]> {
  if (import.meta.env.SSR) return [];
  const { modules, filesystem } = await import('../node_modules/@yowasp/yosys/gen/resources-yosys.js');
  const assets: Asset[] = [];
  const walk = (tree: Tree, path: string) => {
    for (const [name, value] of Object.entries(tree)) {
      if (value instanceof URL) assets.push({ url: value.href, bytes: bytes[`${path}${name}`] ?? 0 });
      else if (typeof value === 'object' && !(value instanceof Uint8Array)) walk(value, `${path}${name}/`);
    }
  };
  walk(modules, '');
  walk(filesystem, '');
  return assets;
}
