import { FolderOpen } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatAddress } from '../../../../engines/document/address.ts';
import type { Example } from '../../../../engines/document/types.ts';
import { slice as definition } from '../../../../engines/pim/slice.ts';
import type { PimSlice } from '../../../../engines/pim/types.ts';
import { useSlice } from '../../../design/index.ts';
import { ModelTiles } from '../../../models/ModelTiles.tsx';
import { zooId } from '../../../models/model-ref.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Tabs } from '../../../ui/Tabs.tsx';
import { edit } from '../actions.ts';
import { usePim } from '../state.ts';
import { texts } from '../texts.ts';
import { chooseFile } from './open-file.ts';

const words = texts.gallery;

/** Networks to put into this design, and examples that open as designs of their own. */
export function Gallery() {
  const open = usePim((state) => state.galleryOpen);
  const [tab, setTab] = useState<string>('models');
  const { model } = useSlice<PimSlice>('pim');
  const current = zooId(model);
  return (
    <Dialog open={open} onOpenChange={(next) => !next && close()} title={words.title} width="wide">
      <Tabs
        label={words.title}
        value={tab}
        onChange={setTab}
        tabs={[
          { id: 'models', label: words.models },
          { id: 'examples', label: words.examples },
        ]}
        aside={
          <Button
            size="small"
            icon={FolderOpen}
            label={texts.model.open}
            onClick={() => {
              close();
              void chooseFile();
            }}
          />
        }
      />
      {tab === 'models' ? (
        <ModelTiles
          current={current}
          onChoose={(id, name) => {
            if (id !== current) edit(texts.edits.model(name), (was) => ({ ...was, model: id, replicas: {} }));
            close();
          }}
        />
      ) : (
        <Examples />
      )}
    </Dialog>
  );
}

function close(): void {
  usePim.setState({ galleryOpen: false });
}

function Examples() {
  const [examples, setExamples] = useState<Example<PimSlice>[]>();
  useEffect(() => void definition.examples().then(setExamples), []);
  return (
    <>
      <p className="hint">{words.examplesAbout}</p>
      <ul className="gallery">
        {(examples ?? []).map((example) => (
          <li key={example.id}>
            <a
              className="gallery-item"
              href={formatAddress({ kind: 'example', id: example.id, lab: 'pim' })}
              onClick={close}
            >
              <span className="gallery-title">{example.title}</span>
              <span className="gallery-about">{example.about}</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
