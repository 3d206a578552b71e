/** The system tasks and functions of one run (IEEE 1364-2005 section 17, 1800-2012 sections 20 and 21). */

import { scopeName } from '../../ir/names.ts';
import { timescaleText } from '../../wave/vcd-names.ts';
import type { BoundArg, CallSite, Machine, SystemTasks, Value, Vec } from '../machine.ts';
import { fromReal, roundAway } from '../value/convert.ts';
import { concat, resize, select } from '../value/ops.ts';
import { blank, fromBigInt, getBit, isKnown, isVec, toBigInt } from '../value/vector.ts';
import { Display } from './display.ts';
import { Dump } from './dump.ts';
import { FileTable } from './files.ts';
import { MATH } from './functions.ts';
import { MemoryFiles } from './memory-files.ts';
import { plusArgValue } from './plus-args.ts';
import { QueueTasks } from './queue-tasks.ts';
import { distribution, random, unsignedRange } from './random.ts';
import { type Source, scan } from './scan.ts';
import { annotate } from './sdf.ts';
import { TimeFormat } from './time-format.ts';
import { bigVec, integer, isValueArg, numberOf, textOf, valueFor, wordOf } from './values.ts';

export function createSystemTasks(machine: Machine): SystemTasks {
  return new Tasks(machine);
}

type Handler = (site: CallSite, frame: unknown) => Value | undefined;

class Tasks implements SystemTasks {
  private readonly files: FileTable;
  private readonly display: Display;
  private readonly memories: MemoryFiles;
  private readonly dump: Dump;
  private readonly time: TimeFormat;
  private readonly queues: QueueTasks;
  private randomSeed = 0;
  private unsignedSeed = 0;
  private readonly handlers: Record<string, Handler>;

  constructor(private readonly machine: Machine) {
    this.time = new TimeFormat(machine.design);
    this.files = new FileTable(
      machine.files,
      (text) => machine.print(text),
      (text) => (machine.printError ? machine.printError(text) : machine.print(text)),
    );
    this.display = new Display(machine, this.files, this.time);
    this.memories = new MemoryFiles(machine, this.files);
    this.dump = new Dump(machine, this.files);
    this.queues = new QueueTasks(machine);
    this.handlers = this.table();
  }

  call(site: CallSite, frame: unknown): Value | undefined {
    if (this.display.call(site, frame) || this.dump.call(site, frame)) return undefined;
    const handler = Object.hasOwn(this.handlers, site.name) ? this.handlers[site.name] : undefined;
    if (handler) return handler(site, frame);
    const calculate = Object.hasOwn(MATH, site.name) ? MATH[site.name] : undefined;
    if (calculate) return calculate(numberOf(site.args[0], frame) ?? 0, numberOf(site.args[1], frame) ?? 0);
    const queued = this.queues.call(site, frame);
    if (queued) return queued.value;
    if (site.name.startsWith('$dist_')) return this.drawn(site, frame);
    this.machine.end({
      kind: 'error',
      problem: {
        code: 'not-supported',
        severity: 'error',
        what: `${site.name} is not supported by this simulator.`,
        remedy: 'Leave it out, or compute what it gives in another way.',
        where: site.at,
      },
    });
    return undefined;
  }

  close(): void {
    this.dump.close();
    this.files.closeAll();
  }

