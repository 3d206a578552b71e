import type { Layer, Network } from '../../onnx/network.ts';
import { elementsOf } from './common-regions.ts';
import { type Need, type PointwiseSpec, Store, Unit, type Work } from './latency-types.ts';
import { WindowPixels } from './windows.ts';

const POINTWISE = new Set(['relu', 'tanh', 'sigmoid']);

/** Whether the released program's latency mode has a form for a layer (facts 1.7). */
function isReleased(layer: Layer): boolean {
  const { kind } = layer;
  switch (kind.op) {
    case 'fc':
      return kind.rows === 1;
    case 'eltwise':
      return (kind.how === 'add' || kind.how === 'sub') && kind.constant === undefined && layer.inputs.length > 1;
    case 'normalise':
      return kind.how === 'lrn' || kind.how === 'batch';
    case 'input':
    case 'conv':
    case 'pool':
    case 'concat':
    case 'activation':
    case 'softmax':
    case 'move':
      return true;
    default:
      return false;
  }
}

/** Whether the released program could schedule the whole network; otherwise only the own manner can. */
export function canBeReleased(network: Network): boolean {
  return network.layers.every(isReleased);
}

/**
 * The units of the released program (facts 1.4, 1.5): every layer that is neither convolution nor FC runs in one core, that
 * of its number modulo the cores; LRN, softmax and moves are passed through without a computation; an activation behind
 * such a layer is a layer of its own; every consumer has a copy of its own.
 */
export function releasedUnits(network: Network, mappedOf: ReadonlyMap<number, number>, cores: number): Unit[] {
  const units: Unit[] = [];
  /** By layer: the unit whose pixels are its output. */
  const made: Unit[] = [];
  let number = 0;
  const add = (layer: Layer, work: Work, from: Unit[], need: Need): Unit => {
    const [pixels, channels] = pixelsOf(layer);
    const unit = new Unit(units.length, layer.index, work, pixels, channels);
    if (work.do !== 'mapped' && work.do !== 'source') unit.home.fill(number % cores);
    for (const source of from) {
      const store = new Store(source, cores, work.do === 'mapped' ? 0 : 1, 'copies');
      store.consumers.push({ unit, operand: unit.operands.length });
      unit.operands.push({ from: source, need, store });
    }
    units.push(unit);
    return unit;
  };
  for (const layer of network.layers) {
    const from = layer.inputs.map((input) => made[input]!);
    const work = workOf(layer, mappedOf);
    const spec = layer.activation;
    if (work === undefined) {
      const unit = from[0]!;
      const { kind } = layer;
      const alone = network.layers[layer.inputs[0]!]!.consumers.length === 1;
      if (kind.op === 'activation' && alone) unit.activation ??= clipOf(kind);
      made.push(unit);
    } else {
      const sorted = work.do === 'eltwise' && work.how === 'add' ? [...from].sort((a, b) => a.id - b.id) : from;
      const unit = add(layer, work, sorted, needOf(layer, from[0]));
      made.push(unit);
      if (spec && (work.do === 'mapped' || !POINTWISE.has(spec.how))) unit.activation = spec;
      else if (spec) {
        number++;
        made[layer.index] = add(layer, { do: 'activation', spec }, [unit], { how: 'same' });
      }
    }
    number++;
  }
  for (const layer of network.layers) if (layer.consumers.length === 0) made[layer.index]!.isResult = true;
  return units;
}

function workOf(layer: Layer, mappedOf: ReadonlyMap<number, number>): Work | undefined {
  const { kind } = layer;
  switch (kind.op) {
    case 'input':
      return { do: 'source' };
    case 'conv':
    case 'fc':
      return { do: 'mapped', mapped: mappedOf.get(layer.index)!, bias: true };
    case 'pool':
      return { do: 'pool', kind };
    case 'eltwise':
      return { do: 'eltwise', how: kind.how };
    case 'concat':
      return { do: 'concat' };
    case 'activation':
      return POINTWISE.has(kind.how) ? { do: 'activation', spec: kind } : undefined;
    case 'move':
      return kind.how === 'shuffle' ? { do: 'shuffle', groups: kind.groups ?? 1 } : undefined;
    default:
      return undefined;
  }
}

function clipOf({ how, min, max, alpha }: PointwiseSpec): PointwiseSpec {
  return { how, min, max, alpha };
}

/** Pixels and channels of a layer's output: N x H x W and C of a map, otherwise the last axis and what is before it. */
export function pixelsOf(layer: Layer): [pixels: number, channels: number] {
  const shape = layer.outputShape;
  const channels = (shape.length === 4 ? shape[1] : shape.at(-1)) ?? 1;
  return [elementsOf(shape) / channels, channels];
}

function needOf(layer: Layer, from: Unit | undefined): Need {
  const { kind } = layer;
  if (kind.op === 'conv' || kind.op === 'pool') return windowNeed(layer, kind);
  if (kind.op === 'fc' && from) return { how: 'all' };
  return { how: 'same' };
}

export function windowNeed(layer: Layer, kind: ConstructorParameters<typeof WindowPixels>[0]): Need {
  const [, , rows = 1, columns = 1] = layer.inputShapes[0]!;
  const [, , outputRows = 1, outputColumns = 1] = layer.outputShape;
  const output = { rows: outputRows, columns: outputColumns };
  return { how: 'window', pixels: new WindowPixels(kind, { rows, columns }, output) };
}
