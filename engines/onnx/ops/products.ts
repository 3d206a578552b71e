import type { Dim } from '../types.ts';
import type { NodeFacts, Rule } from './facts.ts';
import { writeShape } from './facts.ts';

/** NumPy's matmul: vectors are promoted, leading axes broadcast. */
export function matrixProduct(node: NodeFacts, a: Dim[] | undefined, b: Dim[] | undefined): Dim[] | undefined {
  if (!a || !b) return undefined;
  if (a.length === 0 || b.length === 0) return node.fail('multiplies a scalar as a matrix');
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  const inner = left.at(-1) ?? 1;
  const rows = right.at(-2) ?? 1;
  if (node.symbols.differ(inner, rows)) {
    return node.fail(`multiplies ${writeShape(a)} by ${writeShape(b)}: the inner sizes ${inner} and ${rows} differ`);
  }
  const leading = node.broadcast([left.slice(0, -2), right.slice(0, -2)]) ?? [];
  const product = [...leading];
  if (a.length > 1) product.push(left.at(-2) ?? 1);
  if (b.length > 1) product.push(right.at(-1) ?? 1);
  return product;
}

function gemm(node: NodeFacts): Dim[] | undefined {
  const a = node.shape(0);
  const b = node.shape(1);
  if (!a || !b) return undefined;
  if (a.length !== 2 || b.length !== 2) {
    return node.fail(`multiplies tensors of rank ${a.length} and ${b.length}; it takes matrices`);
  }
  const left = node.int('transA', 0) ? [...a].reverse() : a;
  const right = node.int('transB', 0) ? [...b].reverse() : b;
  return matrixProduct(node, left, right);
}

/** "bij,bjk->bik", with an ellipsis for leading axes; without an arrow, letters met once, sorted. */
function einsum(node: NodeFacts): Dim[] | undefined {
  const equation = node.string('equation').replaceAll(' ', '');
  const [left = '', right] = equation.split('->');
  const operands = left.split(',');
  if (operands.length !== node.inputs.length) {
    return node.fail(`has ${node.inputs.length} inputs, and its equation "${equation}" has ${operands.length}`);
  }
  const sizes = new Map<string, Dim>();
  let dots: Dim[] = [];
  for (const [index, operand] of operands.entries()) {
    const shape = node.shape(index);
    if (!shape) return undefined;
    const letters = operand.replace('...', '');
    const spare = shape.length - letters.length;
    if (spare < 0 || (spare > 0 && !operand.includes('...'))) {
      return node.fail(`has an input of shape ${writeShape(shape)} where its equation says "${operand}"`);
    }
    const before = operand.includes('...') ? operand.indexOf('...') : letters.length;
    dots = node.broadcast([dots, shape.slice(before, before + spare)]) ?? [];
    [...letters].forEach((letter, place) => {
      const size = shape[place < before ? place : place + spare] ?? 1;
      const met = sizes.get(letter);
      if (met !== undefined && met !== 1 && size !== 1) node.agree(met, size, `The sizes of "${letter}" do not fit`);
      if (met === undefined || met === 1) sizes.set(letter, size);
    });
  }
  const joined = left.replaceAll(',', '').replaceAll('...', '');
  const once = [...new Set(joined)].filter((letter) => joined.split(letter).length === 2).sort();
  const wanted = right ?? `${left.includes('...') ? '...' : ''}${once.join('')}`;
  const [head = '', tail = ''] = wanted.includes('...') ? wanted.split('...') : [wanted, ''];
  const sizesOf = (letters: string): Dim[] =>
    [...letters].map((letter) => sizes.get(letter) ?? node.fail(`has "${letter}" only in its result`));
  return [...sizesOf(head), ...(wanted.includes('...') ? dots : []), ...sizesOf(tail)];
}

export const products: Record<string, Rule> = {
  MatMul: (node) => [{ type: node.type(), shape: matrixProduct(node, node.shape(0), node.shape(1)) }],
  MatMulInteger: (node) => [{ type: 'int32', shape: matrixProduct(node, node.shape(0), node.shape(1)) }],
  QLinearMatMul: (node) => [
    { type: node.type(7) ?? node.type(), shape: matrixProduct(node, node.shape(0), node.shape(3)) },
  ],
  Gemm: (node) => [{ type: node.type(), shape: gemm(node) }],
  Einsum: (node) => [{ type: node.type(), shape: einsum(node) }],
  Det: (node) => [{ type: node.type(), shape: node.shape()?.slice(0, -2) }],
};
