import { isAbortError } from '../../engines/core/abort.ts';
import type { Problem } from '../../engines/core/result.ts';
import { parseCommand, type SimCommand } from '../../engines/verilog/command.ts';
import type { SimHost, SimOutcome, Simulate } from '../../engines/verilog/run/types.ts';
import { WaveDatabase } from '../../engines/verilog/wave/database.ts';
import { writeVcd } from '../../engines/verilog/wave/vcd-write.ts';
import { version } from '../../package.json';
import { ByteStream } from './byte-stream.ts';
import { printText } from './output.ts';
import { readText, workingDirectory, writeWhole } from './sim-files.ts';

const HELP = `crossbar-studio sim: compiles Verilog and SystemVerilog and runs it, as iverilog and vvp do.

  sim [OPTION | FILE | +PLUSARG]...

  -s TOP                  the top module; may be repeated (default: every module that no other instantiates)
  -I DIR                  looks for included files there
  -D NAME[=VALUE]         defines a macro
  -P TOP.PARAM=VALUE      sets a parameter of a top module
  -y DIR, -Y SUFFIX       looks for modules that are missing in DIR/MODULE.v, or with another suffix
  -l FILE                 a file of modules that are taken when they are needed
  -f FILE, -c FILE        reads sources and settings from a command file
  -g GENERATION           1995, 2001, 2001-noconfig, 2005, 2005-sv, 2009 or 2012
                          (default: 2012 for .sv, else 2005)
  -g [no-]FEATURE         specify, assertions, relative-include ...
  -T min|typ|max          which of three delays is taken
  -u                      each file is a compilation unit of its own
  -i                      passes over instances of modules that are missing
  -p KEY=VALUE, -W CLASS  as iverilog; those that are not known are passed over
  -tnull                  compiles and does not run
  --vcd FILE              records all signals
  +PLUSARG                for $test$plusargs and $value$plusargs
  -v, -V, --help

Files are read from and written to the working directory.
Exit: 0 it ran to $finish or until nothing was left to do; 1 errors (file:line: error: ... on standard error), or $fatal.
`;

/** `sim`: exit status and standard output are those of compiling and running with Icarus Verilog. */
export async function sim(
  argv: readonly string[],
  simulate: Simulate,
  out: ByteStream = new ByteStream(1),
): Promise<number> {
  const parsed = parseCommand(argv, { read: readText, variable: (name) => process.env[name] });
  if (!parsed.ok) {
    for (const problem of parsed.problems) printText(message(problem));
    return 1;
  }
  const command = parsed.value;
  for (const warning of command.warnings) printText(message(warning));
  if (command.action === 'help' || command.action === 'version') {
    process.stdout.write(command.action === 'help' ? HELP : `Crossbar Studio Verilog simulator ${version}\n`);
    return 0;
  }
  try {
    return await run(command, simulate, out);
  } finally {
    out.close();
  }
}

async function run(command: SimCommand, simulate: Simulate, out: ByteStream): Promise<number> {
  const abort = new AbortController();
  const interrupted = () => abort.abort();
  process.once('SIGINT', interrupted);
  const waves = command.vcd === undefined ? undefined : new WaveDatabase();
  const host: SimHost = {
    files: workingDirectory((path, why) => printText(`warning: the file '${path}' cannot be written (${why}).\n`)),
    signal: abort.signal,
    print: (text) => out.print(text),
    printError: (text) => {
      out.flush();
      process.stderr.write(Buffer.from(text, 'latin1'));
    },
  };
  const classes = new Set(command.spec.warningClasses);
  if (classes.has('macro-redefinition')) classes.add('macro-replacement');
  const shown = ({ code, severity }: Problem) => command.verbose || severity !== 'note' || classes.has(code);
  if (waves) host.waves = (delta) => waves.append(delta);
  try {
    const result = await simulate(command.spec, host);
    out.flush();
    if (!result.ok) {
      for (const problem of result.problems) if (shown(problem)) printText(message(problem));
      return 1;
    }
    for (const warning of result.value.warnings) if (shown(warning)) printText(message(warning));
    tell(result.value, command);
    if (waves && command.vcd !== undefined) await dump(waves, command.vcd);
    return result.value.exitStatus;
  } catch (error) {
    if (!isAbortError(error)) throw error;
    out.flush();
    return 130;
  } finally {
    process.removeListener('SIGINT', interrupted);
  }
}

function tell({ end, backEnd, counts }: SimOutcome, { verbose }: SimCommand): void {
  if (end.kind === 'error' || end.kind === 'limit') printText(message(end.problem));
  if (verbose) {
    const { events, signals, processes } = counts;
    printText(`${processes} processes (${backEnd}), ${signals} signals, ${events} events; ended by ${end.kind}\n`);
  }
}

async function dump(waves: WaveDatabase, path: string): Promise<void> {
  const { signal } = new AbortController();
  const parts = await writeVcd(waves, { date: new Date().toString(), version: `Crossbar Studio ${version}`, signal });
  writeWhole(path, parts);
}

/** `top.v:4: error: ...`, and of errors the remedy in a line of its own. What was asked for is a warning. */
export function message({ severity, what, where, remedy }: Problem): string {
  const place = where?.file === undefined ? '' : `${where.file}:${where.line === undefined ? '' : `${where.line}:`} `;
  const more = remedy === undefined || severity !== 'error' ? '' : `${place}     : ${remedy}\n`;
  return `${place}${severity === 'note' ? 'warning' : severity}: ${what}\n${more}`;
}
