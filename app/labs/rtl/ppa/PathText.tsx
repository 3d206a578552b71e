import { Check, Copy } from 'lucide-react';
import { useMemo, useState } from 'react';
import { pathText } from '../../../../engines/synthesis/timing/report-text.ts';
import type { TimingPath } from '../../../../engines/synthesis/timing/types.ts';
import { Button } from '../../../ui/Button.tsx';
import { copyText } from '../../../ui/copy.ts';
import { texts } from './texts.ts';

const words = texts.paths;

/** The path as timing tools print it. */
export default function PathText({ path }: { path: TimingPath }) {
  const [copied, setCopied] = useState(false);
  const text = useMemo(() => pathText(path), [path]);
  return (
    <div className="ppa-text">
      <Button
        size="small"
        icon={copied ? Check : Copy}
        label={copied ? words.copied : words.copy}
        onClick={() => void copyText(text).then(setCopied)}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <pre className="mono" tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}
