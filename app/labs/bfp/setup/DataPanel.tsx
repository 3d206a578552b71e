import { FileArchive, Images, X } from 'lucide-react';
import type { BfpSlice } from '../../../../engines/bfp/types.ts';
import { Button } from '../../../ui/Button.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { NumberInput } from '../../../ui/NumberInput.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { set } from '../actions.ts';
import { useBfp } from '../state.ts';
import { texts } from '../texts.ts';
import { chooseData, chooseFolder } from './open-file.ts';

const words = texts.data;

/** What accuracy is measured on: which of the model's sets, how many samples; data of one's own for a model of one's own. */
export function DataPanel({ slice, editable }: { slice: BfpSlice; editable: boolean }) {
  const own = typeof slice.model === 'object';
  const packing = useBfp((state) => state.packing);
  return (
    <Section title={words.title} lesson="data">
      {own && (
        <>
          {slice.data ? (
            <div className="bfp-line">
              <span className="bfp-file mono" title={slice.data.npz.name}>
                {slice.data.npz.name}
              </span>
              {editable && (
                <IconButton
                  size="small"
                  icon={X}
                  label={words.remove}
                  onClick={() => set(texts.edits.removeData, 'data', null)}
                />
              )}
            </div>
          ) : (
            <p className="hint">{packing ?? words.none}</p>
          )}
          <div className="bfp-buttons">
            <Button
              size="small"
              icon={FileArchive}
              label={words.open}
              title={words.openAbout}
              disabled={!editable || packing !== undefined}
              onClick={() => void chooseData()}
            />
            <Button
              size="small"
              icon={Images}
              label={words.openFolder}
              title={words.folderAbout}
              disabled={!editable || packing !== undefined}
              onClick={() => void chooseFolder()}
            />
          </div>
        </>
      )}
      {(!own || slice.data) && (
        <>
          <Row label={words.set} note={own ? words.setOwn : words.setAbout[slice.set]} lesson="set">
            <Segmented
              value={slice.set}
              onChange={(next) => editable && set(texts.edits.data(words.set), 'set', next)}
              options={(['test', 'search'] as const).map((value) => ({
                value,
                label: words.sets[value],
                disabled: !editable,
              }))}
            />
          </Row>
          <Row label={words.samples} note={slice.samples === 0 ? words.samplesNote : undefined}>
            <NumberInput
              value={slice.samples}
              min={0}
              max={1_000_000}
              disabled={!editable}
              onChange={(next) => set(texts.edits.data(words.samples), 'samples', next)}
            />
          </Row>
        </>
      )}
    </Section>
  );
}
