// `npm run conformance -- PATH`: the regression suite of Icarus Verilog (its folder `ivtest`), run through the command line's `sim`.
// Prints the verdicts by category; a run is as the suite's own script makes it: in the suite's folder, output of compiler and run in one
// log. A run has passed when it ended with 0 and printed a line `PASSED` or what the gold file holds.
//   --list FILE      a list of the suite (repeatable); otherwise regress-vlg.list and regress-sv.list
//   --only TEXT      only tests whose name contains it
//   --jobs N         side by side (otherwise one a core)
//   --command "..."  another simulator that takes the arguments of `sim`
//   --native         Debian's iverilog and vvp: to check this script, and to compare with
//   --failures FILE  a line for each test that failed: name, category, reason, first lines of difference
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const LIMIT_MS = 30_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'string', multiple: true },
    only: { type: 'string' },
    jobs: { type: 'string' },
    command: { type: 'string' },
    native: { type: 'boolean' },
    failures: { type: 'string' },
  },
});
const suite = positionals[0] && resolve(positionals[0]);
if (!suite || !existsSync(join(suite, 'ivltests'))) {
  process.stderr.write('Give the folder `ivtest` of a checkout of Icarus Verilog.\n');
  process.exit(2);
}
const command = values.command?.split(' ') ?? [
  process.execPath,
  resolve(import.meta.dirname, '../../build/cli/crossbar-studio.js'),
  'sim',
];
const scratch = mkdtempSync(join(tmpdir(), 'ivtest-'));
for (const folder of ['log', 'work']) mkdirSync(join(suite, folder), { recursive: true });

/** Reads a list: name, type with arguments after commas, folder, then a top module and `gold=`, `unordered=` or `diff=`. */
function readList(file) {
  const text = readFileSync(join(suite, file), 'latin1').replace(/\\\r?\n\s*/g, '');
  const tests = new Map();
  for (const raw of text.split('\n')) {
    const fields = raw.replace(/#.*$/, '').trim().split(/\s+/);
    if (fields.length < 2) continue;
    const [name, typed, folder, ...rest] = fields;
    if (name.includes(':')) continue;
    const [type, ...options] = typed.split(',');
    const test = {
      name,
      type,
      folder,
      args: options.filter((o) => !o.startsWith('+')),
      plus: options.filter((o) => o.startsWith('+')),
    };
    for (const field of rest) {
      const [, key, value] = /^(gold|unordered|diff)=(.*)$/.exec(field) ?? [];
      if (key === 'diff') [test.made, test.expected, test.skip] = value.split(':');
      else if (key) Object.assign(test, { expected: `gold/${value}`, unordered: key === 'unordered' });
      else test.top = field;
    }
    tests.set(name, test);
  }
  return [...tests.values()];
}

function execute(argv, log) {
  return new Promise((done) => {
    const child = spawn(argv[0], argv.slice(1), { cwd: suite, stdio: ['ignore', log, log] });
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.on('error', () => done({ status: 127 }));
    child.on('exit', (status, signal) => {
      clearTimeout(timer);
      done({ status: status ?? 128, signal });
    });
  });
}

const read = (path) => (existsSync(path) ? readFileSync(path, 'latin1') : undefined);
const lines = (text) => text.replace(/\r\n/g, '\n').split('\n');

/** Undefined when they agree, else the first line that differs. */
function difference(test, got) {
  const wanted = read(join(suite, test.expected));
  if (wanted === undefined) return 'the gold file is missing';
  if (got === undefined) return 'the file was not written';
  const skip = Number(test.skip ?? 0);
  let [a, b] = [lines(wanted).slice(skip), lines(got).slice(skip)];
  if (test.unordered) [a, b] = [a.sort(), b.sort()];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] !== b[i])
      return `line ${i + 1 + skip}: wanted ${JSON.stringify(a[i] ?? null)}, got ${JSON.stringify(b[i] ?? null)}`;
  }
}

