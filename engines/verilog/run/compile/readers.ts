/** What generated code has to do when it changes a signal: copies made at once, and combinational logic marked to be worked out. */
import type { Read, SignalId } from '../../ir/types.ts';
import type { Generator } from './generate.ts';
import { constant } from './js.ts';

interface Reader {
  part?: { offset: number; width: number };
  element?: number;
  /** Bit of the marks. */
  rank?: number;
  /** Function that is called. */
  call?: string;
  /** What the function does, where it copies a whole word to a place of its own and nothing else. */
  copy?: Copy;
}

/** Where a whole signal or element of up to 32 bits is copied to: it always has the value that its source had. */
export interface Copy {
  signal: SignalId;
  element?: number;
  offset: number;
}

/** The names (or constants) of new and old value of a whole word: planes a and b. */
export interface Change {
  a: string;
  b: string;
  oldA: string;
  oldB: string;
}

/** Copies of copies that are written in place. */
const deepest = 6;

const apart = (p: Reader['part'], q: Reader['part']): boolean =>
  p !== undefined && q !== undefined && (p.offset >= q.offset + q.width || q.offset >= p.offset + p.width);

export class Readers {
  private readonly canon: Int32Array;
  private readonly generator: Generator;
  private readonly of = new Map<SignalId, Reader[]>();
  private readonly switchNames = new Map<SignalId, string>();
  /** Texts of functions that choose by the element that has changed. */
  readonly switches: string[] = [];

  constructor(canon: Int32Array, generator: Generator) {
    this.canon = canon;
    this.generator = generator;
  }

  mark(read: Read, rank: number): void {
    this.add(read, { part: read.part, element: read.element, rank });
  }

  call(read: Read, name: string, copy?: Copy): void {
    this.add(read, { part: read.part, element: read.element, call: name, copy });
  }

  private add(read: Read, reader: Reader): void {
    const id = this.canon[read.signal]!;
    const list = this.of.get(id);
    if (list) list.push(reader);
    else this.of.set(id, [reader]);
  }

  signals(): SignalId[] {
    return [...this.of.keys()];
  }

  /** `element`: a constant or a name; negative at run time: any may have changed. Not given: not an array. */
  text(
    signal: SignalId,
    part?: { offset: number; width: number },
    element?: string,
    change?: Change,
    depth = 0,
  ): string {
    const list = (this.of.get(signal) ?? []).filter((it) => !apart(part, it.part));
    const fixed = element === undefined ? undefined : constant(element);
    if (element === undefined || fixed !== undefined || list.every((it) => it.element === undefined)) {
      return this.plain(
        list.filter((it) => fixed === undefined || it.element === undefined || it.element === fixed),
        change,
        depth,
      );
    }
    const elements = new Set(list.map((it) => it.element).filter((it) => it !== undefined));
    const all = this.plain(list.filter((it) => it.element === undefined));
    if (elements.size <= 2) {
      const some = [...elements].map(
        (k) => `if (${element} === ${k} || ${element} < 0) { ${this.plain(list.filter((it) => it.element === k))} }`,
      );
      return `${all} ${some.join(' ')}`;
    }
    let name = this.switchNames.get(signal);
    if (name === undefined) {
      name = this.generator.fresh();
      this.switchNames.set(signal, name);
      const every = this.of.get(signal)!;
      const cases = [...new Set(every.map((it) => it.element))]
        .filter((it) => it !== undefined)
        .map((k) => `case ${k}: ${this.plain(every.filter((it) => it.element === k))} break;`);
      const any = this.plain(every.filter((it) => it.element !== undefined));
      this.switches.push(`function ${name}(e) { if (e < 0) { ${any} } else switch (e) {\n${cases.join('\n')}\n} }`);
    }
    return `${all} ${name}(${element});`;
  }

  private inline(copy: Copy, change: Change, depth: number): string {
    const { signal, element, offset } = copy;
    const { a, b, oldA, oldB } = change;
    const lines = [`M[${offset}] = ${a};`];
    if (b !== '0' || oldB !== '0') lines.push(`M[${offset + 1}] = ${b};`);
    lines.push(this.text(signal, undefined, element === undefined ? undefined : String(element), change, depth + 1));
    const tell = element === undefined ? `notify(${signal}, ${oldA}, ${oldB})` : `notifyElement(${signal}, ${element})`;
    lines.push(`if ((F[${signal}] & 15) !== 0) K.${tell};`);
    return lines.join(' ');
  }

  private plain(list: Reader[], change?: Change, depth = 0): string {
    const masks = new Map<number, number>();
    const calls = new Set<string>();
    for (const { rank, call, copy } of list) {
      if (call !== undefined) {
        calls.add(
          change !== undefined && copy !== undefined && depth < deepest
            ? this.inline(copy, change, depth)
            : `${call}();`,
        );
      }
      if (rank !== undefined) masks.set(rank >>> 5, (masks.get(rank >>> 5) ?? 0) | (1 << (rank & 31)));
    }
    const marks = [...masks].map(([word, bits]) => `D[${word}] |= ${bits};`);
    if (marks.length > 0) marks.push('if (S[0] === 0) X();');
    // As the kernel does it: what goes through the queue is put there before copies go on.
    return [...marks, ...calls].join(' ');
  }
}
