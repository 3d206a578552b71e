/**
 * Watches how much WASM memory the program holds. Neither browsers nor Node tell this for one worker, so every way to make
 * an instance or a memory is wrapped and the memories seen are summed. WASM memories grow and never shrink.
 *
 * Returns a function that gives the bytes held now. Call it while the memories are in use: those that were let go and
 * collected no longer count.
 */
export function watchWasmMemory(): () => number {
  const seen = new Set<WeakRef<WebAssembly.Memory>>();
  const { Memory, Instance, instantiate, instantiateStreaming } = WebAssembly;

  const held = () => [...seen].map((ref) => ref.deref());
  function note(memory: unknown): void {
    if (memory instanceof Memory && !held().includes(memory)) seen.add(new WeakRef(memory));
  }
  function noteExports(made: WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource): void {
    const instance = 'instance' in made ? made.instance : made;
    for (const value of Object.values(instance.exports)) note(value);
  }

  WebAssembly.Memory = new Proxy(Memory, {
    construct(target, args, newTarget) {
      const memory = Reflect.construct(target, args, newTarget);
      note(memory);
      return memory;
    },
  });
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, args, newTarget) {
      const instance = Reflect.construct(target, args, newTarget);
      noteExports(instance);
      return instance;
    },
  });
  function noting<A extends unknown[], R extends WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource>(
    make: (...args: A) => Promise<R>,
  ) {
    return async (...args: A): Promise<R> => {
      const made = await make(...args);
      noteExports(made);
      return made;
    };
  }
  WebAssembly.instantiate = noting(instantiate as (...args: unknown[]) => Promise<never>) as typeof instantiate;
  WebAssembly.instantiateStreaming = noting(instantiateStreaming);

  return () => {
    let bytes = 0;
    for (const ref of seen) {
      const memory = ref.deref();
      if (memory) bytes += memory.buffer.byteLength;
      else seen.delete(ref);
    }
    return bytes;
  };
}
