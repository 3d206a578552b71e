/** The command line of `sim`: that of Icarus Verilog's compiler, and the plus-arguments of its run. */
import type { Problem, Result } from '../core/result.ts';
import { type CommandState, GENERATIONS, readCommandFile } from './command-file.ts';
import type { SimSpec } from './run/types.ts';

/** What parsing a command may ask its surroundings. */
export interface CommandHost {
  /** The text of a command file. */
  read(path: string): string | undefined;
  /** A variable of the environment. */
  variable(name: string): string | undefined;
}

export interface SimCommand {
  action: 'run' | 'version' | 'help';
  spec: SimSpec;
  /** `--vcd`: where everything is recorded, whatever the bench dumps. */
  vcd?: string;
  verbose: boolean;
  /** To be said, and passed over. */
  warnings: Problem[];
}

/** Letters of options with a value, and of those without. */
const WITH_VALUE = 'BcCdDfgIlLmMNoPpsTtWyY';
const ALONE = 'EhinSuvV';

/** What `-Wall` turns on. */
const OF_ALL = [
  'anachronisms',
  'implicit',
  'implicit-dimensions',
  'macro-replacement',
  'portbind',
  'select-range',
  'timescale',
  'sensitivity-entire-array',
];
const WARNING_CLASSES = new Set([
  ...OF_ALL,
  'macro-redefinition',
  'floating-nets',
  'infloop',
  'sensitivity-entire-vector',
]);

/** Features of `-g`, and what they are without the option. */
const FEATURES: Record<string, boolean> = {
  specify: false,
  assertions: true,
  'supported-assertions': false,
  'relative-include': false,
  'std-include': true,
  'verilog-ams': false,
  xtypes: true,
  'icarus-misc': true,
  'io-range-error': true,
  'strict-ca-eval': false,
  'strict-expr-width': false,
  'strict-declaration': true,
  'strict-net-var-declaration': true,
  'strict-parameter-declaration': true,
  'shared-loop-index': true,
};
/** Features that are heeded. Others differ from their default with a warning. */
const HEEDED = new Set([
  'specify',
  'assertions',
  'supported-assertions',
  'relative-include',
  'std-include',
  'io-range-error',
]);

/** Modules of system tasks that are always there. */
const BUILT_IN_MODULES = new Set(['system', 'v2005_math', 'v2009', 'va_math', 'vhdl_sys', 'vhdl_textio']);

/** Limits of a run that nobody watches: what a machine can bear. */
const COMMAND_LIMITS: SimSpec['limits'] = {
  memoryBytes: 4 * 2 ** 30,
  stepEvents: 100_000_000,
  outputChars: Number.POSITIVE_INFINITY,
  waveBytes: Number.POSITIVE_INFINITY,
};

/**
 * Reads the arguments after `sim`, as Icarus Verilog does: values attached to their letter or separate, letters without values
 * together, options and files in any order, command files (`-c`, `-f`) read where they stand. Unknown `-W` classes, `-p` keys and
 * `-g` features are warned of and passed over.
 */
export function parseCommand(argv: readonly string[], host: CommandHost): Result<SimCommand> {
  const reader = new CommandReader(host);
  reader.readAll(argv);
  return reader.finish();
}

class CommandReader {
  private readonly host: CommandHost;
  private readonly state: CommandState = {
    files: [],
    tops: [],
    generation: undefined,
    defines: {},
    includeDirs: [],
    parameters: {},
    libraryDirs: [],
    librarySuffixes: ['.v'],
    libraryFiles: [],
    timescale: undefined,
    problems: [],
  };
  private readonly features = { ...FEATURES };
  private readonly classes = new Set<string>();
  private readonly plusArgs: string[] = [];
  private action: SimCommand['action'] = 'run';
  private delays: SimSpec['delays'] = 'typ';
  private separateUnits = false;
  private ignoreMissing = false;
  private verbose = false;
  private compileOnly = false;
  private recursionLimit: number | undefined;
  private vcd: string | undefined;

