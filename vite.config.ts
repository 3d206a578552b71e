import react from '@vitejs/plugin-react';
import { configDefaults, defineConfig } from 'vitest/config';
import { kernels } from './workers/vite/kernels.ts';
import { packageFiles } from './workers/vite/package-files.ts';
import { precompress } from './workers/vite/precompress.ts';
import { yosysBytes } from './workers/vite/yosys-bytes.ts';

export default defineConfig({
  // One build serves at a root, under a sub-path and as a plain folder.
  base: './',
  plugins: [react(), kernels(), packageFiles(), yosysBytes(), precompress()],
  // Workers are built apart and do not inherit the plugins.
  worker: { format: 'es', plugins: () => [yosysBytes()] },
  optimizeDeps: {
    // A package first met when a worker starts would reload the page in the middle of its first run.
    entries: ['index.html', 'workers/*.worker.ts'],
    // The optimiser would rewrite the packages' own URLs of their WASM files.
    exclude: ['@yowasp/yosys', 'highs'],
  },
  // Isolated like the built studio. Its Content-Security-Policy would refuse what the development server inserts.
  server: {
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'same-origin',
    },
  },
  build: {
    target: 'es2023',
    manifest: true,
    // A small WASM file inlined as `data:` would be refused by the Content-Security-Policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  test: {
    include: ['{app,workers,engines,e2e/checks}/**/*.test.{ts,tsx}'],
    exclude: [...configDefaults.exclude, '{build,dist}/**'],
    testTimeout: 60_000,
    // Left to itself Vitest keeps a core free, which on two cores is half of them.
    maxWorkers: '100%',
  },
});
