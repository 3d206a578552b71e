import { YOSYS_VERSION } from '../yosys.ts';
import { type Pair, scriptName } from './pair.ts';
import type { ProofOptions } from './types.ts';

const BLACKLIST = 'unmatched.txt';
const POINTS = 'points.v';
/** All cells without a state, but the pairs themselves. */
const LOGIC = 'c:* t:$*ff* %d t:$*latch* %d t:$sr %d t:$mem* %d t:$equiv %d';

/**
 * What a pair of nets is while it is searched for a difference: logic behind it reads the compared version's net, and both must agree.
 * (`equiv_miter` would do the same, but loses initial values.)
 */
function pointsMap(unknowns: boolean): string {
  return `(* techmap_celltype = "$equiv" *)
module point (A, B, Y);
  input A, B;
  output Y;
  assign Y = A;
  \\$assert check (.A(${unknowns ? "A === 1'bx || A === B" : 'A === B'}), .EN(1'b1));
endmodule
`;
}

/** What a step of a proof runs. */
export interface StepSpec {
  /** How the log is read: status of the equivalence passes, the base case of `sat`, or its induction step. */
  reads: 'passes' | 'search' | 'induction';
  /** Steps that a search must come through to have found nothing; 0: there is none. */
  reach: number;
  script: string;
  files: Record<string, string>;
  limitMs: number;
}

/** Reads one version, and makes it of registers that `sat` knows. */
function readVersion(pair: Pair, name: 'gold' | 'gate'): string[] {
  return [
    `read_json ${name}.json`,
    'memory_map -keepdc',
    ...(pair.model === 'moments' ? ['clk2fflogic'] : pair.model === 'cycles' ? ['async2sync'] : []),
    'opt_clean',
    'rename -hide c:*',
    `design -stash ${name}`,
  ];
}

function begin(pair: Pair): string[] {
  return [
    `# Crossbar Studio, made for Yosys ${YOSYS_VERSION}`,
    '',
    '# Both versions, elaborated and flattened',
    ...readVersion(pair, 'gold'),
    ...readVersion(pair, 'gate'),
    'design -copy-from gold -as gold gold',
    'design -copy-from gate -as gate gate',
    '',
  ];
}

/** What the search from the start state holds fixed. */
function startOptions(
  pair: Pair,
  { start }: ProofOptions,
  nameOf: (name: string, side: 'gold' | 'gate') => string,
): string[] {
  // Where nothing gives x, two values are enough, and faster.
  const options = pair.unknowns ? ['-enable_undef', '-set-def-inputs'] : [];
  if (start === 'zero') options.push('-set-init-zero');
  else {
    if (pair.unknowns) options.push('-set-init-def');
    for (const { port, active } of pair.resets) options.push(`-set-at 1 in_${scriptName(port)} ${active}`);
    if (pair.resets.length > 0) options.push('-seq 1');
    for (const name of pair.startsEqual) options.push(`-set-at 1 ${nameOf(name, 'gold')} ${nameOf(name, 'gate')}`);
  }
  return options;
}

/**
 * Equivalence passes. Points are pairs of nets of the same name. `equiv_simple` without time steps proves logic between points; what is left
 * (registers) is searched for a difference in the first `history` steps from the start state, on which the passes that look back in time then
 * stand: those take for granted that points were equal before, so only all of them together are a proof.
 */
