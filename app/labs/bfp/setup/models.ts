import type { BfpModel } from '../../../../engines/bfp/types.ts';
import { texts } from '../texts.ts';

export type ShippedModel = Extract<BfpModel, string>;

export const SHIPPED: readonly ShippedModel[] = ['digits-cnn', 'digits-resnet', 'ocr'];

/** How a model is called on the screen: its name, or that of its file. */
export function modelName(model: BfpModel): string {
  return typeof model === 'string' ? texts.model.names[model] : model.onnx.name;
}

/** Networks that can be trained on here. */
export function isDigits(model: BfpModel): boolean {
  return model === 'digits-cnn' || model === 'digits-resnet';
}
