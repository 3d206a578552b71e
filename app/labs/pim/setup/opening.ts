import type { Result } from '../../../../engines/core/result.ts';
import type { BlobRef } from '../../../../engines/document/types.ts';
import type { NetworkReport } from '../../../../engines/onnx/index.ts';
import type { ModelRef } from '../../../../engines/onnx/types.ts';
import { loadHost } from '../../../jobs/host-client.ts';
import { usePim } from '../state.ts';

/** Stands for the hash of a file that is not known yet. */
const UNKNOWN = '0'.repeat(64);

type Read = (model: ModelRef, file: File, signal: AbortSignal) => Promise<Result<NetworkReport>>;

/**
 * Shows the structure of an ONNX file as soon as it has been read, while `kept` hashes and keeps the content, which takes
 * seconds where there is much of it. Answers with the reference for the design; undefined when another file was opened or
 * the design left meanwhile, or when it is not `wanted` any more.
 */
export async function showOpening(
  file: File,
  kept: Promise<BlobRef>,
  wanted: () => boolean,
  read: Read = readInWorker,
): Promise<BlobRef | undefined> {
  usePim.setState({ opening: { file } });
  const isWanted = () => usePim.getState().opening?.file === file;
  const abort = new AbortController();
  const model = { onnx: { name: file.name, bytes: file.size, sha256: UNKNOWN } };
  void read(model, file, abort.signal).then(
    (result) => {
      // What is wrong with the file is told once it is the design's model.
      if (result.ok && isWanted()) usePim.setState({ opening: { file, network: result.value.network } });
    },
    () => {},
  );
  try {
    const ref = await kept;
    if (!isWanted() || !wanted()) return undefined;
    // Until the design's own reading is there, which finds the same.
    const { opening, network } = usePim.getState();
    usePim.setState({ network: opening?.network ?? network });
    return ref;
  } finally {
    abort.abort();
    if (isWanted()) usePim.setState({ opening: undefined });
  }
}

async function readInWorker(model: ModelRef, file: File, signal: AbortSignal): Promise<Result<NetworkReport>> {
  const host = await loadHost();
  return host.run<NetworkReport>('onnx/network', model, { signal, blob: async () => file });
}
