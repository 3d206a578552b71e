import { MADE_WITH } from '../../../engines/document/made-with.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Mark } from '../Mark.tsx';
import { texts } from '../texts.ts';
import './dialogs.css';

/** What the studio is built on: name, licence, holder. */
const WORKS: readonly (readonly [string, string, string])[] = [
  ['Yosys, YoWASP', 'ISC', 'https://yowasp.org'],
  ['HiGHS, highs-js', 'MIT', 'https://highs.dev'],
  ['React', 'MIT', 'https://react.dev'],
  ['Monaco editor', 'MIT', 'https://microsoft.github.io/monaco-editor/'],
  ['React Flow', 'MIT', 'https://reactflow.dev'],
  ['elkjs', 'EPL-2.0', 'https://github.com/kieler/elkjs'],
  ['D3', 'ISC', 'https://d3js.org'],
  ['Radix UI', 'MIT', 'https://www.radix-ui.com'],
  ['cmdk', 'MIT', 'https://cmdk.paco.me'],
  ['Lucide', 'ISC', 'https://lucide.dev'],
  ['Zustand', 'MIT', 'https://zustand.docs.pmnd.rs'],
  ['Zod', 'MIT', 'https://zod.dev'],
  ['Comlink', 'Apache-2.0', 'https://github.com/GoogleChromeLabs/comlink'],
  ['fflate', 'MIT', 'https://github.com/101arrowz/fflate'],
  ['idb-keyval', 'Apache-2.0', 'https://github.com/jakearchibald/idb-keyval'],
  ['uqr', 'MIT', 'https://github.com/unjs/uqr'],
  ['noble-hashes', 'MIT', 'https://paulmillr.com/noble/'],
  ['opentype.js', 'MIT', 'https://opentype.js.org'],
  ['PP-OCRv4, ocr-models', 'Apache-2.0, MIT', 'https://github.com/PaddlePaddle/PaddleOCR'],
  ['MNIST digits, mnist', 'MIT', 'https://github.com/cazala/mnist'],
  ['Inter', 'OFL-1.1', 'https://rsms.me/inter/'],
  ['JetBrains Mono', 'OFL-1.1', 'https://www.jetbrains.com/lp/mono/'],
  ['EB Garamond', 'OFL-1.1', 'https://github.com/octaviopardo/EBGaramond12'],
  ['Courier Prime', 'OFL-1.1', 'https://github.com/quoteunquoteapps/CourierPrime'],
  ['Roboto Slab', 'Apache-2.0', 'https://github.com/googlefonts/robotoslab'],
];

export default function AboutDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={texts.about.title}>
      <div className="about">
        <span className="about-mark">
          <Mark size={32} />
        </span>
        <div>
          <p className="dialog-text">{texts.about.text}</p>
          <p className="dialog-note">{texts.about.version(MADE_WITH)}</p>
        </div>
      </div>
      <h3 className="keys-head">{texts.about.licences}</h3>
      <p className="dialog-text">{texts.about.licence}</p>
      <ul className="works">
        {WORKS.map(([name, licence, url]) => (
          <li key={name}>
            <a href={url} target="_blank" rel="noreferrer">
              {name}
            </a>
            <span>{licence}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
