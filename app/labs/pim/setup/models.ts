import type { ZooModel } from '../../../../engines/onnx/zoo/index.ts';
import { texts } from '../texts.ts';

const words = texts.gallery.families;

/** Families of the zoo, in the order of the gallery; the first that fits takes a model. */
const FAMILIES: readonly { title: string; holds(model: ZooModel): boolean }[] = [
  { title: words.transformers, holds: ({ family }) => family === 'transformer' },
  { title: words.residual, holds: ({ id }) => /^(resnet|densenet)/.test(id) },
  { title: words.inception, holds: ({ id }) => /^(googlenet|inception)/.test(id) },
  { title: words.mobile, holds: ({ id }) => /^(squeeze|mobile|shuffle|efficient|yolo)/.test(id) },
  { title: words.classic, holds: () => true },
];

/** The zoo by family, as the gallery shows it. */
export function byFamily(zoo: readonly ZooModel[]): { title: string; models: ZooModel[] }[] {
  const groups = FAMILIES.map(({ title }) => ({ title, models: [] as ZooModel[] }));
  for (const model of zoo) groups[FAMILIES.findIndex(({ holds }) => holds(model))]?.models.push(model);
  // The classics come first, transformers last.
  return groups.reverse().filter(({ models }) => models.length > 0);
}
