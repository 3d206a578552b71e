import { useState } from 'react';
import { exportDesign, useDesign } from '../design/index.ts';
import { Button } from '../ui/Button.tsx';
import { copyText } from '../ui/copy.ts';
import type { Failure } from './ErrorBoundary.tsx';
import { texts } from './texts.ts';

/** In place of what failed: that nothing is lost, the error to copy, and the ways on. */
export function FailurePage({ failure, whole }: { failure: Failure; whole?: boolean }) {
  const [copied, setCopied] = useState<boolean>();
  const open = useDesign((state) => state.design !== undefined);
  const kept = useDesign((state) => (state.save === 'failed' ? texts.kept.failed : texts.kept.saved));
  const away = open && <Button label={texts.crash.export} onClick={() => void exportDesign()} />;
  if (failure.chunk) {
    return (
      <div className="page page-narrow">
        <h1 className="page-title">{texts.chunk.title}</h1>
        <p className="page-text">
          {texts.chunk.text} {kept}
        </p>
        <div className="page-actions">
          <Button variant="primary" label={texts.chunk.reload} onClick={() => location.reload()} />
          {away}
        </div>
      </div>
    );
  }
  const text = failure.text();
  return (
    <div className="page page-narrow" role="alert">
      <h1 className="page-title">{whole ? texts.crash.all : texts.crash.lab}</h1>
      <p className="page-text">
        {texts.crash.text} {kept}
      </p>
      <pre className="page-error">{copied === false ? text : failure.defect.message}</pre>
      <div className="page-actions">
        {whole ? (
          <Button variant="primary" label={texts.crash.reload} onClick={() => location.reload()} />
        ) : (
          <Button variant="primary" label={texts.crash.again} onClick={failure.retry} />
        )}
        <Button
          label={copied ? texts.crash.copied : texts.crash.copy}
          onClick={async () => setCopied(await copyText(text))}
        />
        {away}
      </div>
    </div>
  );
}