async function run(test) {
  const source = `./${test.folder}/${test.name}.v`;
  const path = join(scratch, `${test.name}.log`);
  const log = openSync(path, 'w');
  if (test.made) rmSync(join(suite, test.made), { force: true });
  const compile = [...test.args, ...(test.top ? ['-s', test.top] : [])];
  const onlyCompiles = test.type === 'CO' || test.type === 'CN' || test.type === 'CE';
  const more = onlyCompiles ? ['-t', 'null'] : [];
  let compiled = { status: 0 };
  let ran = { status: 0 };
  if (values.native) {
    const out = join(scratch, `${test.name}.vvp`);
    compiled = await execute(['iverilog', '-o', out, '-D__ICARUS_UNSIZED__', ...more, ...compile, source], log);
    if (compiled.status === 0 && !onlyCompiles) ran = await execute(['vvp', out, ...test.plus], log);
  } else {
    const whole = await execute([...command, '-D__ICARUS_UNSIZED__', ...more, ...compile, source, ...test.plus], log);
    if (onlyCompiles) compiled = whole;
    else ran = whole;
  }
  closeSync(log);
  const text = readFileSync(path, 'latin1');
  rmSync(path);
  const verdict = (passed, reason, extra = {}) => ({ test, passed, reason: passed ? '' : reason, text, ...extra });
  const killed = [compiled, ran].find((result) => result.signal);
  if (killed) return verdict(false, killed.signal === 'SIGKILL' ? 'no end in time' : `crash (${killed.signal})`);
  if (test.type === 'CE') {
    const unsupported = /not supported|not-supported/.test(text);
    if (compiled.status === 0) return verdict(false, 'no error reported');
    return verdict(compiled.status < 100, `exit status ${compiled.status}`, { unsupported });
  }
  if (onlyCompiles) return verdict(compiled.status === 0, 'does not compile');
  if (compiled.status !== 0) return verdict(false, 'does not compile');
  const failed = ran.status !== 0;
  if (test.type === 'RE') return verdict(failed, 'no error reported');
  if (failed) return verdict(false, `exit status ${ran.status}`);
  if (/^\s*passed\s*$/im.test(text)) return verdict(true);
  if (!test.expected) return verdict(false, 'no line PASSED');
  const differs = difference(test, test.made ? read(join(suite, test.made)) : text);
  return verdict(!differs, differs);
}

const started = Date.now();
const failures = [];
for (const file of values.list ?? ['regress-vlg.list', 'regress-sv.list']) {
  const tests = readList(file).filter((test) => !values.only || test.name.includes(values.only));
  const results = [];
  let next = 0;
  const lane = async () => {
    while (next < tests.length) {
      const index = next++;
      results[index] = await run(tests[index]);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs ?? availableParallelism()) }, lane));
  const categories = new Map();
  for (const result of results) {
    const row = categories.get(result.test.type) ?? { tests: 0, passed: 0, unsupported: 0 };
    row.tests++;
    if (result.passed) row.passed++;
    else failures.push({ file, ...result });
    if (result.unsupported) row.unsupported++;
    categories.set(result.test.type, row);
  }
  const passed = results.filter((result) => result.passed).length;
  process.stdout.write(`\n${file}: ${passed} of ${tests.length} (${((100 * passed) / tests.length).toFixed(1)} %)\n`);
  for (const [type, row] of [...categories].sort()) {
    const note = type === 'CE' ? `, ${row.unsupported} of them refused as not supported` : '';
    process.stdout.write(`  ${type.padEnd(8)}${row.passed} of ${row.tests}${note}\n`);
  }
}
if (values.failures) {
  const block = ({ test, reason, text }) =>
    `${test.name}\t${test.type}\t${reason}\n${text
      .split('\n')
      .slice(0, 4)
      .map((line) => `    ${line.slice(0, 200)}`)
      .join('\n')}`;
  writeFileSync(values.failures, `${failures.map(block).join('\n')}\n`);
}
process.stdout.write(`\n${((Date.now() - started) / 1000).toFixed(0)} s\n`);
rmSync(scratch, { recursive: true, force: true });
