#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { version } from '../package.json';
import { Failure, Usage } from './cli/errors.ts';
import { help, labs } from './cli/help.ts';
import { print, printProblems, printText } from './cli/output.ts';

/**
 * What a command may be given, in the form of Node's `parseArgs`. A command gets the file names, the options, and the folder of
 * this program, where its workers lie too; it answers with the exit code.
 */
const COMMANDS = {
  run: {
    options: {
      lab: { type: 'string' },
      set: { type: 'string', multiple: true },
      seed: { type: 'string' },
      repair: { type: 'boolean' },
    },
    load: () => import('./cli/run.ts').then(({ run }) => run),
  },
  sweep: {
    options: {
      lab: { type: 'string' },
      set: { type: 'string', multiple: true },
      seed: { type: 'string' },
      repair: { type: 'boolean' },
      jobs: { type: 'string', short: 'j' },
    },
    load: () => import('./cli/sweep.ts').then(({ sweep }) => sweep),
  },
  open: {
    options: { base: { type: 'string' }, repair: { type: 'boolean' } },
    load: () => import('./cli/share.ts').then(({ open }) => open),
  },
  pack: {
    options: { output: { type: 'string', short: 'o' }, repair: { type: 'boolean' } },
    load: () => import('./cli/share.ts').then(({ packDesign }) => packDesign),
  },
  unpack: {
    options: { output: { type: 'string', short: 'o' } },
    load: () => import('./cli/share.ts').then(({ unpackDesign }) => unpackDesign),
  },
  serve: {
    options: { port: { type: 'string' }, host: { type: 'string' }, base: { type: 'string' } },
    load: () => import('./cli/serve-command.ts').then(({ serveCommand }) => serveCommand),
  },
} as const;

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    await print(help(labs()));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    await print(`crossbar-studio ${version}\n`);
    return 0;
  }
  // Its options are those of Icarus Verilog, which `parseArgs` cannot read.
  if (name === 'sim') {
    const [{ sim }, { simulate }] = await Promise.all([
      import('./cli/sim.ts'),
      import('../engines/verilog/simulate.ts'),
    ]);
    return sim(rest, simulate);
  }
  if (!Object.hasOwn(COMMANDS, name)) {
    throw new Usage(`There is no command '${name}'. Commands: ${[...Object.keys(COMMANDS), 'sim'].join(', ')}.`);
  }
  const command = COMMANDS[name as keyof typeof COMMANDS];
  const { values, positionals } = parse(rest, command.options);
  if (values.help) {
    await print(help(labs()));
    return 0;
  }
  const call = (await command.load()) as (files: string[], options: typeof values, home: URL) => Promise<number>;
  return call(positionals, values, new URL('./', import.meta.url));
}

function parse(args: string[], options: (typeof COMMANDS)[keyof typeof COMMANDS]['options']) {
  try {
    return parseArgs({ args, options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: true });
  } catch (error) {
    throw new Usage((error as Error).message.split('\n')[0]!);
  }
}

/** A reader that has seen enough (`| head`) ends the command quietly. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof Failure) {
      printProblems(error.problems, error.source);
      process.exit(1);
    }
    if (error instanceof Usage) {
      printText(`${error.message}\nTry \`crossbar-studio --help\`.\n`);
      process.exit(2);
    }
    printText(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
    process.exit(1);
  },
);
