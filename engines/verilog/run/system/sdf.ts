/** $sdf_annotate (IEEE 1364-2005 section 16): delays of an SDF file in place of those of specify blocks. */
import { scopeName } from '../../ir/names.ts';
import type { PathDelay, ScopeId } from '../../ir/types.ts';
import { readSdf, type SdfCell, type SdfFile, type SdfPath } from '../../sdf/read.ts';
import { decodeSource } from '../../syntax/source-text.ts';
import type { CallSite, Machine, PathHandle } from '../machine.ts';
import { textOf } from './values.ts';

/** So many instances or paths that are not there are named. */
const NAMED = 10;

export function annotate(site: CallSite, frame: unknown, machine: Machine): void {
  const path = textOf(site.args[0], frame) ?? '';
  const bytes = machine.files.read(path);
  if (!bytes) {
    warn(
      machine,
      site,
      'sdf-missing',
      `There is no file '${path}': no delays are annotated.`,
      'Add the file, or correct its name.',
    );
    return;
  }
  const read = readSdf(decodeSource(bytes), path);
  if (!read.ok) {
    for (const problem of read.problems) machine.warn({ ...problem, severity: 'warning' });
    return;
  }
  const [, target] = site.args;
  const root = target?.kind === 'scope' ? target.scope : site.scope;
  for (const problem of read.value.problems) machine.warn(problem);
  const missing = new Annotation(machine, read.value).apply(root);
  if (missing.length > 0) {
    const shown = missing.slice(0, NAMED).join('; ');
    warn(
      machine,
      site,
      'sdf-unmatched',
      `Of the delays in '${path}', ${missing.length} have no place in the design: ${shown}${missing.length > NAMED ? ' ...' : ''}.`,
      'The file must be of this netlist, its cells must have specify blocks, and the second argument must be the annotated instance.',
    );
  }
}

function warn(machine: Machine, site: CallSite, code: string, what: string, remedy: string): void {
  machine.warn({ code, severity: 'warning', what, remedy, where: site.at });
}

class Annotation {
  private readonly machine: Machine;
  private readonly file: SdfFile;
  private readonly missing: string[] = [];
  private readonly children = new Map<string, ScopeId>();
  private readonly paths = new Map<ScopeId, PathHandle[]>();

  constructor(machine: Machine, file: SdfFile) {
    this.machine = machine;
    this.file = file;
    machine.design.scopes.forEach((scope, id) => {
      if (scope.parent !== undefined) this.children.set(`${scope.parent}.${scope.name}`, id);
    });
    for (const handle of machine.paths) {
      const list = this.paths.get(handle.path.scope);
      if (list) list.push(handle);
      else this.paths.set(handle.path.scope, [handle]);
    }
  }

  apply(root: ScopeId): string[] {
    for (const cell of this.file.cells) {
      for (const scope of this.instancesOf(cell, root)) {
        for (const path of cell.absolute) this.set(scope, path, false);
        for (const path of cell.increment) this.set(scope, path, true);
      }
    }
    return this.missing;
  }

  private instancesOf(cell: SdfCell, root: ScopeId): ScopeId[] {
    const { scopes } = this.machine.design;
    if (cell.instance === '*') return scopes.flatMap((scope, id) => (scope.module === cell.type ? [id] : []));
    let at: ScopeId | undefined = root;
    for (const name of cell.instance) at = at === undefined ? undefined : this.children.get(`${at}.${name}`);
    if (at !== undefined) return [at];
    if (cell.absolute.length + cell.increment.length > 0) this.missing.push(`instance ${cell.instance.join('/')}`);
    return [];
  }

  private set(scope: ScopeId, wanted: SdfPath, add: boolean): void {
    const { design, spec } = this.machine;
    const nameOf = (parts: PathDelay['inputs']) => parts.map(({ signal }) => design.signals[signal]!.name);
    const found = (this.paths.get(scope) ?? []).filter(
      ({ path }) =>
        nameOf(path.inputs).includes(wanted.input) &&
        nameOf(path.outputs).includes(wanted.output) &&
        (wanted.edge === undefined || path.edge === undefined || wanted.edge === path.edge),
    );
    if (found.length === 0) {
      this.missing.push(`${scopeName(design, scope)}: ${wanted.input} to ${wanted.output}`);
      return;
    }
    const which = { min: 0, typ: 1, max: 2 }[spec.delays];
    const scale = this.file.unit * 10 ** -design.precision;
    const ticks = wanted.delays.map((triple) =>
      triple === null ? null : Math.max(0, Math.round(triple[which]! * scale)),
    );
    for (const handle of found) handle.set(ticks, add);
  }
}