  constructor(host: CommandHost) {
    this.host = host;
  }

  readAll(argv: readonly string[]): void {
    let at = 0;
    const next = (): string | undefined => argv[++at];
    for (; at < argv.length; at++) {
      const word = argv[at]!;
      if (word === '--') {
        this.state.files.push(...argv.slice(at + 1));
        return;
      }
      if (word.startsWith('--')) this.readLong(word, next);
      else if (word.startsWith('-') && word.length > 1) this.readLetters(word, next);
      else if (word.startsWith('+')) this.plusArgs.push(word.slice(1));
      else this.addFile(word);
    }
  }

  private readLong(word: string, next: () => string | undefined): void {
    const equals = word.indexOf('=');
    const name = equals === -1 ? word.slice(2) : word.slice(2, equals);
    if (name === 'help') this.action = 'help';
    else if (name === 'version') this.action = 'version';
    else if (name === 'vcd') {
      const value = equals === -1 ? next() : word.slice(equals + 1);
      if (value === undefined || value === '') this.wrong("The option '--vcd' wants the name of a file.");
      else this.vcd = value;
    } else this.wrong(`There is no option '${word}'.`);
  }

  private readLetters(word: string, next: () => string | undefined): void {
    for (let i = 1; i < word.length; i++) {
      const letter = word[i]!;
      if (WITH_VALUE.includes(letter)) {
        const value = i + 1 < word.length ? word.slice(i + 1) : next();
        if (value === undefined) this.wrong(`The option '-${letter}' wants a value.`);
        else this.readValue(letter, value);
        return;
      }
      if (!ALONE.includes(letter)) {
        this.wrong(`There is no option '-${letter}'.`);
        return;
      }
      this.readAlone(letter);
    }
  }

  private readAlone(letter: string): void {
    switch (letter) {
      case 'E':
        this.wrong("The option '-E' (preprocess only) is not offered: sim compiles and runs.");
        break;
      case 'h':
        this.action = 'help';
        break;
      case 'i':
        this.ignoreMissing = true;
        break;
      case 'S':
        this.warn("The option '-S' (synthesise) is passed over: the design is simulated as it is written.");
        break;
      case 'u':
        this.separateUnits = true;
        break;
      case 'v':
        this.verbose = true;
        break;
      case 'V':
        this.action = 'version';
        break;
      // 'n': $stop ends a run, always.
    }
  }

  private readValue(letter: string, value: string): void {
    const { state } = this;
    switch (letter) {
      case 'c':
      case 'f':
        readCommandFile(value, state, this.host);
        break;
      case 'D': {
        const equals = value.indexOf('=');
        state.defines[equals === -1 ? value : value.slice(0, equals)] = equals === -1 ? '1' : value.slice(equals + 1);
        break;
      }
      case 'g':
        this.readGeneration(value);
        break;
      case 'I':
        state.includeDirs.push(value);
        break;
      case 'l':
        state.libraryFiles.push(value);
        break;
      case 'M':
      case 'N':
        this.warn(`The option '-${letter}' is passed over: no lists of files and no netlists are written.`);
        break;
      case 'm':
        if (!BUILT_IN_MODULES.has(value.replace(/\.vp[il]$/, ''))) {
          this.warn(`The module '${value}' of system tasks is not loaded: none in machine code can be.`);
        }
        break;
      case 'P':
        this.readParameter(value);
        break;
      case 'p':
        this.readFlag(value);
        break;
      case 's':
        state.tops.push(value);
        break;
      case 'T':
        if (value === 'min' || value === 'typ' || value === 'max') this.delays = value;
        else this.wrong(`'-T' wants min, typ or max, not '${value}'.`);
        break;
      case 't':
        if (value === 'null') this.compileOnly = true;
        else if (value !== 'vvp') this.wrong(`'-t${value}' is not offered: sim runs the design.`);
        break;
      case 'W':
        this.readWarningClass(value);
        break;
      case 'y':
        state.libraryDirs.push(value);
        break;
      case 'Y':
        state.librarySuffixes.push(value);
        break;
      // 'B', 'C', 'd', 'L', 'o': of the compiler's own files, of which there are none.
    }
  }

