import { slice as definition } from '../../../engines/bfp/slice.ts';
import type { BfpSlice, FormatChoice } from '../../../engines/bfp/types.ts';
import { sameJson } from '../../../engines/document/json.ts';
import type { Plan } from '../../../engines/onnx/run/types.ts';
import { formatText } from '../../../engines/tensor/formats/text.ts';
import type { NumberFormat } from '../../../engines/tensor/formats/types.ts';
import { continueIn, editSlice, readSlice } from '../../design/index.ts';
import { useBfp } from './state.ts';
import { texts } from './texts.ts';

const SLICE = 'bfp';

export function currentSlice(): BfpSlice {
  return readSlice<BfpSlice>(SLICE);
}

/** An edit of this lab's slice; a design without one starts from the defaults. */
export function edit(label: string, change: (slice: BfpSlice) => BfpSlice, capture?: 'now' | 'merge'): boolean {
  return editSlice<BfpSlice | undefined>(SLICE, label, (slice) => change(slice ?? definition.defaults), capture);
}

/** Sets one choice. */
export function set<K extends keyof BfpSlice>(label: string, key: K, value: BfpSlice[K], capture?: 'merge'): boolean {
  return edit(label, (slice) => ({ ...slice, [key]: value }), capture);
}

/** An operand of a layer that a plan may name. */
export type Operand = 'weights' | 'inputs' | 'outputs';

/** The short text of a format, as documents and fields have it; a text that nobody understands stays as it is. */
export function textOf(format: FormatChoice | NumberFormat): string {
  return typeof format === 'string' ? format : formatText(format);
}

/** The format that a layer's operand has by the document: its own, else that of all layers. Undefined: none (outputs). */
export function choiceOf(slice: BfpSlice, layer: string, operand: Operand): string | undefined {
  const own = slice.plan[layer]?.[operand];
  if (own !== undefined) return textOf(own);
  if (operand === 'outputs') return undefined;
  return textOf(operand === 'weights' ? slice.format.weights : slice.format.activations);
}

/** Gives one operand of a layer a format; undefined goes back to that of all layers. What a search found is kept as the rest. */
export function setLayerFormat(layer: string, operand: Operand, format: FormatChoice | undefined): boolean {
  return edit(texts.edits.layerFormat(layer), (was) => {
    const slice = withFound(was);
    const { [operand]: _, ...rest } = slice.plan[layer] ?? {};
    const own = format === undefined ? rest : { ...rest, [operand]: textOf(format) };
    const { [layer]: __, ...others } = slice.plan;
    return { ...slice, plan: Object.keys(own).length > 0 ? { ...others, [layer]: own } : others };
  });
}

/** Takes a whole plan into the document, to be measured as it is: a point of a search, or the best. One step of undo. */
export function loadPlan(plan: Plan, label: string = texts.edits.loadPlan): boolean {
  return edit(label, (was) => ({ ...was, plan: planOf(was, plan), search: null }));
}

/** A whole plan as the document writes it: only what differs from the format of all layers. */
export function planOf({ format }: Pick<BfpSlice, 'format'>, plan: Plan): BfpSlice['plan'] {
  const weights = textOf(format.weights);
  const activations = textOf(format.activations);
  const entries = Object.entries(plan).map(([name, formats]): [string, BfpSlice['plan'][string]] => {
    const own = { weights: formatText(formats.weights), inputs: formatText(formats.inputs) };
    return [
      name,
      {
        ...(own.weights !== weights && { weights: own.weights }),
        ...(own.inputs !== activations && { inputs: own.inputs }),
        ...(formats.outputs && { outputs: formatText(formats.outputs) }),
      },
    ];
  });
  return Object.fromEntries(entries.filter(([, own]) => Object.keys(own).length > 0));
}

/**
 * The slice with the plan of the search on the screen in place of the order to search, so that one layer of it can be
 * changed; any other slice with its search taken out.
 */
export function withFound(slice: BfpSlice): BfpSlice {
  if (slice.search === null) return slice;
  const { result } = useBfp.getState();
  const found = result && sameJson(result.spec, slice) ? planOf(slice, result.report.plan) : slice.plan;
  return { ...slice, plan: found, search: null };
}

/** Whether the crossbar lab has this network too: it knows structures by name, and ONNX files. */
export function canMap({ model }: BfpSlice): boolean {
  return model !== 'ocr';
}

/** Goes on in the crossbar lab, with this network and the bits that this design gives its layers. */
export async function mapToCrossbars(): Promise<void> {
  const slice = currentSlice();
  if (!canMap(slice)) return;
  // Of the chips that come with that lab, one whose cells hold single bits: on the default's, widths change nothing.
  const pim = { model: slice.model, hardware: 'isaac', bits: { from: SLICE } };
  await continueIn('pim', pim, { 'pim.view': 'network' });
}