  private table(): Record<string, Handler> {
    const { machine, files } = this;
    const end = (site: CallSite, status?: number) =>
      machine.end({ kind: 'finish', at: site.at, ...(status !== undefined && { status }) });
    return {
      $finish: (site) => void end(site),
      $finish_and_return: (site, frame) => void end(site, wordOf(site.args[0], frame) ?? 0),
      $stop: (site) => void machine.end({ kind: 'stop', at: site.at }),
      $time: (site) => bigVec(64, this.ticksIn(site)),
      $stime: (site) => bigVec(32, this.ticksIn(site)),
      $simtime: () => bigVec(64, BigInt(machine.now())),
      $realtime: (site) => machine.now() / 10 ** (this.unitOf(site) - machine.design.precision),
      $timeformat: (site, frame) => {
        if (site.args.length === 0) return void this.time.reset();
        this.time.units = numberOf(site.args[0], frame) ?? this.time.units;
        this.time.digits = numberOf(site.args[1], frame) ?? 0;
        this.time.suffix = textOf(site.args[2], frame) ?? '';
        this.time.width = numberOf(site.args[3], frame) ?? 20;
        return undefined;
      },
      $printtimescale: (site) => {
        const [arg] = site.args;
        const scope = arg?.kind === 'scope' ? arg.scope : site.scope;
        const { unit, precision } = machine.design.scopes[scope]!;
        machine.print(
          `Time scale of (${scopeName(machine.design, scope)}) is ${timescaleText(unit)} / ${timescaleText(precision)}\n`,
        );
        return undefined;
      },
      $random: (site, frame) => this.random(site, frame),
      $urandom: (site, frame) => this.unsigned(site.args[0], frame, 0, 0xffffffff),
      $urandom_range: (site, frame) => {
        const one = (wordOf(site.args[0], frame) ?? 0) >>> 0;
        const other = (wordOf(site.args[1], frame) ?? 0) >>> 0;
        return this.unsigned(undefined, frame, Math.min(one, other), Math.max(one, other));
      },
      $readmemh: (site, frame) => void this.memories.read(site, frame),
      $readmemb: (site, frame) => void this.memories.read(site, frame),
      $writememh: (site, frame) => void this.memories.write(site, frame),
      $writememb: (site, frame) => void this.memories.write(site, frame),
      $fopen: (site, frame) => {
        const path = textOf(site.args[0], frame) ?? '';
        const mode = textOf(site.args[1], frame);
        return integer((mode === undefined ? files.openChannel(path) : files.open(path, mode)) | 0);
      },
      $fclose: (site, frame) => {
        const descriptor = wordOf(site.args[0], frame) ?? 0;
        if (descriptor === 0) return undefined;
        const standard = files.standardName(descriptor);
        if (standard) this.display.keptOpen(site, descriptor, standard);
        else if (!files.isOpen(descriptor)) this.display.badDescriptor(site, descriptor);
        else files.close(descriptor);
        return undefined;
      },
      $fflush: (site, frame) => {
        const descriptor = wordOf(site.args[0], frame) ?? 0;
        if (descriptor !== 0 && !files.isOpen(descriptor)) this.display.badDescriptor(site, descriptor);
        else files.flushAll();
        return undefined;
      },
      $feof: (site, frame) => this.withFile(site, frame, 0, (file) => (file.ended ? 1 : 0)),
      $ftell: (site, frame) => this.withFile(site, frame, 0, (file) => file.at),
      $rewind: (site, frame) => this.withFile(site, frame, 0, (file) => (file.seek(0) ? 0 : -1)),
      $fseek: (site, frame) =>
        this.withFile(site, frame, 0, (file) => {
          const offset = numberOf(site.args[1], frame) ?? 0;
          const from = [0, file.at, file.size][numberOf(site.args[2], frame) ?? 0] ?? 0;
          return file.seek(from + offset) ? 0 : -1;
        }),
      $ferror: (site, frame) => {
        const file = files.file(wordOf(site.args[0], frame) ?? 0);
        this.assign(site.args[1], frame, file ? '' : 'Bad file descriptor');
        return integer(file ? file.error : 9);
      },
      $fgetc: (site, frame) => this.withFile(site, frame, 0, (file) => (file.reads ? (file.readByte() ?? -1) : -1)),
      $ungetc: (site, frame) =>
        this.withFile(site, frame, 1, (file) => {
          file.unread((numberOf(site.args[0], frame) ?? 0) & 0xff);
          return 0;
        }),
      $fgets: (site, frame) =>
        this.withFile(site, frame, 1, (file) => {
          const [target] = site.args;
          const most =
            isValueArg(target) && target.type.kind === 'vector' ? target.type.width >>> 3 : Number.POSITIVE_INFINITY;
          let text = '';
          while (text.length < most) {
            const byte = file.reads ? file.readByte() : undefined;
            if (byte === undefined) break;
            text += String.fromCharCode(byte);
            if (byte === 10) break;
          }
          if (text !== '') this.assign(target, frame, text);
          return text.length;
        }),
      $fread: (site, frame) => this.fread(site, frame),
      $fscanf: (site, frame) =>
        this.withFile(site, frame, 0, (file) => {
          const source: Source = {
            next: () => (file.reads ? file.readByte() : undefined),
            back: (byte) => file.unread(byte),
          };
          return this.scanned(site, frame, source);
        }),
      $sscanf: (site, frame) => {
        const text = textOf(site.args[0], frame) ?? '';
        let at = 0;
        const source: Source = {
          next: () => (at < text.length ? text.charCodeAt(at++) : undefined),
          back: () => {
            at--;
          },
        };
        return integer(this.scanned(site, frame, source));
      },
      // Strings hold no zero bytes.
      $sformatf: (site, frame) => this.display.formatted(site, frame, site.args).replaceAll('\0', ''),
      $psprintf: (site, frame) => this.display.formatted(site, frame, site.args).replaceAll('\0', ''),
      $test$plusargs: (site, frame) => {
        const wanted = textOf(site.args[0], frame) ?? '';
        return integer(machine.spec.plusArgs.some((arg) => arg.startsWith(wanted)) ? 1 : 0);
      },
      $value$plusargs: (site, frame) => {
        const [format, target] = site.args;
        const found = plusArgValue(machine.spec.plusArgs, textOf(format, frame) ?? '');
        if (found === undefined || target?.kind !== 'lvalue') return integer(0);
        target.assign(frame, valueFor(target.type, found.value, found.signed));
        return integer(1);
      },
      $rtoi: (site, frame) => fromReal(Math.trunc(numberOf(site.args[0], frame) ?? 0), 32),
      // The argument is an integer: reals are rounded first.
      $itor: (site, frame) => {
        const value = numberOf(site.args[0], frame) ?? 0;
        return Number.isFinite(value) ? roundAway(value) + 0 : 0;
      },
      $realtobits: (site, frame) => {
        const halves = new BigUint64Array(Float64Array.of(numberOf(site.args[0], frame) ?? 0).buffer);
        return bigVec(64, halves[0]!);
      },
      $bitstoreal: (site, frame) => {
        const [arg] = site.args;
        const value = isValueArg(arg) ? arg.value(frame) : 0;
        const bits = typeof value === 'object' && isVec(value) ? toBigInt(value) : 0n;
        return new Float64Array(BigUint64Array.of(BigInt.asUintN(64, bits)).buffer)[0]!;
      },
      $shortrealtobits: (site, frame) => {
        const bits = new Uint32Array(Float32Array.of(numberOf(site.args[0], frame) ?? 0).buffer);
        return bigVec(32, BigInt(bits[0]!));
      },
      $bitstoshortreal: (site, frame) =>
        new Float32Array(Uint32Array.of(numberOf(site.args[0], frame) ?? 0).buffer)[0]!,
      $clog2: (site, frame) => {
        const [arg] = site.args;
        const value = isValueArg(arg) ? arg.value(frame) : 0;
        if (typeof value === 'number') return integer(Math.max(0, (roundAway(value) - 1).toString(2).length));
        if (typeof value !== 'object' || !isVec(value) || !isKnown(value)) return bigVec(32, 0n);
        const bits = toBigInt(value);
        return integer(bits <= 1n ? 0 : (bits - 1n).toString(2).length);
      },
      $countones: (site, frame) => integer(this.count(site, frame, (a, b) => a === 1 && b === 0)),
      $countbits: (site, frame) => {
        const wanted = new Set<number>();
        for (const arg of site.args.slice(1)) {
          const value = isValueArg(arg) ? arg.value(frame) : undefined;
          if (typeof value !== 'object' || !isVec(value)) continue;
          const { a, b } = getBit(value, 0);
          wanted.add(2 * b + a);
        }
        return integer(this.count(site, frame, (a, b) => wanted.has(2 * b + a)));
      },
      $onehot: (site, frame) => bigVec(1, this.count(site, frame, (a, b) => a === 1 && b === 0) === 1 ? 1n : 0n),
      $onehot0: (site, frame) => bigVec(1, this.count(site, frame, (a, b) => a === 1 && b === 0) <= 1 ? 1n : 0n),
      $isunknown: (site, frame) => bigVec(1, this.count(site, frame, (_a, b) => b === 1) > 0 ? 1n : 0n),
      $cast: (site, frame) => {
        const [target, source, valid] = site.args;
        // Elaboration says with a third argument whether the enumeration has the value.
        const fits = isValueArg(valid) ? valid.value(frame) : undefined;
        if (typeof fits === 'object' && isVec(fits) && toBigInt(fits) === 0n) return integer(0);
        if (target?.kind === 'lvalue' && isValueArg(source)) {
          const value = source.value(frame);
          target.assign(frame, typeof value === 'object' && !isVec(value) ? value : valueFor(target.type, value));
        }
        return integer(1);
      },
      $sdf_annotate: (site, frame) => void annotate(site, frame, this.machine),
      $system: (site) => {
        this.ignored(site, 'A page cannot run programs');
        return integer(-1);
      },
      $showscopes: (site) => void this.ignored(site, 'Scopes are in the tree of the waves'),
      $dumpports: (site) => void this.ignored(site, 'Extended dumps are not written'),
      $incsave: (site) => void this.ignored(site, 'A run cannot be saved'),
      $save: (site) => void this.ignored(site, 'A run cannot be saved'),
      $restart: (site) => void this.ignored(site, 'A run cannot be restarted'),
    };
  }

