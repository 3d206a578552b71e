import type { ModelRef } from '../../engines/onnx/types.ts';

/** The id of a model of the zoo; undefined for a model from a file. */
export function zooId(model: ModelRef): string | undefined {
  if (typeof model === 'string') return model;
  return 'zoo' in model ? model.zoo : undefined;
}

/** How a model is called on the screen: its id, or the name of its file. */
export function modelName(model: ModelRef): string {
  const id = zooId(model);
  if (id !== undefined) return id;
  if (typeof model === 'object' && 'onnx' in model) return model.onnx.name;
  if (typeof model === 'object' && 'pimcompJson' in model && typeof model.pimcompJson === 'object')
    return model.pimcompJson.name;
  return 'PIMCOMP JSON';
}

export function symbolsOf(model: ModelRef): Record<string, number> {
  return typeof model === 'object' && 'symbols' in model ? (model.symbols ?? {}) : {};
}

/** The model with a size for a symbolic dimension; `undefined` takes it back. PIMCOMP's own graphs have none. */
export function withSymbol(model: ModelRef, name: string, size: number | undefined): ModelRef {
  if (typeof model === 'object' && 'pimcompJson' in model) return model;
  const { [name]: _, ...others } = symbolsOf(model);
  const symbols = size === undefined ? others : { ...others, [name]: size };
  const some = Object.keys(symbols).length > 0;
  if (typeof model === 'object' && 'onnx' in model) return some ? { onnx: model.onnx, symbols } : { onnx: model.onnx };
  const zoo = typeof model === 'string' ? model : model.zoo;
  return some ? { zoo, symbols } : zoo;
}
