import type { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import { valueText } from '../../../../engines/verilog/wave/value.ts';
import type { WaveViewState } from '../../../../engines/verilog/wave/view.ts';
import { radixOf } from './rows.ts';

/**
 * The value of a signal at a time, as its row writes it where it is shown, else as its type asks for; the empty text before
 * its first value. Undefined: there is no such signal.
 */
export function valueAt(database: WaveDatabase, view: WaveViewState, path: string, time: number): string | undefined {
  const wave = database.find(path);
  const data = wave && database.data(wave);
  if (!wave || !data) return undefined;
  const shown = view.signals.find((each) => each.path === path) ?? { path };
  const names = wave.enumType === undefined ? undefined : database.enums[wave.enumType];
  return valueText(data, data.entryAt(database.stepAt(time)), radixOf(shown, wave), names);
}
