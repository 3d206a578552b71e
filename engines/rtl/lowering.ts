/**
 * One meaning of Verilog: sources that Yosys' own reader refuses, but the simulator's front end elaborates, are synthesised from the
 * plain Verilog that it lowers them to. Loaded only when it is needed.
 */
import { breathe } from '../core/abort.ts';
import { error, type Problem } from '../core/result.ts';
import { place } from '../synthesis/sources.ts';
import { compileSource, type FrontEnd } from '../verilog/front-end.ts';
import type { Constant, Scope } from '../verilog/ir/types.ts';
import { lowerDesign } from '../verilog/print/lower.ts';
import type { RtlPlan } from './plan.ts';
import type { ModuleInfo, RtlSlice } from './types.ts';

export interface LoweredPlan {
  /** With the lowered text as its only source, the top chosen and no parameters left. */
  plan: RtlPlan;
  top: string;
  /** All modules of the sources; parameters of the top only. */
  modules: ModuleInfo[];
  /** What was left out on the way. */
  notes: Problem[];
}

/**
 * The plan with its sources lowered; problems, where the front end reads them but they cannot be lowered; undefined where it does not read
 * them either.
 */
export async function lowerPlan(
  plan: RtlPlan,
  slice: RtlSlice,
  signal: AbortSignal,
): Promise<LoweredPlan | { problems: Problem[] } | undefined> {
  const chosen = slice.top;
  let front = compilePlan(plan, chosen, {});
  const first = front.elaborated?.design;
  if (!first) return undefined;
  const [topId, ...others] = first.tops;
  if (topId === undefined) return undefined;
  const scope = first.scopes[topId]!;
  const top = scope.module ?? scope.name;
  if (others.length > 0) {
    const names = first.tops.map((id) => first.scopes[id]!.name);
    return {
      problems: [
        error(
          'several-tops',
          `${names.length} modules are instantiated by no other: ${names.join(', ')}.`,
          'Choose one of them as the top.',
          { path: 'slices.rtl.top', file: scope.at.file, line: scope.at.line },
        ),
      ],
    };
  }
  const modules = modulesOf(front, scope);
  const { parameters } = plan.script;
  const unknown = Object.keys(parameters).filter((name) => !scope.parameters.some((known) => known.name === name));
  if (unknown.length > 0) {
    return {
      problems: unknown.map((name) =>
        error(
          'unknown-parameter',
          `The module ${top} has no parameter ${name}.`,
          'Remove the override or correct its name.',
          {
            path: `slices.rtl.parameters.${name}`,
          },
        ),
      ),
    };
  }
  await breathe(signal);
  if (Object.keys(parameters).length > 0) front = compilePlan(plan, top, parameters);
  const design = front.elaborated?.design;
  if (!design) return { problems: front.problems };
  await breathe(signal);
  const lowered = lowerDesign(design, design.tops[0]!, { fileName: (path) => plan.sources.alias(path) });
  if (!lowered.ok) return { problems: lowered.problems };

  const { sources } = plan;
  let name = 'lowered.v';
  while (sources.has(name) || name in sources.tree) name = `_${name}`;
  place(sources.tree, name, lowered.value.text);
  sources.entries.push({ alias: name, content: lowered.value.text });
  return {
    plan: {
      ...plan,
      script: {
        sources: [{ name, systemVerilog: false }],
        includeDirs: [],
        defines: {},
        top,
        parameters: {},
        flatten: plan.script.flatten,
      },
    },
    top,
    modules,
    notes: lowered.value.notes,
  };
}

/** Reads and elaborates the sources of a plan by the simulator's front end. */
export function compilePlan(
  { script, sources, compiled }: RtlPlan,
  top: string,
  parameters: Record<string, string>,
): FrontEnd {
  const { prelude } = script;
  const preludeText = prelude === undefined ? undefined : sources.tree[prelude];
  const read = (path: string): string | undefined =>
    path === prelude && typeof preludeText === 'string'
      ? preludeText
      : (sources.text(path) ?? sources.text(sources.userPath(path)));
  return compileSource(
    {
      files: [...(prelude === undefined ? [] : [prelude]), ...compiled],
      tops: top === '' ? [] : [top],
      defines: { ...script.defines, SYNTHESIS: script.defines.SYNTHESIS ?? '1', YOSYS: script.defines.YOSYS ?? '1' },
      includeDirs: script.includeDirs,
      relativeIncludes: true,
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`${top}.${name}`, value])),
      libraryDirs: [],
      librarySuffixes: [],
      separateUnits: false,
      delays: 'typ',
      specify: false,
      assertions: false,
    },
    read,
  );
}

function modulesOf({ units }: FrontEnd, top: Scope): ModuleInfo[] {
  return units.flatMap(({ unit, tokens }) =>
    unit.items.flatMap((item): ModuleInfo[] => {
      if (item.kind !== 'module' || (item.word !== 'module' && item.word !== 'macromodule')) return [];
      const { name } = item.name;
      const file = tokens.files[tokens.file[item.first]!]!.path;
      const parameters = (name === (top.module ?? top.name) ? top.parameters : []).filter(({ local }) => !local);
      return [
        {
          name,
          sourceName: name,
          where: { file, line: tokens.line[item.first]!, column: tokens.column[item.first]! },
          parameters: parameters.map((parameter) => ({ name: parameter.name, value: valueText(parameter.value) })),
        },
      ];
    }),
  );
}

/** A constant as Verilog. */
function valueText(value: Constant): string {
  if (value.kind === 'string') return JSON.stringify(value.value);
  if (value.kind === 'real') return String(value.value);
  const { width, signed, a, b } = value;
  if (width === 32 && signed && b === 0n) return String(BigInt.asIntN(32, a));
  const digits = Array.from({ length: width }, (_, i) => {
    const bit = BigInt(width - 1 - i);
    return '01zx'[Number((a >> bit) & 1n) | (Number((b >> bit) & 1n) << 1)];
  });
  return `${width}'${signed ? 's' : ''}b${digits.join('')}`;
}