  private ignored(site: CallSite, why: string): void {
    this.machine.print(`WARNING: ${site.at.file}:${site.at.line}: ${site.name} is ignored. ${why}.\n`);
    this.machine.warn({
      code: 'ignored',
      severity: 'warning',
      what: `${site.name} is ignored. ${why}.`,
      where: site.at,
    });
  }

  private unitOf(site: CallSite): number {
    return this.machine.design.scopes[site.scope]?.unit ?? this.machine.design.precision;
  }

  /** The present time in the scope's unit, rounded. */
  private ticksIn(site: CallSite): bigint {
    const now = BigInt(this.machine.now());
    const by = 10n ** BigInt(this.unitOf(site) - this.machine.design.precision);
    return (now + by / 2n) / by;
  }

  private assign(target: BoundArg | undefined, frame: unknown, text: string): void {
    if (target?.kind === 'lvalue') target.assign(frame, valueFor(target.type, text));
  }

  /** Draws with the seed of an argument, which is moved on, or with the run's own. */
  private seeded(
    target: BoundArg | undefined,
    frame: unknown,
    draw: (seed: number) => { value: number; seed: number },
    own: 'randomSeed' | 'unsignedSeed',
  ): number {
    if (!isValueArg(target)) {
      const drawn = draw(this[own]);
      this[own] = drawn.seed;
      return drawn.value;
    }
    const drawn = draw(wordOf(target, frame) ?? 0);
    if (target.kind === 'lvalue') target.assign(frame, valueFor(target.type, integer(drawn.seed), true));
    return drawn.value;
  }

