import { config, safeParse, type ZodMiniType } from 'zod/mini';
import type { Problem } from '../core/result.ts';
import { copyJson, formatPath, isPlainObject, type Path, type PlainObject, valueAt } from './json.ts';
import { nearest } from './nearest.ts';
import { keysAt, mayLack } from './schema.ts';

// zod's faster parser compiles code at run time, which the Content-Security-Policy forbids.
config({ jitless: true });

/** A finding in two sentences: what is wrong (all that the strict form says), and what was done about it. */
export interface Finding {
  problem: Problem;
  done: string;
}

export interface Repaired {
  value: unknown;
  findings: Finding[];
}

/** What zod says is wrong; the fields depend on `code`. */
interface Issue {
  code: string;
  path: (string | number)[];
  message: string;
  expected?: string;
  values?: unknown[];
  keys?: string[];
  errors?: Issue[][];
  options?: unknown[];
  minimum?: number | bigint;
  maximum?: number | bigint;
  inclusive?: boolean;
  origin?: string;
}

/** More passes than any sound schema needs: each pass mends every place that one reading of the value shows. */
const MOST_PASSES = 50;

/**
 * Makes `value` fit `schema`. A missing value is filled from `defaults` silently. What the schema does not know is dropped,
 * and a wrong value is replaced by the default at its place; where there is none (inside a list or a free record), the
 * nearest element or entry around it is dropped. Both are findings. Does not change `value`.
 * @param at path of `value` in the document, for the findings.
 */
export function repair(schema: ZodMiniType, defaults: unknown, value: unknown, at: Path): Repaired {
  const findings: Finding[] = [];
  const mending = new Mending(schema, defaults, withoutProto(value, at, findings), at, findings);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const parsed = safeParse(schema, mending.value);
    if (parsed.success) return { value: parsed.data, findings };
    const issues = (parsed.error.issues as Issue[]).flatMap(unfold);
    // Unknown keys first, while it still shows which known keys they may stand for.
    for (const issue of issues) if (isUnknownKey(issue)) mending.mend(issue);
    for (const issue of issues) if (!isUnknownKey(issue)) mending.mend(issue);
    mending.finishPass();
  }
  findings.push(finding('wrong-value', at, `${nameOf(at)} does not fit together.`, 'It was replaced by the default.'));
  return { value: copyJson(defaults), findings };
}

/** The state of one repair: the value being mended and what has been touched in this pass. */
class Mending {
  value: unknown;
  readonly #schema: ZodMiniType;
  readonly #defaults: unknown;
  readonly #at: Path;
  readonly #findings: Finding[];
  /** Places settled in this pass; further issues below them are out of date. */
  readonly #settled = new Set<string>();
  /** List elements to take out at the end of the pass, when no index is needed any more. */
  #elements: Path[] = [];

  constructor(schema: ZodMiniType, defaults: unknown, value: unknown, at: Path, findings: Finding[]) {
    this.value = value;
    this.#schema = schema;
    this.#defaults = defaults;
    this.#at = at;
    this.#findings = findings;
  }

  mend(issue: Issue): void {
    for (let length = 0; length <= issue.path.length; length++) {
      if (this.#settled.has(JSON.stringify(issue.path.slice(0, length)))) return;
    }
    if (isUnknownKey(issue)) this.#dropUnknown(issue);
    else if (isAbsent(this.value, issue.path)) this.#fill(issue);
    else this.#replace(issue);
  }

  finishPass(): void {
    for (const path of this.#elements.sort(lastFirst)) {
      (valueAt(this.value, path.slice(0, -1)) as unknown[]).splice(path.at(-1) as number, 1);
    }
    this.#elements = [];
    this.#settled.clear();
  }

  #dropUnknown(issue: Issue): void {
    const holder = valueAt(this.value, issue.path) as PlainObject;
    const known = keysAt(this.#schema, issue.path).filter((key) => !Object.hasOwn(holder, key));
    for (const key of issue.keys ?? []) {
      delete holder[key];
      const path = [...this.#at, ...issue.path, key];
      const meant = nearest(key, known);
      this.#report(
        'unknown-key',
        path,
        `There is no setting ${nameOf(path)}.`,
        'It was left out.',
        meant === undefined ? 'Remove it, or correct its name.' : `Did you mean "${meant}"?`,
      );
    }
  }

  #fill(issue: Issue): void {
    const preset = this.#defaultAt(issue.path);
    if (preset !== undefined) this.#set(issue.path, preset);
    else {
      const path = [...this.#at, ...issue.path];
      this.#giveUpOn(issue.path, 'missing-value', `${nameOf(path)} is missing.`, `Give it: ${expectation(issue)}.`);
    }
  }

  #replace(issue: Issue): void {
    const path = [...this.#at, ...issue.path];
    const what = complaint(nameOf(path), valueAt(this.value, issue.path), issue);
    const remedy = 'Correct the value, or leave it out to get the default.';
    const preset = this.#defaultAt(issue.path);
    if (preset === undefined) {
      this.#giveUpOn(issue.path, 'wrong-value', what, 'Correct the value.');
      return;
    }
    this.#set(issue.path, preset);
    this.#report('wrong-value', path, what, 'It was replaced by the default.', remedy);
  }

  /** No default at `path`: drops the nearest thing around it that a sound document may do without. */
  #giveUpOn(path: Path, code: string, what: string, remedy: string): void {
    const whole = [...this.#at, ...path];
    for (let length = path.length; length > 0; length--) {
      const place = path.slice(0, length);
      const holder = valueAt(this.value, place.slice(0, -1));
      const preset = this.#defaultAt(place);
      if (preset !== undefined) {
        this.#set(place, preset);
        this.#report(code, whole, what, `${nameOf([...this.#at, ...place])} was replaced by the default.`, remedy);
        return;
      }
      const key = place.at(-1)!;
      const isElement = Array.isArray(holder);
      const isEntry = !isElement && isPlainObject(holder) && Object.hasOwn(holder, key) && mayLack(this.#schema, place);
      if (isElement) this.#elements.push(place);
      if (isEntry) delete holder[key];
      if (isElement || isEntry) {
        this.#settle(place);
        this.#report(code, whole, what, `${nameOf([...this.#at, ...place])} was left out.`, remedy);
        return;
      }
    }
    this.#set([], copyJson(this.#defaults));
    this.#report(code, whole, what, `${nameOf(this.#at)} was replaced by the default.`, remedy);
  }

  #set(path: Path, value: unknown): void {
    if (path.length === 0) this.value = value;
    else (valueAt(this.value, path.slice(0, -1)) as PlainObject)[path.at(-1)!] = value;
    this.#settle(path);
  }

  #settle(path: Path): void {
    this.#settled.add(JSON.stringify(path));
  }

