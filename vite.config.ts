import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // One build serves at a root, under a sub-path and as a plain folder.
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  // The optimiser would rewrite the package's own URLs of its WASM files.
  optimizeDeps: { exclude: ['@yowasp/yosys'] },
  build: {
    target: 'es2023',
    manifest: true,
    // A small WASM file inlined as `data:` would be refused by the Content-Security-Policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
  },
  test: {
    include: ['{app,workers,engines,e2e/checks}/**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
  },
});
