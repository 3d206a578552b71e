import { FINE_TUNE_DEFAULTS } from '../../../../engines/bfp/settings.ts';
import type { BfpSlice, FineTuneSettings } from '../../../../engines/bfp/types.ts';
import { NumberInput } from '../../../ui/NumberInput.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Switch } from '../../../ui/Switch.tsx';
import { edit, set } from '../actions.ts';
import { terms, texts } from '../texts.ts';
import { isDigits } from './models.ts';

const words = texts.fineTune;

/** Training on in the formats of the plan: only the digit networks come with what that needs. */
export function FineTunePanel({ slice, editable }: { slice: BfpSlice; editable: boolean }) {
  const { fineTune } = slice;
  const possible = isDigits(slice.model);
  const settings = { ...FINE_TUNE_DEFAULTS, ...fineTune };
  const put = (label: string, change: Partial<FineTuneSettings>) =>
    edit(label, (was) => ({ ...was, fineTune: { ...was.fineTune, ...change } }));
  return (
    <Section title={words.title} foldable folded={fineTune === null} lesson="fine-tune">
      {possible ? (
        <Row label={words.on} term={terms.fineTune}>
          <Switch
            disabled={!editable}
            checked={fineTune !== null}
            onChange={(on) => set(texts.edits.fineTune, 'fineTune', on ? {} : null)}
          />
        </Row>
      ) : (
        <p className="hint">{words.only}</p>
      )}
      {possible && fineTune !== null && (
        <>
          <Row label={words.epochs}>
            <NumberInput
              value={settings.epochs}
              min={1}
              max={100}
              disabled={!editable}
              onChange={(epochs) => put(words.epochs, { epochs })}
            />
          </Row>
          <Row label={words.learningRate}>
            <NumberInput
              value={settings.learningRate}
              min={0}
              max={1}
              step={0.001}
              disabled={!editable}
              onChange={(learningRate) => put(words.learningRate, { learningRate })}
            />
          </Row>
          <Row label={words.batch}>
            <NumberInput
              value={settings.batch}
              min={1}
              max={1000}
              disabled={!editable}
              onChange={(batch) => put(words.batch, { batch })}
            />
          </Row>
          <p className="hint">{words.about}</p>
        </>
      )}
    </Section>
  );
}