  private random(site: CallSite, frame: unknown): Value {
    return integer(this.seeded(site.args[0], frame, random, 'randomSeed'));
  }

  private unsigned(seed: BoundArg | undefined, frame: unknown, least: number, most: number): Value {
    return bigVec(32, BigInt(this.seeded(seed, frame, (from) => unsignedRange(from, least, most), 'unsignedSeed')));
  }

  private drawn(site: CallSite, frame: unknown): Value {
    const name = site.name.slice('$dist_'.length);
    const one = wordOf(site.args[1], frame) ?? 0;
    const two = wordOf(site.args[2], frame) ?? 0;
    const value = this.seeded(
      site.args[0],
      frame,
      (seed) => {
        const found = distribution(name, seed, one, two);
        if (found) return found;
        this.machine.print(`WARNING: ${site.name}'s second argument must be positive.\n`);
        return { value: 0, seed };
      },
      'randomSeed',
    );
    return integer(value);
  }

  private withFile(
    site: CallSite,
    frame: unknown,
    position: number,
    use: (file: NonNullable<ReturnType<FileTable['file']>>) => number,
  ): Value {
    const descriptor = wordOf(site.args[position], frame);
    const file = descriptor === undefined ? undefined : this.files.file(descriptor);
    if (!file) {
      const text = `invalid file descriptor (0x${((descriptor ?? 0) >>> 0).toString(16)}) given to ${site.name}.`;
      const severity = site.name === '$fscanf' ? 'ERROR' : 'WARNING';
      this.machine.print(`${severity}: ${site.at.file}:${site.at.line}: ${text}\n`);
      return integer(site.name === '$fgets' || site.name === '$fread' ? 0 : -1);
    }
    return integer(use(file));
  }

