import { error, fail, ok, type Result } from '../core/result.ts';
import type { DeepPartial, Hardware, HardwareChoice } from './hardware.ts';
import { checkHardware } from './hardware-check.ts';
import { hardwareFromPimcompConfig } from './pimcomp-config.ts';
import { PRESETS } from './presets/chips.ts';
import { derivedFigures } from './presets/derived.ts';

export { PRESETS } from './presets/chips.ts';

/**
 * The chip that a document names: a preset, a preset with changes, or PIMCOMP-NN's configuration as text (a blob has to be
 * read by the caller first). Product time and energies that were derived from the shape of the arrays are derived again
 * where the shape or the precision is changed, unless they are given too.
 */
export function resolveHardware(choice: HardwareChoice): Result<Hardware> {
  if (typeof choice === 'object' && 'pimcompConfig' in choice) {
    if (typeof choice.pimcompConfig === 'string') return checked(hardwareFromPimcompConfig(choice.pimcompConfig));
    return fail(
      error(
        'config-not-read',
        'The hardware configuration is a file that was not read.',
        'Add the file to the design again.',
        {
          path: 'slices.pim.hardware.pimcompConfig',
        },
      ),
    );
  }
  const { base, ...changes } = typeof choice === 'string' ? { base: choice } : choice;
  if (!Object.hasOwn(PRESETS, base)) {
    const what = `There is no chip named "${base}".`;
    return fail(
      error('unknown-hardware', what, `There are: ${Object.keys(PRESETS).join(', ')}.`, {
        path: 'slices.pim.hardware',
      }),
    );
  }
  const preset = PRESETS[base]!.hardware;
  if (typeof choice === 'string') return ok(structuredClone(preset));
  const shaped = merge(preset, changes);
  const derived = merge(shaped, derivedFigures(preset, shaped));
  return checked(ok({ ...merge(derived, changes), name: choice.name ?? `${base}, changed` }));
}

function checked(result: Result<Hardware>): Result<Hardware> {
  if (!result.ok) return result;
  const [first, ...rest] = checkHardware(result.value);
  return first ? fail(first, ...rest) : result;
}

function merge<T extends object>(base: T, changes: DeepPartial<T>): T {
  const merged = { ...base };
  for (const key of Object.keys(changes) as (keyof T)[]) {
    const change = changes[key];
    if (change === undefined) continue;
    const old = base[key];
    merged[key] =
      typeof change === 'object' && change !== null && typeof old === 'object' && old !== null
        ? merge(old, change as DeepPartial<typeof old>)
        : (change as T[keyof T]);
  }
  return merged;
}
