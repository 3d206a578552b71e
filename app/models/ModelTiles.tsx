import { useEffect, useState } from 'react';
import type { ZooModel } from '../../engines/onnx/zoo/index.ts';
import { classes } from '../ui/classes.ts';
import { byFamily } from './families.ts';
import './model-tiles.css';

/** The networks of the zoo by family, one of them chosen. */
export function ModelTiles(props: { current: string | undefined; onChoose(id: string, title: string): void }) {
  const { current, onChoose } = props;
  const [zoo, setZoo] = useState<readonly ZooModel[]>([]);
  useEffect(() => {
    // The builders come with the list: only galleries want either.
    void import('../../engines/onnx/zoo/index.ts').then((module) => setZoo(module.ZOO));
  }, []);
  return byFamily(zoo).map((group) => (
    <section key={group.title} className="model-family" aria-label={group.title}>
      <h3>{group.title}</h3>
      <div className="model-tiles">
        {group.models.map(({ id, title: name }) => (
          <button
            key={id}
            type="button"
            className={classes('model-tile', id === current && 'model-tile-on')}
            aria-pressed={id === current}
            onClick={() => onChoose(id, name)}
          >
            {name}
          </button>
        ))}
      </div>
    </section>
  ));
}