  /** A copy of the default at `path`, not reaching into lists: their elements are the user's own. */
  #defaultAt(path: Path): unknown {
    let preset = this.#defaults;
    for (const part of path) {
      if (!isPlainObject(preset) || !Object.hasOwn(preset, part)) return undefined;
      preset = preset[part];
    }
    return copyJson(preset);
  }

  #report(code: string, path: Path, what: string, done: string, remedy: string): void {
    this.#findings.push(finding(code, path, what, done, remedy));
  }
}

function finding(code: string, path: Path, what: string, done: string, remedy?: string): Finding {
  return { problem: { code, severity: 'warning', what, remedy, where: { path: formatPath(path) } }, done };
}

function nameOf(path: Path): string {
  return `"${formatPath(path)}"`;
}

function isUnknownKey(issue: Issue): boolean {
  return issue.code === 'unrecognized_keys';
}

/** Of a union that nothing fits, the issues of the alternative that comes nearest; the union itself where none is near. */
function unfold(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || !issue.errors?.length) return [issue];
  let best: Issue[] | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const inner of issue.errors) {
    const unfolded = inner.flatMap((one) => unfold({ ...one, path: [...issue.path, ...one.path] }));
    if (unfolded.some((one) => !isUnknownKey(one) && one.path.length <= issue.path.length)) continue;
    // A wrong or missing value weighs more than an unknown key: `{path, text, colour}` is a file with a key too many.
    const cost = unfolded.reduce((sum, one) => sum + (isUnknownKey(one) ? 1 : 100), 0);
    if (cost < bestCost) {
      best = unfolded;
      bestCost = cost;
    }
  }
  return best ?? [issue];
}

function isAbsent(root: unknown, path: Path): boolean {
  if (path.length === 0) return root === undefined;
  return valueAt(root, path) === undefined;
}

function lastFirst(a: Path, b: Path): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [left, right] = [a[index]!, b[index]!];
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return right - left;
    return String(left) < String(right) ? 1 : -1;
  }
  return b.length - a.length;
}

/** A schema's own message is a whole sentence; for the others, what is expected is said. */
function complaint(name: string, value: unknown, issue: Issue): string {
  if (issue.message !== 'Invalid input') return `${name} is ${shown(value)}. ${issue.message}`;
  return `${name} is ${shown(value)}, but ${expectation(issue)} is expected.`;
}

/** "a number", "one of "a", "b"", "a number of at least 1". */
function expectation(issue: Issue): string {
  const bound = issue.minimum ?? issue.maximum;
  switch (issue.code) {
    case 'invalid_type':
      return withArticle(issue.expected ?? 'another value');
    case 'invalid_value':
      return oneOf(issue.values ?? []);
    case 'too_small':
    case 'too_big': {
      const least =
        issue.code === 'too_small'
          ? issue.inclusive
            ? 'at least'
            : 'more than'
          : issue.inclusive
            ? 'at most'
            : 'less than';
      const unit = { string: ' characters', array: ' elements' }[issue.origin ?? ''];
      return unit ? `${least} ${bound}${unit}` : `a number of ${least} ${bound}`;
    }
    case 'invalid_union':
      if (issue.options) return oneOf(issue.options);
      return [...new Set((issue.errors ?? []).flatMap((inner) => inner.slice(0, 1).map(expectation)))].join(' or ');
    default:
      return 'another value';
  }
}

function withArticle(noun: string): string {
  if (noun === 'int') return 'a whole number';
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

function oneOf(values: unknown[]): string {
  const list = values.map((value) => JSON.stringify(value)).join(', ');
  return values.length === 1 ? list : `one of ${list}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** A copy without keys named `__proto__`, which could not be told from a change of what the object inherits. */
function withoutProto(value: unknown, at: Path, findings: Finding[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => withoutProto(item, [...at, index], findings));
  if (!isPlainObject(value)) return value;
  const copy: PlainObject = {};
  for (const key of Object.keys(value)) {
    const path = [...at, key];
    if (key !== '__proto__') copy[key] = withoutProto(value[key], path, findings);
    else
      findings.push(
        finding('unknown-key', path, `There is no setting ${nameOf(path)}.`, 'It was left out.', 'Remove it.'),
      );
  }
  return copy;
}