  private scanned(site: CallSite, frame: unknown, source: Source): number {
    const format = textOf(site.args[1], frame) ?? '';
    const scale = 10 ** (this.time.units - this.unitOf(site));
    const digits = 10 ** this.time.digits;
    return scan(source, format, site.args.slice(2), frame, {
      time: (value) => (roundAway(value * digits) / digits) * scale,
      scope: scopeName(this.machine.design, site.scope),
      short: (found, needed, code) =>
        this.machine.print(
          `WARNING: ${site.at.file}:${site.at.line}: ${site.name}() only found ${found} of ${needed} bytes needed by %${code} format code.\n`,
        ),
      invalid: (code) => {
        const text = `${site.name}() was given an invalid format code: %${code}`;
        this.machine.print(`ERROR: ${site.at.file}:${site.at.line}: ${text}\n`);
        this.machine.end({ kind: 'finish', at: site.at, status: 1 });
      },
    });
  }

  /** A vector, or a memory from an address on, filled from bytes, highest byte first. */
  private fread(site: CallSite, frame: unknown): Value {
    const [target, , start, count] = site.args;
    return this.withFile(site, frame, 1, (file) => {
      if (!isValueArg(target)) return 0;
      let read = 0;
      // Where the file ends within a word, its lower bytes stay what they are.
      const word = (width: number, old: () => Value): Vec | undefined => {
        let value = 0n;
        const bytes = Math.ceil(width / 8);
        for (let i = 0; i < bytes; i++) {
          const byte = file.reads ? file.readByte() : undefined;
          if (byte === undefined) {
            if (i === 0) return undefined;
            const rest = 8 * (bytes - i);
            const before = old();
            const low = typeof before === 'object' && isVec(before) ? select(before, 0, rest) : blank(rest);
            return resize(concat([fromBigInt(8 * i, value), low]), width, false);
          }
          value = (value << 8n) | BigInt(byte);
          read++;
        }
        return bigVec(width, value);
      };
      const signal = target.signal === undefined ? undefined : this.machine.design.signals[target.signal];
      if (
        signal?.type.kind === 'array' &&
        signal.type.element.kind === 'vector' &&
        (target.type.kind === 'array' || target.kind === 'expr')
      ) {
        const { element, dims } = signal.type;
        const { left, right } = dims[0]!;
        const [low, high] = [Math.min(left, right), Math.max(left, right)];
        const from = numberOf(start, frame) ?? low;
        if (from < low || from > high) {
          const place = `${site.at.file}:${site.at.line}`;
          this.machine.print(`WARNING: ${place}: ${site.name}'s start argument (${from}) is outside of the memory.\n`);
          return 0;
        }
        const most = Math.min(numberOf(count, frame) ?? Number.POSITIVE_INFINITY, high - from + 1);
        for (let i = 0; i < most; i++) {
          const at = Math.abs(from + i - left);
          const value = word(element.width, () => this.machine.read(signal.id, at));
          if (value === undefined) break;
          this.machine.write(signal.id, value, at);
        }
        return read;
      }
      if (target.kind !== 'lvalue' || target.type.kind !== 'vector') return 0;
      const value = word(target.type.width, () => target.value(frame));
      if (value !== undefined) target.assign(frame, value);
      return read;
    });
  }

  private count(site: CallSite, frame: unknown, counts: (a: number, b: number) => boolean): number {
    const [arg] = site.args;
    const value = isValueArg(arg) ? arg.value(frame) : undefined;
    if (typeof value !== 'object' || !isVec(value)) return 0;
    let sum = 0;
    for (let i = 0; i < value.width; i++) {
      const { a, b } = getBit(value, i);
      if (counts(a, b)) sum++;
    }
    return sum;
  }
}
