/** $dumpfile, $dumpvars and kin: a value change dump in the form that vvp writes (IEEE 1364-2005 section 18). */
import type { ArrayType, ScopeId, Signal, SignalId } from '../../ir/types.ts';
import { VcdWriter } from '../../wave/vcd-write.ts';
import type { CallSite, Machine, Value } from '../machine.ts';
import { isVec, toBits } from '../value/vector.ts';
import { type FileTable, latin1 } from './files.ts';
import { numberOf, textOf } from './values.ts';

interface Dumped {
  signal: Signal;
  element?: number;
  code: string;
  changed: boolean;
}

export class Dump {
  private path = 'dump.vcd';
  private writer: VcdWriter | undefined;
  private readonly variables: Dumped[] = [];
  private readonly parts: string[] = [];
  private size = 0;
  private limit = Number.POSITIVE_INFINITY;
  private started = false;
  private on = true;
  private pending = false;
  private timeWritten = -1;
  private readonly codes = new Map<string, string>();
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly machine: Machine,
    private readonly files: FileTable,
  ) {}

  get dumping(): boolean {
    return this.writer !== undefined;
  }

  call(site: CallSite, frame: unknown): boolean {
    switch (site.name) {
      case '$dumpfile': {
        if (this.writer)
          this.warn(
            site,
            `$dumpfile called after $dumpvars started,\nVCD warning:           using existing file (${this.path}).`,
          );
        else this.path = textOf(site.args[0], frame) ?? this.path;
        return true;
      }
      case '$dumpvars':
        this.variablesOf(site, frame);
        return true;
      case '$dumpoff':
        if (this.started && this.on) this.turn(false);
        return true;
      case '$dumpon':
        if (this.started && !this.on) this.turn(true);
        return true;
      case '$dumpall':
        if (this.started) this.checkpoint('$dumpall', this.on);
        return true;
      case '$dumpflush':
        this.store();
        return true;
      case '$dumplimit':
        this.limit = numberOf(site.args[0], frame) ?? this.limit;
        return true;
      default:
        return false;
    }
  }

  close(): void {
    if (!this.writer) return;
    if (!this.started) this.start();
    this.time();
    for (const stop of this.stops) stop();
    this.store();
  }

  private warn(site: CallSite, text: string): void {
    this.machine.print(`VCD warning: ${text}\n`);
    this.machine.warn({ code: 'dump', severity: 'warning', what: text, where: site.at });
  }

  private variablesOf(site: CallSite, frame: unknown): void {
    if (this.started) {
      this.warn(site, '$dumpvars ignored, previously called at simtime.');
      return;
    }
    if (!this.writer) {
      this.writer = new VcdWriter();
      this.machine.print(`VCD info: dumpfile ${this.path} opened for output.\n`);
      // The date would make two runs of one design differ.
      this.writer.head(this.machine.design.precision, 'not recorded', 'Crossbar Studio');
      this.machine.postpone(() => this.start());
    }
    const depth = numberOf(site.args[0], frame) ?? 0;
    const what = site.args.slice(1);
    if (what.length === 0) {
      for (const top of this.machine.design.tops) this.scope(top, depth === 0 ? Number.POSITIVE_INFINITY : depth);
      return;
    }
    for (const arg of what) {
      if (arg.kind === 'scope')
        this.within(arg.scope, () => this.scope(arg.scope, depth === 0 ? Number.POSITIVE_INFINITY : depth));
      else if ((arg.kind === 'expr' || arg.kind === 'lvalue') && arg.signal !== undefined) {
        const signal = this.machine.design.signals[arg.signal]!;
        const element = arg.kind === 'lvalue' ? arg.element?.(frame) : undefined;
        this.within(this.machine.design.scopes[signal.scope]!.parent, () => {
          const scope = this.machine.design.scopes[signal.scope]!;
          this.writer?.scope(scope.kind, scope.name);
          this.variable(signal, element);
          this.writer?.upscope();
        });
      }
    }
  }

  /** Opens the scopes around one, does something in them, and closes them. */
  private within(scope: ScopeId | undefined, inside: () => void): void {
    const chain: ScopeId[] = [];
    for (
      let at = scope === undefined ? undefined : this.machine.design.scopes[scope]?.parent;
      at !== undefined;
      at = this.machine.design.scopes[at]?.parent
    ) {
      if (this.machine.design.scopes[at]!.kind !== 'unit') chain.unshift(at);
    }
    for (const each of chain) {
      const found = this.machine.design.scopes[each]!;
      this.writer?.scope(found.kind, found.name);
    }
    inside();
    for (const _ of chain) this.writer?.upscope();
  }

  private scope(id: ScopeId, depth: number): void {
    const { design } = this.machine;
    const scope = design.scopes[id]!;
    this.writer?.scope(scope.kind, scope.name);
    const nets = scope.signals
      .map((each) => design.signals[each]!)
      .filter(({ hidden, automatic }) => !hidden && !automatic);
    for (const signal of [...nets.filter(({ kind }) => kind === 'net'), ...nets.filter(({ kind }) => kind !== 'net')]) {
      if (signal.type.kind !== 'array') this.variable(signal);
    }
    if (depth > 1) for (const child of scope.children) this.scope(child, depth - 1);
    this.writer?.upscope();
  }

  private variable(signal: Signal, element?: number): void {
    const type = element === undefined ? signal.type : (signal.type as ArrayType).element;
    if (type.kind !== 'vector' && type.kind !== 'real' && type.kind !== 'event') return;
    const place = `${this.machine.layout.offset[signal.id]}:${type.kind}:${element ?? ''}`;
    const known = type.kind === 'event' ? undefined : this.codes.get(place);
    const code = this.writer!.variable({
      word: signal.word,
      type: type.kind === 'vector' ? 'bits' : type.kind,
      width: type.kind === 'vector' ? type.width : 1,
      name: element === undefined ? signal.name : `${signal.name}[${indexOf(signal, element)}]`,
      ranges: signal.packed,
      ...(known !== undefined && { code: known }),
    });
    if (known !== undefined) return;
    this.codes.set(place, code);
    const dumped: Dumped = { signal, code, changed: false, ...(element !== undefined && { element }) };
    this.variables.push(dumped);
    this.stops.push(
      this.machine.watch(signal.id, (changedElement) => {
        if (element !== undefined && changedElement !== undefined && changedElement !== element) return;
        if (dumped.changed || !this.started) return;
        dumped.changed = true;
        this.later();
      }),
    );
  }

  /** What has changed in this time step is written at its end. */
  private later(): void {
    if (this.pending) return;
    this.pending = true;
    this.machine.postpone(() => {
      this.pending = false;
      const changed = this.variables.filter((each) => each.changed);
      for (const each of changed) each.changed = false;
      if (!this.on || this.size > this.limit || changed.length === 0) return;
      this.time();
      for (const each of changed) this.value(each);
      this.take();
    });
  }

  private start(): void {
    if (this.started || !this.writer) return;
    this.started = true;
    this.writer.endDefinitions();
    this.checkpoint('$dumpvars', true);
  }

  private turn(on: boolean): void {
    this.on = on;
    this.checkpoint(on ? '$dumpon' : '$dumpoff', on);
  }

  private checkpoint(word: string, values: boolean): void {
    this.time();
    this.writer?.keyword(word);
    for (const each of [...this.variables].reverse()) {
      if (values) this.value(each);
      else this.unknown(each);
    }
    this.writer?.keyword('$end');
    this.take();
  }

  private time(): void {
    if (this.machine.now() === this.timeWritten) return;
    this.timeWritten = this.machine.now();
    this.writer?.time(this.timeWritten);
  }

  private value({ signal, element, code }: Dumped): void {
    if (signal.type.kind === 'event') {
      this.writer?.bit(code, '1');
      return;
    }
    const value: Value = this.machine.read(signal.id as SignalId, element);
    if (typeof value === 'number') this.writer?.real(code, value);
    else if (isVec(value)) {
      const bits = toBits(value);
      if (value.width === 1) this.writer?.bit(code, bits);
      else this.writer?.vector(code, bits);
    }
  }

  private unknown({ signal, code }: Dumped): void {
    const type = signal.type.kind === 'array' ? signal.type.element : signal.type;
    if (type.kind === 'real') this.writer?.real(code, Number.NaN);
    else if (type.kind === 'vector' && type.width > 1) this.writer?.vector(code, 'x');
    else if (type.kind === 'vector') this.writer?.bit(code, 'x');
  }

  private take(): void {
    for (const part of this.writer?.take() ?? []) {
      this.parts.push(part);
      this.size += part.length;
    }
  }

  private store(): void {
    this.take();
    this.files.put(this.path, latin1(this.parts.join('')));
  }
}

function indexOf(signal: Signal, element: number): number {
  const dim = (signal.type as ArrayType).dims[0]!;
  return dim.left + (dim.left <= dim.right ? element : -element);
}
