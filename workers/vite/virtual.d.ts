declare module 'virtual:yosys-bytes' {
  /** Bytes by path in the package: 'yosys.core.wasm', 'share/ice40/cells_sim.v'. */
  const bytes: Record<string, number>;
  export default bytes;
}

declare module '*/resources-yosys.js' {
  type Tree = { [name: string]: Tree | URL | string | Uint8Array };
  export const modules: Tree;
  export const filesystem: Tree;
}
