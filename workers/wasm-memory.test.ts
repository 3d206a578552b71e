import { afterAll, describe, expect, it } from 'vitest';
import { watchWasmMemory } from './wasm-memory.ts';

const PAGE = 65_536;
const original = { ...descriptors() };
function descriptors() {
  const { Memory, Instance, instantiate, instantiateStreaming } = WebAssembly;
  return { Memory, Instance, instantiate, instantiateStreaming };
}
afterAll(() => Object.assign(WebAssembly, original));

/** (module (memory (export "m") 2)) */
const withMemory = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 2, 7, 5, 1, 1, 109, 2, 0]);
/** (module (import "e" "m" (memory 1)) (export "m" (memory 0))) */
const withImport = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 2, 8, 1, 1, 101, 1, 109, 2, 0, 1, 7, 5, 1, 1, 109, 2, 0,
]);

describe('watchWasmMemory', () => {
  it('counts every memory once, however it was made, with what it has grown', async () => {
    const held = watchWasmMemory();
    expect(held()).toBe(0);
    const own = new WebAssembly.Memory({ initial: 3 });
    expect(held()).toBe(3 * PAGE);
    own.grow(4);
    expect(held()).toBe(7 * PAGE);

    const { instance } = await WebAssembly.instantiate(withMemory);
    const module = await WebAssembly.compile(withMemory);
    const second = await WebAssembly.instantiate(module);
    const third = new WebAssembly.Instance(module);
    expect(held()).toBe((7 + 3 * 2) * PAGE);
    for (const each of [instance, second, third]) expect(each).toBeInstanceOf(WebAssembly.Instance);

    const sharing = await WebAssembly.instantiate(withImport, { e: { m: own } });
    expect(sharing.instance.exports.m).toBe(own);
    expect(own).toBeInstanceOf(WebAssembly.Memory);
    expect(held()).toBe((7 + 3 * 2) * PAGE);
  });
});
