import type { ZooModel } from '../../engines/onnx/zoo/index.ts';

/** Families of the zoo; the first that fits takes a model. The classics come first in galleries, transformers last. */
const FAMILIES: readonly { title: string; holds(model: ZooModel): boolean }[] = [
  { title: 'Transformers', holds: ({ family }) => family === 'transformer' },
  { title: 'Residual and dense', holds: ({ id }) => /^(resnet|densenet)/.test(id) },
  { title: 'Inception', holds: ({ id }) => /^(googlenet|inception)/.test(id) },
  { title: 'Small and mobile', holds: ({ id }) => /^(squeeze|mobile|shuffle|efficient|yolo)/.test(id) },
  { title: 'AlexNet and VGG', holds: () => true },
];

/** The zoo by family, as galleries show it. */
export function byFamily(zoo: readonly ZooModel[]): { title: string; models: ZooModel[] }[] {
  const groups = FAMILIES.map(({ title }) => ({ title, models: [] as ZooModel[] }));
  for (const model of zoo) groups[FAMILIES.findIndex(({ holds }) => holds(model))]?.models.push(model);
  return groups.reverse().filter(({ models }) => models.length > 0);
}
