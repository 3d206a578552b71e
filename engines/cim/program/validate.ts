import { error, type Problem } from '../../core/result.ts';
import type { Network } from '../../onnx/network.ts';
import { startingMode } from '../judge.ts';
import type { CimProblem } from '../types.ts';
import { addressesOf } from './addresses.ts';
import { numbersOf, printRanges } from './ranges.ts';
import { lineOf } from './text.ts';
import type { Instruction, Program, Ranges } from './types.ts';

/**
 * What is wrong with a program, without running it: arrays that are none or in the wrong mode, switches without effect,
 * products before their weights, addresses that nothing was stored at, operators and layers that are none, computed twice or
 * not at all. At most a hundred problems, with their lines.
 */
export function validateProgram(program: Program, network: Network, problem: CimProblem): Problem[] {
  const checker = new Checker(network, problem);
  const problems: Problem[] = [];
  for (const [segment, block] of program.segments.entries()) {
    for (const [at, instruction] of block.entries()) {
      for (const [what, remedy] of checker.findings(instruction)) {
        const where = { file: 'program', line: lineOf(program, segment, at), column: 1 };
        problems.push(error('cim.program', what, remedy, where));
        if (problems.length >= 100) return problems;
      }
    }
  }
  for (const [name, times] of checker.computed) {
    if (times === 0) {
      problems.push(error('cim.program', `"${name}" is never computed.`, 'Add its weights and its product.'));
      if (problems.length >= 100) break;
    }
  }
  return problems;
}

type Finding = readonly [what: string, remedy: string];

class Checker {
  readonly computed: Map<string, number>;
  private readonly computes: boolean[];
  private readonly written = new Map<number, string>();
  private readonly stored = new Set<number>();
  private readonly sums = new Set<number>();
  private readonly sumOf = new Map<number, number>();
  private readonly resultOf = new Map<number, number>();
  private readonly network: Network;
  private readonly problem: CimProblem;

  constructor(network: Network, problem: CimProblem) {
    this.network = network;
    this.problem = problem;
    const { hardware, operators } = problem;
    this.computes = Array.from({ length: hardware.arrays }, (_, at) => at < startingMode(hardware));
    this.computed = new Map(operators.map(({ name }) => [name, 0]));
    const { results, sums } = addressesOf(network);
    for (const { index, kind } of network.layers) {
      this.resultOf.set(results[index]!, index);
      if (sums[index] !== undefined) this.sumOf.set(sums[index], index);
      if (kind.op === 'input') this.stored.add(results[index]!);
    }
  }

  *findings(each: Instruction): Generator<Finding> {
    switch (each.op) {
      case 'switch': {
        const idle = this.arraysNot(each.arrays, each.to === 'compute' ? 'memory' : 'compute');
        if (idle) yield [`Switched without effect or out of range: ${idle}.`, 'Leave these arrays out.'];
        for (const array of numbersOf(each.arrays)) {
          if (array < this.computes.length) this.computes[array] = each.to === 'compute';
          this.written.delete(array);
        }
        return;
      }
      case 'write': {
        yield* this.mode(each.arrays, 'compute');
        const operator = this.problem.operators.find(({ name }) => name === each.operator);
        if (!operator) yield [`There is no operator "${each.operator}".`, 'Name one of this network’s.'];
        else if (numbersOf(each.arrays).length < operator.arrays) {
          yield [`"${each.operator}" needs ${operator.arrays} arrays.`, 'Give it as many, or more for copies.'];
        } else if (operator.dynamic !== (each.source !== undefined)) {
          yield operator.dynamic
            ? [`The weights of "${each.operator}" are computed.`, 'Give the address of its operand in place of W.']
            : [`The weights of "${each.operator}" come from outside.`, 'Write W in place of an address.'];
        }
        if (each.source !== undefined) yield* this.loaded(each.source);
        for (const array of numbersOf(each.arrays)) this.written.set(array, each.operator);
        return;
      }
      case 'read': {
        yield* this.mode(each.arrays, 'compute');
        yield* this.mode(each.inputs, 'memory');
        yield* this.mode(each.outputs, 'memory');
        const times = this.computed.get(each.operator);
        if (times === undefined) yield [`There is no operator "${each.operator}".`, 'Name one of this network’s.'];
        else {
          if (times > 0) yield [`"${each.operator}" is computed twice.`, 'Compute it once.'];
          this.computed.set(each.operator, times + 1);
        }
        const other = numbersOf(each.arrays).find((array) => this.written.get(array) !== each.operator);
        if (other !== undefined) {
          yield [`Array ${other} does not hold weights of "${each.operator}".`, 'Write them before the product.'];
        }
        yield* this.loaded(each.source);
        const layer = this.problem.operators.find(({ name }) => name === each.operator)?.layer;
        if (layer !== undefined && this.sumOf.get(each.target) !== layer) {
          yield ['The sums do not belong to the operator’s layer.', 'Add into the layer’s own.'];
        }
        this.sums.add(each.target);
        return;
      }
      case 'alu': {
        const layer = this.network.layers.find(({ name }) => name === each.layer);
        if (!layer) yield [`There is no layer "${each.layer}".`, 'Name one of this network’s.'];
        else if (this.resultOf.get(each.target) !== layer.index) {
          yield [`The target is not the result of "${each.layer}".`, 'Store into the layer’s own.'];
        }
        if (each.name === 'requantise') {
          const left = this.problem.operators.filter(
            (operator) => operator.layer === layer?.index && this.computed.get(operator.name) === 0,
          );
          if (left[0]) yield [`"${left[0].name}" is not in the sums yet.`, 'Compute all parts of the layer first.'];
          if (!each.sources.every((source) => this.sums.has(source))) {
            yield ['No sums lie there.', 'Compute them first.'];
          }
        } else {
          if (layer && layer.kind.op !== each.name)
            yield [`"${each.layer}" is ${layer.kind.op}.`, `Write ALU.${layer.kind.op}.`];
          for (const source of each.sources) yield* this.loaded(source);
        }
        this.stored.add(each.target);
      }
    }
  }

  private *loaded(address: number): Generator<Finding> {
    if (this.stored.has(address)) return;
    const layer = this.resultOf.get(address);
    const what = layer === undefined ? 'no result of a layer' : `the result of "${this.network.layers[layer]!.name}"`;
    yield [`0x${address.toString(16)} is ${what}, and nothing was stored there before.`, 'Store it first.'];
  }

  private *mode(ranges: Ranges, mode: 'compute' | 'memory'): Generator<Finding> {
    const wrong = this.arraysNot(ranges, mode);
    if (wrong) yield [`Not in ${mode} mode: ${wrong}.`, `Switch them to ${mode} before.`];
  }

  /** Arrays that are none, or not in a mode; undefined: all are. */
  private arraysNot(ranges: Ranges, mode: 'compute' | 'memory'): string | undefined {
    const wrong = numbersOf(ranges).filter((array) => this.computes[array] !== (mode === 'compute'));
    if (wrong.length === 0) return undefined;
    return printRanges(wrong.slice(0, 12).map((each) => [each, each] as const));
  }
}
