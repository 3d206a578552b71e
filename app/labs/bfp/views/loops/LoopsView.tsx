import { RotateCcw } from 'lucide-react';
import { useMemo, useState } from 'react';
import { LISTS } from '../../../../../engines/bfp/movement/lists.ts';
import type { MovementSpec } from '../../../../../engines/bfp/movement/movement.ts';
import type { LayerMovement, OperandBits } from '../../../../../engines/bfp/movement/types.ts';
import type { BfpSlice } from '../../../../../engines/bfp/types.ts';
import { useSlice, useView } from '../../../../design/index.ts';
import { Badge } from '../../../../ui/Badge.tsx';
import { Button } from '../../../../ui/Button.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import { Select } from '../../../../ui/Select.tsx';
import { Term } from '../../../../ui/Term.tsx';
import { View } from '../../../../ui/View.tsx';
import { selectLayer, useBfp } from '../../state.ts';
import { NoResult } from '../NoResult.tsx';
import { BitSliders } from './BitSliders.tsx';
import { ByLayer, ByLevel, LevelTable } from './charts.tsx';
import { Figures } from './Figures.tsx';
import { Lists } from './Lists.tsx';
import { Nest } from './Nest.tsx';
import { layerOf } from './nest.ts';
import { terms, texts } from './texts.ts';
import { useMovement } from './useMovement.ts';
import './loops.css';

const DESIGN = 'design';
/** Of the zoo: what is often looked at, not all of it. */
const ZOO: readonly [id: string, title: string][] = [
  ['resnet50', 'ResNet-50'],
  ['mobilenet-v1', 'MobileNet v1'],
  ['vgg16', 'VGG-16'],
];
/** Where a list is looked at that no plan gives bits. */
const EQUAL: OperandBits = { inputs: 8, weights: 8, outputs: 8 };

/** How a layer is tiled, what its tiles hold, what moves: of the design's network, or of a published list. */
export default function LoopsView() {
  const [source, setSource] = useView<string>('bfp.loops.source', DESIGN);
  const [bits, setBits] = useState<OperandBits>();
  return (
    <View title={texts.title} about={texts.about} lesson="loops" aside={<Term term={terms.nest} mark />}>
      <div className="loops">
        <div className="loops-controls">
          <div className="loops-field">
            <span aria-hidden>{texts.source}</span>
            <Select
              label={texts.source}
              value={source}
              onChange={(next) => {
                setSource(next);
                setBits(undefined);
              }}
              options={[
                { value: DESIGN, label: texts.sources.design },
                ...LISTS.map(({ id, title }) => ({ value: id, label: title })),
                ...ZOO.map(([id, title]) => ({ value: id, label: texts.sources.zoo(title) })),
              ]}
            />
          </div>
        </div>
        {source === DESIGN ? (
          <OfDesign bits={bits} onBits={setBits} />
        ) : (
          <OfList key={source} model={source} bits={bits} onBits={setBits} />
        )}
        <Lists bits={bits ?? EQUAL} />
      </div>
    </View>
  );
}

interface WithBits {
  /** Tried in place of the plan's; undefined: the plan's. */
  bits: OperandBits | undefined;
  onBits(bits: OperandBits | undefined): void;
}

/** The network of the design: as its plan has it, at once from the result; with other bits, computed. */
function OfDesign({ bits, onBits }: WithBits) {
  const machine = useSlice<BfpSlice>('bfp').machine;
  const listing = useBfp((state) => state.listing);
  const result = useBfp((state) => state.result);
  const stale = useBfp((state) => state.stale);
  const chosen = useBfp((state) => state.selectedLayer);
  const layers = (stale && listing ? listing.layers : result?.report.layers) ?? listing?.layers;
  const planned = useMemo(() => layers?.flatMap(({ movement }) => (movement ? [movement] : [])), [layers]);
  const spec = useMemo<MovementSpec | undefined>(
    () => (bits && planned ? { layers: planned.map(layerOf), bits, machine } : undefined),
    [bits, planned, machine],
  );
  const tried = useMovement(spec);
  if (!planned || planned.length === 0) return <NoResult />;
  const shown = bits && tried.result ? tried.result.layers : planned;
  return (
    <Movement
      layers={shown}
      planned={bits ? planned : undefined}
      chosen={chosen}
      onChoose={(name) => name !== chosen && selectLayer(name)}
      bits={bits}
      onBits={onBits}
      pale={bits !== undefined && !tried.fresh}
      problems={bits ? tried.problems : undefined}
      resettable
    />
  );
}

function OfList({ model, bits, onBits }: WithBits & { model: string }) {
  const machine = useSlice<BfpSlice>('bfp').machine;
  const [chosen, setChosen] = useState<string>();
  const spec = useMemo<MovementSpec>(() => ({ model, bits: bits ?? EQUAL, machine }), [model, bits, machine]);
  const found = useMovement(spec);
  if (!found.result) {
    return found.problems ? <ProblemList problems={found.problems} /> : <p className="hint">{texts.computing}</p>;
  }
  return (
    <Movement
      layers={found.result.layers}
      chosen={chosen}
      onChoose={setChosen}
      bits={bits}
      onBits={onBits}
      pale={!found.fresh}
      problems={found.problems}
    />
  );
}

interface MovementProps extends WithBits {
  layers: readonly LayerMovement[];
  /** What to compare with: the same layers in the formats of the plan. */
  planned?: readonly LayerMovement[];
  chosen: string | undefined;
  onChoose(name: string): void;
  pale: boolean;
  problems?: Parameters<typeof ProblemList>[0]['problems'];
  resettable?: boolean;
}

function Movement(props: MovementProps) {
  const { layers, planned, chosen, onChoose, bits, onBits, pale, problems, resettable } = props;
  const layer = layers.find(({ name }) => name === chosen) ?? layers[0]!;
  const before = planned?.find(({ name }) => name === layer.name);
  return (
    <>
      <div className="loops-controls">
        <div className="loops-field">
          <span aria-hidden>{texts.layer}</span>
          <Select
            label={texts.layer}
            mono
            value={layer.name}
            onChange={onChoose}
            options={layers.map(({ name }) => ({ value: name, label: name }))}
          />
        </div>
        <span className="hint loops-shape">{shapeText(layer)}</span>
      </div>
      <BitSliders bits={bits ?? layer.bits} onChange={onBits}>
        {resettable && bits && (
          <span className="loops-back">
            <Badge tone="accent">{texts.trying}</Badge>
            <Button
              size="small"
              icon={RotateCcw}
              label={texts.back}
              title={texts.backAbout}
              onClick={() => onBits(undefined)}
            />
          </span>
        )}
      </BitSliders>
      {problems && problems.length > 0 && <ProblemList problems={problems} />}
      <Figures layer={layer} before={before} layers={layers} planned={planned} stale={pale} />
      <div className="loops-columns">
        <Nest layer={layer} stale={pale} />
        <div className="loops-charts">
          <ByLevel layer={layer} before={before} stale={pale} />
          <ByLayer layers={layers} planned={planned} selected={layer.name} onChoose={onChoose} stale={pale} />
        </div>
      </div>
      <LevelTable layer={layer} />
    </>
  );
}

function shapeText({ sizes, repeats, macs }: LayerMovement): string {
  const { f, x, y, c, w, h, b } = sizes;
  const parts = [
    `${formatNumber(b * x * y)} × ${f}`,
    ...(repeats > 1 ? [texts.repeats(repeats)] : []),
    `${w} × ${h} × ${c}`,
  ];
  return texts.shape(parts.join(', '), formatNumber(macs, 'MAC'));
}