export function structuralScript(
  pair: Pair,
  options: ProofOptions,
  { history, unmatched }: { history: number; unmatched: readonly string[] },
): Omit<StepSpec, 'limitMs'> {
  const undef = pair.unknowns ? ' -undef' : '';
  // Cones that stop at nets shared by both prove most, several times faster than whole ones. With x, `equiv_simple` takes where its cones
  // stop to be no x: true of inputs, and harmless of registers at one moment, but wrong of other nets and of registers seen through time. There
  // only whole cones without time are used, and induction does the rest.
  const simple = (seq: string) =>
    !pair.unknowns
      ? [`equiv_simple -short${seq}`, `equiv_simple${seq}`]
      : seq === ''
        ? []
        : [`equiv_simple -undef${seq}`];
  const lines = begin(pair);
  const blacklist = unmatched.length > 0 ? ` -blacklist ${BLACKLIST}` : '';
  lines.push('# Pairs of nets of the same name', `equiv_make${blacklist} gold gate equiv`, 'hierarchy -top equiv');
  lines.push('', '# Logic between them; what is written alike is merged first');
  lines.push(`opt_merge ${LOGIC}`, ...simple(' -seq 0'), 'equiv_status');
  if (pair.resets.length > 0) {
    lines.push('', '# And from any step to the next', ...simple(''));
    lines.push(`equiv_induct${undef} -seq ${history}`, 'equiv_status');
  } else if (pair.model !== 'combinational') {
    const start = startOptions(
      pair,
      options,
      splitSlice((name, side) => `${name}_${side}`),
    );
    lines.push('', '# What is left, in the first steps from the start state', 'design -save points');
    lines.push(`techmap -map ${POINTS}`, 'opt_expr -keepdc');
    lines.push(
      `sat -tempinduct -tempinduct-baseonly -maxsteps ${history} -prove-asserts ${start.join(' ')} -show-public equiv`,
    );
    lines.push('', '# And from any step to the next', 'design -load points');
    lines.push(...simple(''), `equiv_induct${undef} -seq ${history}`, 'equiv_status');
  }
  return {
    reads: 'passes',
    reach: pair.model === 'combinational' || pair.resets.length > 0 ? 0 : history,
    script: `${lines.join('\n')}\n`,
    files: {
      ...pair.files,
      ...(pair.model !== 'combinational' && { [POINTS]: pointsMap(pair.unknowns) }),
      ...(unmatched.length > 0 && { [BLACKLIST]: `${unmatched.map((name) => `\\${name}`).join('\n')}\n` }),
    },
  };
}

/**
 * Start 'reset': the first steps after the reset, in which `names` must be the same in both versions. In the reset itself they may differ, so
 * that here no net of one version stands for that of the other.
 */
export function afterResetScript(
  pair: Pair,
  options: ProofOptions,
  { history, names }: { history: number; names: readonly string[] },
): Omit<StepSpec, 'limitMs'> {
  const prove = pair.unknowns ? '-prove-x' : '-prove';
  const lines = [
    ...begin(pair),
    ...miter(pair),
    '# What the passes stand on',
    `sat -tempinduct -tempinduct-baseonly -maxsteps ${history} ${startOptions(pair, options, inMiter).join(' ')}${names
      .map((name) => ` ${prove} gold.${name} gate.${name} -show gold.${name} -show gate.${name}`)
      .join('')} miter`,
  ];
  return { reads: 'search', reach: history, script: `${lines.join('\n')}\n`, files: pair.files };
}

/** Keeps a slice behind the name: "state#[3]" of gold is "state_gold[3]". */
function splitSlice(nameOf: (name: string, side: 'gold' | 'gate') => string) {
  return (name: string, side: 'gold' | 'gate'): string => {
    const at = name.lastIndexOf('#');
    return at < 0 ? nameOf(name, side) : `${nameOf(name.slice(0, at), side)}${name.slice(at + 1)}`;
  };
}

const inMiter = splitSlice((name, side) => `${side}.${name}`);

function miter(pair: Pair): string[] {
  const ignore = pair.unknowns ? '-ignore_gold_x ' : '';
  return [
    '# Same inputs, outputs compared',
    `miter -equiv ${ignore}-make_outputs -flatten gold gate miter`,
    'hierarchy -top miter',
    '',
  ];
}

/** Search for the shortest difference from the start state, up to `depth` steps. */
export function boundedScript(pair: Pair, options: ProofOptions, depth: number): Omit<StepSpec, 'limitMs'> {
  const start = startOptions(pair, options, inMiter);
  // The cycle of a reset comes before.
  const reach = depth - (pair.resets.length > 0 ? 1 : 0);
  const show = [
    '-show-inputs -show-outputs',
    ...(['gold', 'gate'] as const).flatMap((side) =>
      pair.free[side].map((signal) => `-show ${pair.wireOf(side, signal)}`),
    ),
  ];
  const lines = [
    ...begin(pair),
    ...miter(pair),
    '# One step more at a time',
    `sat -tempinduct -tempinduct-baseonly -maxsteps ${reach} -prove trigger 0 ${start.join(' ')} ${show.join(' ')} miter`,
  ];
  return { reads: 'search', reach, script: `${lines.join('\n')}\n`, files: pair.files };
}

/** Temporal induction: outputs that agree in up to `depth` steps agree in the next. */
export function inductionScript(pair: Pair, depth: number): Omit<StepSpec, 'limitMs'> {
  const undef = pair.unknowns ? ' -enable_undef -set-def-inputs' : '';
  const lines = [
    ...begin(pair),
    ...miter(pair),
    '# From any step to the next',
    `sat -tempinduct -tempinduct-inductonly -maxsteps ${depth} -prove trigger 0${undef} miter`,
  ];
  return { reads: 'induction', reach: 0, script: `${lines.join('\n')}\n`, files: pair.files };
}
