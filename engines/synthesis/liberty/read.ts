import { breathe, checkAborted } from '../../core/abort.ts';
import { error, fail, ok, type Problem, type Result } from '../../core/result.ts';
import { type Group, LibertyParser } from './parse.ts';
import { LibraryBuilder } from './read-library.ts';
import { LibertySyntaxError } from './scan.ts';
import type { Library } from './types.ts';

export interface LibertyResult {
  library: Library;
  /** Warnings and notes: what was taken where the file says nothing, what is not read. */
  problems: Problem[];
}

/** A file that is no Liberty at all makes no more errors than these. */
const MOST_ERRORS = 50;

/** Between two breaths; some 20 ms of parsing. */
const BREATH_BYTES = 400_000;

/** One library being read, cell by cell: what is parsed is taken at once, so that no tree of the whole file is held. */
class Reader {
  readonly #parser: LibertyParser;
  readonly #problems: Problem[] = [];
  #library: Group | undefined;
  #builder: LibraryBuilder | undefined;
  readonly #file: string | undefined;

  constructor(bytes: Uint8Array, file: string | undefined) {
    this.#file = file;
    this.#parser = new LibertyParser(bytes, file, (problem) => this.#problems.push(problem));
  }

  get at(): number {
    return this.#parser.scanner.at;
  }

  /** Takes the next statement. False at the end, and past too many errors. @throws LibertySyntaxError */
  step(): boolean {
    if (!this.#library || !this.#builder) {
      this.#library = this.#parser.open();
      this.#builder = new LibraryBuilder(this.#library, this.#file, this.#problems);
    }
    const statement = this.#parser.statement(this.#library);
    if (!statement) {
      this.#parser.close();
      return false;
    }
    this.#builder.take(statement);
    return this.#errors().length < MOST_ERRORS;
  }

  #errors(): Problem[] {
    return this.#problems.filter((problem) => problem.severity === 'error');
  }

  finish(stopped?: LibertySyntaxError): Result<LibertyResult> {
    if (stopped) this.#problems.push(stopped.problem);
    const library = stopped ? undefined : this.#builder?.finish(this.#parser.skipped);
    const errors = this.#errors();
    const [first, ...others] = errors;
    if (first) {
      if (errors.length >= MOST_ERRORS)
        others.push(
          error(
            'liberty-many-errors',
            `Reading stopped after ${errors.length} errors.`,
            'Mend the first ones and load the library again.',
            { file: this.#file, line: this.#parser.scanner.line },
          ),
        );
      return { ok: false, problems: [first, ...others] };
    }
    if (!library) throw new Error('A library without errors was not made.');
    return ok({ library, problems: this.#problems });
  }
}

/**
 * Reads a Liberty library (NLDM: delays, slews and checks over tables, leakage, internal energy). What is broken fails it, each error with
 * its line and a remedy; what is sound but not read is told by notes, and in `unread` of the cells it concerns.
 */
export function parseLiberty(text: string, file?: string): Result<LibertyResult> {
  const reader = new Reader(new TextEncoder().encode(text), file);
  try {
    while (reader.step());
  } catch (thrown) {
    if (thrown instanceof LibertySyntaxError) return reader.finish(thrown);
    throw thrown;
  }
  return reader.finish();
}

/** The same for a large file, with progress (0..1), to be cancelled. @throws an AbortError when the signal is aborted. */
export async function readLiberty(
  bytes: Uint8Array,
  options: { file?: string; signal: AbortSignal; progress?: (fraction: number) => void },
): Promise<Result<LibertyResult>> {
  const { file, signal, progress } = options;
  checkAborted(signal);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b)
    return fail(error('liberty-packed', 'The file is compressed.', 'Unpack it with gunzip first.', { file }));
  const reader = new Reader(bytes, file);
  let breathed = 0;
  try {
    while (reader.step()) {
      if (reader.at - breathed < BREATH_BYTES) continue;
      breathed = reader.at;
      progress?.(reader.at / bytes.length);
      await breathe(signal);
    }
  } catch (thrown) {
    if (thrown instanceof LibertySyntaxError) return reader.finish(thrown);
    throw thrown;
  }
  return reader.finish();
}
