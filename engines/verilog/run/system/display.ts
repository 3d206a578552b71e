/** $display, $write, $strobe, $monitor, their files' and severities' kin, $sformat. */

import { scopeName } from '../../ir/names.ts';
import type { BoundArg, CallSite, Machine, Value, Vec } from '../machine.ts';
import { isVec, same } from '../value/vector.ts';
import type { FileTable } from './files.ts';
import { type Base, display, displayFormatted, type FormatContext } from './format.ts';
import type { TimeFormat } from './time-format.ts';
import { isValueArg, valueFor, wordOf } from './values.ts';

interface Monitor {
  text(): string;
  values(): (Value | undefined)[];
  last: (Value | undefined)[];
  pending: boolean;
  stop(): void;
  fire(): void;
}

const BASES: Record<string, Base> = { '': 'd', b: 'b', o: 'o', h: 'h' };

export class Display {
  private monitor: Monitor | undefined;
  private readonly fileMonitors: Monitor[] = [];
  private enabled = true;

  constructor(
    private readonly machine: Machine,
    private readonly files: FileTable,
    readonly time: TimeFormat,
  ) {}

  context(site: CallSite, frame: unknown): FormatContext {
    const { machine, time } = this;
    return {
      machine,
      time,
      frame,
      scope: site.scope,
      task: site.name,
      warn: (text) => machine.print(`WARNING: ${site.at.file}:${site.at.line}: ${text}\n`),
    };
  }

  text(site: CallSite, frame: unknown, base: Base, args: readonly BoundArg[] = site.args): string {
    return display(args, base, this.context(site, frame));
  }

  formatted(site: CallSite, frame: unknown, args: readonly BoundArg[]): string {
    return displayFormatted(args, this.context(site, frame));
  }

  /** Whether the name is one of the family; if so it is done. */
  call(site: CallSite, frame: unknown): boolean {
    const match = /^\$(f?)(display|write|strobe|monitor)([boh]?)$/.exec(site.name);
    if (!match) return this.other(site, frame);
    const [, toFile, kind, letter = ''] = match;
    const base = BASES[letter]!;
    const args = toFile ? site.args.slice(1) : site.args;
    let descriptor: number | undefined;
    if (toFile) {
      // What was never opened is 0 or x, and nothing is said of it.
      descriptor = wordOf(site.args[0], frame) ?? 0;
      if (descriptor === 0 || !this.files.isOpen(descriptor)) {
        if (descriptor !== 0) this.badDescriptor(site, descriptor);
        // Functions among the arguments are called all the same.
        for (const arg of args) if (isValueArg(arg)) arg.value(frame);
        return true;
      }
    }
    const out = (text: string) => {
      if (descriptor === undefined) this.machine.print(text);
      else this.files.write(descriptor, text);
    };
    if (kind === 'display') out(`${this.text(site, frame, base, args)}\n`);
    else if (kind === 'write') out(this.text(site, frame, base, args));
    else if (kind === 'strobe') this.machine.postpone(() => out(`${this.text(site, frame, base, args)}\n`));
    else this.watch(site, frame, base, args, out, descriptor !== undefined);
    return true;
  }

  private other(site: CallSite, frame: unknown): boolean {
    switch (site.name) {
      case '$monitoron':
        this.enabled = true;
        if (this.monitor) this.arm(this.monitor);
        return true;
      case '$monitoroff':
        this.enabled = false;
        return true;
      case '$info':
      case '$warning':
      case '$error':
        this.severity(site, frame, site.name.slice(1).toUpperCase(), site.args);
        return true;
      case '$fatal': {
        const [first, ...rest] = site.args;
        const level = isValueArg(first) && !first.text.startsWith('"');
        this.severity(site, frame, 'FATAL', level ? rest : site.args);
        this.machine.end({ kind: 'finish', at: site.at, status: 1 });
        return true;
      }
      case '$swrite':
      case '$swriteb':
      case '$swriteo':
      case '$swriteh':
        this.assign(site, frame, this.text(site, frame, BASES[site.name.slice(7)] ?? 'd', site.args.slice(1)));
        return true;
      case '$sformat':
        this.assign(site, frame, this.formatted(site, frame, site.args.slice(1)));
        return true;
      default:
        return false;
    }
  }

  private assign(site: CallSite, frame: unknown, text: string): void {
    const target = site.args[0];
    if (target?.kind === 'lvalue') target.assign(frame, valueFor(target.type, text));
  }

  private severity(site: CallSite, frame: unknown, word: string, args: readonly BoundArg[]): void {
    const { machine } = this;
    const text = this.text(site, frame, 'd', args);
    const indent = ' '.repeat(word.length + 2);
    machine.print(`${word}: ${site.at.file}:${site.at.line}: ${text}\n`);
    machine.print(`${indent}Time: ${machine.now()}  Scope: ${scopeName(machine.design, site.scope)}\n`);
  }

  badDescriptor(site: CallSite, descriptor: number): void {
    this.tell(site, `invalid ${described(descriptor)} given to ${site.name}().`);
  }

  /** A standard stream cannot be closed. */
  keptOpen(site: CallSite, descriptor: number, name: string): void {
    this.tell(site, `could not close ${described(descriptor, `${name} `)} in ${site.name}().`);
  }

  private tell({ at }: CallSite, text: string): void {
    this.machine.print(`WARNING: ${at.file}:${at.line}: ${text}\n`);
  }

  private watch(
    site: CallSite,
    frame: unknown,
    base: Base,
    args: readonly BoundArg[],
    out: (text: string) => void,
    toFile: boolean,
  ): void {
    if (!toFile) {
      this.monitor?.stop();
      this.monitor = undefined;
      if (args.length === 0) return;
    }
    const stops: (() => void)[] = [];
    const monitor: Monitor = {
      text: () => this.text(site, frame, base, args),
      // What time it is is no change worth a line.
      values: () =>
        args.map((arg) =>
          isValueArg(arg) && !/^\$(?:s?time|realtime)\b/.test(arg.text) ? arg.value(frame) : undefined,
        ),
      last: [],
      pending: false,
      stop() {
        for (const stop of stops) stop();
      },
      fire: () => {
        const values = monitor.values();
        const changed =
          monitor.last.length !== values.length || values.some((value, index) => !alike(value, monitor.last[index]));
        monitor.last = values;
        if (changed) out(`${monitor.text()}\n`);
      },
    };
    const seen = new Set<number>();
    for (const arg of args) {
      if (!isValueArg(arg)) continue;
      const signals = arg.signal !== undefined ? [arg.signal] : arg.kind === 'expr' ? (arg.reads ?? []) : [];
      for (const signal of signals) {
        if (seen.has(signal)) continue;
        seen.add(signal);
        stops.push(this.machine.watch(signal, () => this.arm(monitor)));
      }
    }
    if (toFile) this.fileMonitors.push(monitor);
    else this.monitor = monitor;
    this.arm(monitor, true);
  }

  private arm(monitor: Monitor, always = false): void {
    if (monitor.pending || (!this.enabled && !always)) return;
    monitor.pending = true;
    this.machine.postpone(() => {
      monitor.pending = false;
      if (this.enabled || always) monitor.fire();
    });
  }
}

function described(descriptor: number, name = ''): string {
  const kind = descriptor >>> 31 ? 'file descriptor' : 'MCD';
  return `${kind} ${name}(0x${(descriptor >>> 0).toString(16)})`;
}

function alike(one: Value | undefined, other: Value | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined) return false;
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  return isVec(one) && isVec(other) && same(one as Vec, other as Vec);
}
