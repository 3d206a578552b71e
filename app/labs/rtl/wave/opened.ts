import { create } from 'zustand';
import { isAbortError } from '../../../../engines/core/abort.ts';
import type { Problem } from '../../../../engines/core/result.ts';
import type { SimulatePiece, WavesReport, WavesSpec } from '../../../../engines/verilog/types.ts';
import { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import { EMPTY_VIEW, type WaveViewState } from '../../../../engines/verilog/wave/view.ts';
import { loadHost } from '../../../jobs/host-client.ts';

/** A file of waves that is looked at in place of the run. Nothing of it is kept with the design. */
interface OpenedWaves {
  name?: string;
  database?: WaveDatabase;
  /** 0 to 1 while it is read. */
  fraction?: number;
  problems: readonly Problem[];
  view: WaveViewState;
}

const NONE: OpenedWaves = { problems: [], view: EMPTY_VIEW };
export const useOpenedWaves = create<OpenedWaves>(() => NONE);

let reading: AbortController | undefined;

/** Whether a file is one of waves, by its name. */
export function isWaveFile(name: string): boolean {
  return /\.(vcd|evcd|fst)$/i.test(name);
}

/** Reads a file of waves in a worker and shows it, from its first signals on. A newer one ends an older. */
export async function openWaveFile(file: File): Promise<void> {
  reading?.abort();
  const abort = new AbortController();
  reading = abort;
  useOpenedWaves.setState({ ...NONE, name: file.name, fraction: 0 }, true);
  const spec: WavesSpec = { name: file.name, content: file };
  const database = new WaveDatabase();
  let taken = 0;
  try {
    const result = await (await loadHost()).run<WavesReport>('verilog/waves', spec, {
      signal: abort.signal,
      onProgress({ fraction, partial }) {
        if (abort.signal.aborted) return;
        for (const piece of (partial as { stream: SimulatePiece[] } | undefined)?.stream ?? []) {
          if (piece.kind !== 'waves' || piece.delta.sequence !== taken) continue;
          database.append(piece.delta);
          taken++;
        }
        useOpenedWaves.setState({ fraction, ...(database.signals.length > 0 && { database }) });
      },
    });
    if (abort.signal.aborted) return;
    if (!result.ok) {
      useOpenedWaves.setState({ fraction: undefined, problems: result.problems });
      return;
    }
    // What was streamed is known; the answer has the rest, and all of it where nothing was.
    for (const delta of result.value.waves) {
      if (delta.sequence < taken) continue;
      database.append(delta);
      taken++;
    }
    useOpenedWaves.setState({ database, fraction: undefined, problems: result.value.problems });
  } catch (reason) {
    if (!isAbortError(reason)) throw reason;
  }
}

/** Back to the run. */
export function closeWaveFile(): void {
  reading?.abort();
  reading = undefined;
  useOpenedWaves.setState(NONE, true);
}
