import { Segmented } from '../../../ui/Segmented.tsx';
import type { SlackKind } from './bins.ts';
import { nsText } from './format.ts';
import { texts } from './texts.ts';

/** Setup or hold. */
export function Kinds({ kind, onKind }: { kind: SlackKind; onKind(kind: SlackKind): void }) {
  return (
    <Segmented<SlackKind>
      label={texts.kind}
      value={kind}
      onChange={onKind}
      options={(['setup', 'hold'] as const).map((value) => ({ value, label: texts.kinds[value] }))}
    />
  );
}

/** Nanoseconds; what is below zero stands out. */
export function Slack({ value }: { value: number | null | undefined }) {
  return (
    <span className={value !== null && value !== undefined && value < 0 ? 'ppa-bad' : undefined}>{nsText(value)}</span>
  );
}
