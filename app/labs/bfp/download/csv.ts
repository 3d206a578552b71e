import type { BfpReport } from '../../../../engines/bfp/types.ts';
import { formatText } from '../../../../engines/tensor/formats/text.ts';
import { toCsv } from '../../../charts/csv.ts';

/** Every figure of a report by its name (which says its unit), with the data that it was measured on. */
export function figuresCsv({ figures, measurement, model, search }: BfpReport): string {
  const set = measurement?.set ?? '';
  return toCsv([
    ['figure', 'value', 'model', 'data'],
    ...Object.entries(figures).map(([name, value]) => [name, value as number | undefined, model.id, set]),
    ...(measurement ? [['pValue', measurement.difference.pValue, model.id, set]] : []),
    ...(search ? [['search.evaluations', search.evaluations, model.id, 'search']] : []),
  ]);
}

/** A line a layer, with its formats and what they cost. */
export function layersCsv({ layers }: Pick<BfpReport, 'layers'>): string {
  return toCsv([
    [
      'layer',
      'kind',
      'shape',
      'parameters',
      'macs',
      'weights',
      'inputs',
      'weightBits',
      'inputBits',
      'outputBits',
      'weightSignalToNoiseDb',
      'outputSignalToNoiseDb',
      'dataMovementBits',
      'movementPj',
      'computePj',
    ],
    ...layers.map((layer) => [
      layer.name,
      layer.op,
      layer.weightShape.join('x'),
      layer.parameters,
      layer.macs,
      formatText(layer.formats.weights),
      formatText(layer.formats.inputs),
      layer.weightBits,
      layer.inputBits,
      layer.outputBits,
      layer.weightSignalToNoiseDb,
      layer.outputSignalToNoiseDb,
      layer.movement?.dramBits,
      layer.movement?.movementPj,
      layer.movement?.computePj,
    ]),
  ]);
}
