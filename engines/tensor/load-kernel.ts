/** A kernel's exports, and its memory to lay arrays in. */
export interface Kernel<Exports> {
  exports: Exports & { memory: WebAssembly.Memory };
  simd: boolean;
}

/**
 * The compiled kernels as `data:` URLs, a lazy chunk each: they are a few hundred bytes, and in this form the same import
 * serves Node, the development server, the build and the command line. They are decoded by hand, not fetched, so the
 * Content-Security-Policy has no say. A kernel that was not built is missing here, and the reference computes instead.
 */
const builds = import.meta.glob<string>('../../build/kernels/*.wasm', { query: '?url&inline', import: 'default' });

/** (module (func (result v128) i32.const 0 i8x16.splat)): valid only where SIMD is known. */
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
]);

export function hasSimd(): boolean {
  return WebAssembly.validate(SIMD_PROBE);
}

/**
 * Loads the kernel `kernels/<name>.as.ts` of any engine: the SIMD build where it runs (and `simd` is not false), the plain
 * one otherwise. Undefined when there is no build or WebAssembly is refused: the caller then computes by its reference,
 * which gives the same figures.
 */
export async function loadKernel<Exports>(
  name: string,
  { simd = hasSimd() }: { simd?: boolean } = {},
): Promise<Kernel<Exports> | undefined> {
  const load = builds[`../../build/kernels/${name}${simd ? '.simd' : ''}.wasm`];
  if (!load) return undefined;
  try {
    const module = await WebAssembly.compile(decode(await load()));
    const { exports } = await WebAssembly.instantiate(module);
    return { exports: exports as unknown as Kernel<Exports>['exports'], simd };
  } catch {
    return undefined;
  }
}

function decode(dataUrl: string): Uint8Array<ArrayBuffer> {
  const text = atob(dataUrl.slice(dataUrl.indexOf(',') + 1));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