  private readGeneration(value: string): void {
    if (GENERATIONS.has(value)) {
      this.state.generation = GENERATIONS.get(value);
      return;
    }
    const off = value.startsWith('no-');
    const name = off ? value.slice(3) : value;
    if (!Object.hasOwn(FEATURES, name)) {
      this.warn(`'-g${value}' names no generation of the language and no feature that is known; it is passed over.`);
      return;
    }
    this.features[name] = !off;
    if (!HEEDED.has(name) && FEATURES[name] === off) this.warn(`'-g${value}' has no effect here.`);
  }

  private readParameter(value: string): void {
    const equals = value.indexOf('=');
    if (equals < 1) this.wrong(`'-P' wants TOP.PARAMETER=VALUE, not '${value}'.`);
    else this.state.parameters[value.slice(0, equals)] = value.slice(equals + 1);
  }

  private readFlag(value: string): void {
    const [key, setting] = value.split('=', 2);
    const limit = Number(setting);
    if (key === 'RECURSIVE_MOD_LIMIT' && Number.isSafeInteger(limit) && limit > 0) this.recursionLimit = limit;
    // Lines of the source are always known.
    else if (key !== 'fileline') this.warn(`'-p${value}' is not known; it is passed over.`);
  }

  private readWarningClass(value: string): void {
    const off = value.startsWith('no-');
    const name = off ? value.slice(3) : value;
    if (name !== 'all' && !WARNING_CLASSES.has(name)) {
      this.warn(`The class of warnings '${value}' is not known; it is passed over.`);
      return;
    }
    for (const each of name === 'all' ? OF_ALL : [name]) {
      if (off) this.classes.delete(each);
      else this.classes.add(each);
    }
  }

  private addFile(path: string): void {
    if (/\.(?:vpi|vpl|sft)$/.test(path)) {
      this.warn(`'${path}' is passed over: it describes system tasks in machine code, which cannot be loaded.`);
    } else this.state.files.push(path);
  }

  private wrong(what: string): void {
    this.state.problems.push({ code: 'usage', severity: 'error', what });
  }

  private warn(what: string): void {
    this.state.problems.push({ code: 'passed-over', severity: 'warning', what });
  }

  finish(): Result<SimCommand> {
    const { state, features, action } = this;
    const runs = action === 'run';
    if (runs && state.files.length === 0 && state.libraryFiles.length === 0 && !hasErrors(state.problems)) {
      this.wrong('No source files are named.');
    }
    if (runs && hasErrors(state.problems)) return { ok: false, problems: state.problems };
    const { timescale, libraryFiles, ...given } = withoutProblems(state);
    const spec: SimSpec = {
      ...given,
      separateUnits: this.separateUnits,
      delays: this.delays,
      specify: features.specify!,
      plusArgs: this.plusArgs,
      limits: COMMAND_LIMITS,
      backEnd: 'auto',
      record: this.vcd !== undefined,
      relativeIncludes: features['relative-include']!,
      assertions: features.assertions! || features['supported-assertions']!,
      ignoreMissing: this.ignoreMissing,
      ioRangeError: features['io-range-error']!,
      warningClasses: [...this.classes],
    };
    if (libraryFiles.length > 0) spec.libraryFiles = libraryFiles;
    if (this.compileOnly) spec.compileOnly = true;
    if (timescale) spec.timescale = timescale;
    if (this.recursionLimit !== undefined) spec.recursionLimit = this.recursionLimit;
    const { vcd, verbose } = this;
    return { ok: true, value: { action, spec, vcd, verbose, warnings: state.problems } };
  }
}

function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

function withoutProblems({ problems: _, ...rest }: CommandState): Omit<CommandState, 'problems'> {
  return rest;
}
