import type { LayerMovement } from '../../../../../engines/bfp/movement/types.ts';
import { classes } from '../../../../ui/classes.ts';
import { formatDelta, formatNumber } from '../../../../ui/format.ts';
import { texts } from './texts.ts';

interface Props {
  layer: LayerMovement;
  before: LayerMovement | undefined;
  layers: readonly LayerMovement[];
  planned: readonly LayerMovement[] | undefined;
  stale: boolean;
}

/** What the layer moves and costs in a line, against the plan where other bits are tried. */
export function Figures({ layer, before, layers, planned, stale }: Props) {
  const sum = (of: readonly LayerMovement[]) => of.reduce((bits, { dramBits }) => bits + dramBits, 0);
  const figures: [name: string, value: number, unit: string, was: number | undefined][] = [
    [texts.figures.dram, layer.dramBits, 'bit', before?.dramBits],
    [texts.figures.sram, layer.sramBits, 'bit', before?.sramBits],
    [texts.figures.movementEnergy, layer.movementPj, 'pJ', before?.movementPj],
    [texts.figures.computeEnergy, layer.computePj, 'pJ', before?.computePj],
    [texts.figures.network, sum(layers), 'bit', planned && sum(planned)],
  ];
  return (
    <dl className={classes('loops-figures', stale && 'loops-pale')}>
      {figures.map(([name, value, unit, was]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num" data-value={value}>
            {formatNumber(value, unit)}
            <small>{was === undefined ? '' : formatDelta(value, was)}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}
