import { FolderOpen } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatAddress } from '../../../../engines/document/address.ts';
import type { Example } from '../../../../engines/document/types.ts';
import type { ZooModel } from '../../../../engines/onnx/zoo/index.ts';
import { slice as definition } from '../../../../engines/pim/slice.ts';
import type { PimSlice } from '../../../../engines/pim/types.ts';
import { useSlice } from '../../../design/index.ts';
import { Button } from '../../../ui/Button.tsx';
import { classes } from '../../../ui/classes.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Tabs } from '../../../ui/Tabs.tsx';
import { edit } from '../actions.ts';
import { usePim } from '../state.ts';
import { texts } from '../texts.ts';
import { zooId } from './model-ref.ts';
import { byFamily } from './models.ts';
import { chooseFile } from './open-file.ts';

const words = texts.gallery;

/** Networks to put into this design, and examples that open as designs of their own. */
export function Gallery() {
  const open = usePim((state) => state.galleryOpen);
  const [tab, setTab] = useState<string>('models');
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
      {tab === 'models' ? <Models /> : <Examples />}
    </Dialog>
  );
}

function close(): void {
  usePim.setState({ galleryOpen: false });
}

function Models() {
  const { model } = useSlice<PimSlice>('pim');
  const current = zooId(model);
  const [zoo, setZoo] = useState<readonly ZooModel[]>([]);
  useEffect(() => {
    // The builders come with the list: only this dialog wants either.
    void import('../../../../engines/onnx/zoo/index.ts').then((module) => setZoo(module.ZOO));
  }, []);
  return (
    <>
      {byFamily(zoo).map((group) => (
        <section key={group.title} className="pim-family" aria-label={group.title}>
          <h3>{group.title}</h3>
          <div className="pim-tiles">
            {group.models.map(({ id, title: name }) => (
              <button
                key={id}
                type="button"
                className={classes('pim-tile', id === current && 'pim-tile-on')}
                aria-pressed={id === current}
                onClick={() => {
                  if (id !== current) edit(texts.edits.model(name), (was) => ({ ...was, model: id, replicas: {} }));
                  close();
                }}
              >
                {name}
              </button>
            ))}
          </div>
        </section>
      ))}
    </>
  );
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
