import { Check, Copy, Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { exportDesign, type Share, shareLink } from '../../design/index.ts';
import { Button } from '../../ui/Button.tsx';
import { copyText } from '../../ui/copy.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { formatNumber } from '../../ui/format.ts';
import { ProblemList } from '../../ui/ProblemList.tsx';
import { QR_LONGEST, QrCode } from '../../ui/QrCode.tsx';
import { report } from '../reporter.ts';
import { texts } from '../texts.ts';
import './dialogs.css';

/** The link that holds the design, or why there is none and the file instead. */
export default function ShareDialog({ onClose }: { onClose(): void }) {
  const [share, setShare] = useState<Share>();
  const [copied, setCopied] = useState<boolean>();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    let live = true;
    shareLink().then(
      (made) => {
        if (!live) return;
        if (made) setShare(made);
        else onClose();
      },
      (reason) => {
        report(reason, 'making a share link');
        onClose();
      },
    );
    return () => {
      live = false;
    };
  }, [onClose]);
  const copy = async () => {
    const done = await copyText(share?.url ?? '');
    setCopied(done);
    if (!done) field.current?.select();
  };
  const file = (
    <Button
      label={texts.share.file}
      icon={Download}
      variant={share && !share.url ? 'primary' : 'plain'}
      onClick={() => void exportDesign()}
    />
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={texts.share.title}
      footer={
        <>
          {file}
          {share?.url && (
            <Button
              variant="primary"
              icon={copied ? Check : Copy}
              label={copied ? texts.share.copied : texts.share.copy}
              onClick={() => void copy()}
            />
          )}
        </>
      }
    >
      <div className="share">
        <p className="dialog-text">{texts.share.about}</p>
        {!share && <p className="dialog-text">{texts.share.making}</p>}
        {share?.url && (
          <>
            <textarea
              ref={field}
              className="field share-link mono"
              readOnly
              rows={4}
              aria-label={texts.share.link}
              value={share.url}
              onFocus={(event) => event.currentTarget.select()}
            />
            <p className="dialog-note">{texts.share.length(formatNumber(share.length))}</p>
            {share.url.length <= QR_LONGEST && <QrCode text={share.url} label={texts.share.code} />}
          </>
        )}
        {share?.problem && <ProblemList problems={[share.problem]} />}
        <p className="dialog-note" role="status">
          {copied === false ? texts.share.manual : copied ? texts.share.copied : ''}
        </p>
      </div>
    </Dialog>
  );
}
