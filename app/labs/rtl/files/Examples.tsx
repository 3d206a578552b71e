import { useEffect, useState } from 'react';
import { formatAddress } from '../../../../engines/document/address.ts';
import type { Example } from '../../../../engines/document/types.ts';
import { slice as definition } from '../../../../engines/rtl/slice.ts';
import type { RtlSlice } from '../../../../engines/rtl/types.ts';
import { newestExamples } from '../../../design/newest-examples.ts';
import { Badge } from '../../../ui/Badge.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { useRtl } from '../state.ts';
import { texts } from '../texts.ts';

/** The gallery: each example opens as a design of its own, by its short address. */
export function Examples() {
  const open = useRtl((state) => state.examplesOpen);
  const [examples, setExamples] = useState<Example<RtlSlice>[]>();
  useEffect(() => {
    if (open) void definition.examples().then((all) => setExamples(newestExamples(all)));
  }, [open]);
  const close = () => useRtl.setState({ examplesOpen: false });
  return (
    <Dialog open={open} onOpenChange={(next) => !next && close()} title={texts.examples.title} width="wide">
      <p className="hint">{texts.examples.about}</p>
      <ul className="gallery">
        {(examples ?? []).map((example) => (
          <li key={example.id}>
            <a
              className="gallery-item"
              href={formatAddress({ kind: 'example', id: example.id, lab: 'rtl' })}
              onClick={close}
            >
              <span className="gallery-title">
                {example.title}
                {levelOf(example) && <Badge>{levelOf(example)}</Badge>}
              </span>
              <span className="gallery-about">{example.about}</span>
            </a>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** Examples of this lab say how large they are; the common type knows nothing of it. */
function levelOf(example: Example<RtlSlice> & { level?: string }): string | undefined {
  return example.level;
}
