import { useEffect, useState } from 'react';
import { slice as definition } from '../../../../engines/bfp/slice.ts';
import type { BfpSlice } from '../../../../engines/bfp/types.ts';
import { formatAddress } from '../../../../engines/document/address.ts';
import type { Example } from '../../../../engines/document/types.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { useBfp } from '../state.ts';
import { texts } from '../texts.ts';

const words = texts.gallery;

/** Examples that open as designs of their own. */
export function Gallery() {
  const open = useBfp((state) => state.galleryOpen);
  const [examples, setExamples] = useState<Example<BfpSlice>[]>();
  useEffect(() => {
    if (open) void definition.examples().then(setExamples);
  }, [open]);
  return (
    <Dialog open={open} onOpenChange={(next) => !next && close()} title={words.title} width="wide">
      <p className="hint">{words.about}</p>
      <ul className="gallery">
        {(examples ?? []).map((example) => (
          <li key={example.id}>
            <a
              className="gallery-item"
              href={formatAddress({ kind: 'example', id: example.id, lab: 'bfp' })}
              onClick={close}
            >
              <span className="gallery-title">{example.title}</span>
              <span className="gallery-about">{example.about}</span>
            </a>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function close(): void {
  useBfp.setState({ galleryOpen: false });
}
