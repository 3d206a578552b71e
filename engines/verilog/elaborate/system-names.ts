/** System tasks and functions that there are: what functions return, and which arguments are written to. */
import type * as ir from '../ir/types.ts';

export interface SystemFunction {
  type: ir.ScalarType;
  /** Places of arguments that are written to; 'from 2': all from that one on. */
  outputs?: readonly number[];
  outputsFrom?: number;
  /** Fewest and most arguments. Without: any number. */
  count?: readonly [number, number];
}

const vector = (width: number, signed: boolean): ir.VectorType => ({ kind: 'vector', width, signed, fourState: true });
const int = vector(32, true);
const unsigned = vector(32, false);
const bit = vector(1, false);
const time = vector(64, false);
const real: ir.RealType = { kind: 'real' };
const string: ir.StringType = { kind: 'string' };

const one = [1, 1] as const;
const two = [2, 2] as const;
const none = [0, 0] as const;

const functions: Record<string, SystemFunction> = {
  $time: { type: time, count: none },
  $stime: { type: unsigned, count: none },
  $simtime: { type: time, count: none },
  $realtime: { type: real, count: none },
  $random: { type: int, outputs: [0], count: [0, 1] },
  $urandom: { type: unsigned, outputs: [0], count: [0, 1] },
  $urandom_range: { type: unsigned, count: [1, 2] },
  $mti_random: { type: int, outputs: [0], count: [0, 1] },
  $mti_dist_uniform: { type: int, outputs: [0], count: [3, 3] },
  $dist_uniform: { type: int, outputs: [0], count: [3, 3] },
  $dist_normal: { type: int, outputs: [0], count: [3, 3] },
  $dist_exponential: { type: int, outputs: [0], count: two },
  $dist_poisson: { type: int, outputs: [0], count: two },
  $dist_chi_square: { type: int, outputs: [0], count: two },
  $dist_t: { type: int, outputs: [0], count: two },
  $dist_erlang: { type: int, outputs: [0], count: [3, 3] },
  $rtoi: { type: int, count: one },
  $itor: { type: real, count: one },
  $realtobits: { type: time, count: one },
  $bitstoreal: { type: real, count: one },
  $shortrealtobits: { type: unsigned, count: one },
  $bitstoshortreal: { type: { kind: 'real', short: true }, count: one },
  $fopen: { type: int, count: [1, 2] },
  $feof: { type: int, count: one },
  $ferror: { type: int, outputs: [1], count: two },
  $fgetc: { type: int, count: one },
  $ungetc: { type: int, count: two },
  $fgets: { type: int, outputs: [0], count: two },
  $fread: { type: int, outputs: [0], count: [2, 4] },
  $fscanf: { type: int, outputsFrom: 2 },
  $sscanf: { type: int, outputsFrom: 2 },
  $ftell: { type: int, count: one },
  $fseek: { type: int, count: [3, 3] },
  $rewind: { type: int, count: one },
  $test$plusargs: { type: int, count: one },
  $value$plusargs: { type: int, outputs: [1], count: two },
  $clog2: { type: int, count: one },
  $sformatf: { type: string },
  $countones: { type: int, count: one },
  $countbits: { type: int },
  $onehot: { type: bit, count: one },
  $onehot0: { type: bit, count: one },
  $isunknown: { type: bit, count: one },
  $countdrivers: { type: bit, outputs: [] },
  $q_full: { type: int, outputs: [1], count: two },
  $simparam: { type: real, count: [1, 2] },
  $simparam$str: { type: string, count: one },
  $system: { type: int, count: [0, 1] },
};
for (const name of [
  'sqrt',
  'ln',
  'log10',
  'exp',
  'floor',
  'ceil',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'sinh',
  'cosh',
  'tanh',
  'asinh',
  'acosh',
  'atanh',
  'abs',
]) {
  functions[`$${name}`] = { type: real, count: one };
}
for (const name of ['pow', 'atan2', 'hypot', 'min', 'max']) functions[`$${name}`] = { type: real, count: two };

const functionTable = new Map(Object.entries(functions));

export function systemFunction(name: string): SystemFunction | undefined {
  return functionTable.get(name);
}

/** Arguments of system tasks that are written to. */
const tasks = new Map<string, { outputs?: readonly number[]; outputsFrom?: number }>();
const plainTasks =
  'finish stop finish_and_return exit monitor monitorb monitoro monitorh monitoron monitoroff timeformat printtimescale ' +
  'dumpfile dumpvars dumpall dumpon dumpoff dumpflush dumplimit dumpports dumpportsall dumpportson dumpportsoff dumpportsflush dumpportslimit ' +
  'fclose fflush fmonitor fmonitorb fmonitoro fmonitorh writememb writememh readmempath ' +
  'info warning error fatal assertoff asserton assertkill showscopes showvars showvariables showallinstances ' +
  'scope list log nolog key nokey save restart incsave reset reset_count reset_value input ' +
  'sdf_annotate setup hold setuphold width period skew recovery recrem removal nochange ' +
  'async$and$array async$nand$array async$or$array async$nor$array async$and$plane async$nand$plane async$or$plane async$nor$plane ' +
  'sync$and$array sync$nand$array sync$or$array sync$nor$array sync$and$plane sync$nand$plane sync$or$plane sync$nor$plane';
for (const name of plainTasks.split(' ')) tasks.set(`$${name}`, {});
for (const name of ['display', 'write', 'strobe', 'fdisplay', 'fwrite', 'fstrobe']) {
  for (const radix of ['', 'b', 'o', 'h']) tasks.set(`$${name}${radix}`, {});
}
for (const radix of ['', 'b', 'o', 'h']) tasks.set(`$swrite${radix}`, { outputs: [0] });
tasks.set('$sformat', { outputs: [0] });
tasks.set('$readmemb', { outputs: [1] });
tasks.set('$readmemh', { outputs: [1] });
tasks.set('$sreadmemb', { outputs: [0] });
tasks.set('$sreadmemh', { outputs: [0] });
tasks.set('$deposit', { outputs: [0] });
tasks.set('$q_initialize', { outputs: [3] });
tasks.set('$q_add', { outputs: [3] });
tasks.set('$q_remove', { outputs: [1, 2, 3] });
tasks.set('$q_exam', { outputs: [2, 3] });
for (const name of tasks.keys()) {
  if (!/\$(?:and|nand|or|nor)\$(?:array|plane)$/.test(name)) continue;
  tasks.set(name, { outputs: [2] });
}

export function systemTask(name: string): { outputs?: readonly number[]; outputsFrom?: number } | undefined {
  return tasks.get(name);
}

/** Worked out by elaboration. */
export const resolvedNames: ReadonlySet<string> = new Set([
  '$bits',
  '$signed',
  '$unsigned',
  '$left',
  '$right',
  '$low',
  '$high',
  '$size',
  '$increment',
  '$dimensions',
  '$unpacked_dimensions',
  '$cast',
  '$typename',
  '$is_signed',
  '$isunbounded',
  '$sizeof',
]);
