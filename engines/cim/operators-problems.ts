import { error, type Problem } from '../core/result.ts';
import type { Layer, Network } from '../onnx/network.ts';
import type { CimHardware } from './hardware.ts';
import { arraysFor, type Product } from './operators-product.ts';

/** Operators that are products in forms that the studio does not read: leaving them out would make every figure wrong. */
const PRODUCTS =
  /(^|\.)(Conv|ConvTranspose|ConvInteger|QLinearConv|DeformConv|Gemm|FusedGemm|FusedConv|MatMul|FusedMatMul|MatMulInteger|MatMulNBits|QLinearMatMul|QGemm|Einsum|LSTM|GRU|RNN|Attention|MultiHeadAttention|GroupQueryAttention)$/;

export function unknownProducts({ unsupported }: Network): Problem | undefined {
  const found = unsupported.filter(({ op }) => PRODUCTS.test(op));
  if (found.length === 0) return undefined;
  const list = found.map(({ op, count, places }) => `${op} (${count}: ${places.slice(0, 3).join(', ')})`).join('; ');
  return error(
    'cim.unknown-product',
    `The network has matrix products that cannot be put on arrays here: ${list}.`,
    'Convolutions over one or two axes with fixed weights, fully connected layers and products of two tensors can. Export the network with these.',
    { path: 'slices.cim.model' },
  );
}

export function unknownWork({ unsupported }: Network): Problem[] {
  return unsupported.map(({ op, count, places }) => ({
    code: 'cim.unknown-operator',
    severity: 'warning',
    what: `The operator ${op} is not known (${count}: ${places.slice(0, 3).join(', ')}${count > 3 ? ' ...' : ''}); what it costs is not counted.`,
    where: { path: 'slices.cim.model' },
  }));
}

export function unfolded(block: string): Problem {
  return {
    code: 'cim.not-folded',
    severity: 'note',
    what: `The blocks from "${block}" on are equal, but do not only read the one before them; they are compiled one by one.`,
    where: { path: 'slices.cim.blocks' },
  };
}

export function noProducts({ name }: Network): Problem {
  return error(
    'cim.no-products',
    `"${name}" has no layer with a matrix product, so there is nothing to put on arrays.`,
    'Choose a network with convolutions, fully connected layers or attention.',
    { path: 'slices.cim.model' },
  );
}

export function tooLarge({ name }: Layer, { inner, columns }: Product, hardware: CimHardware): Problem {
  const { array, arrays, weightBits } = hardware;
  const part = arraysFor(1, 1, 1, hardware);
  const what =
    part > arrays
      ? `Not even one weight of "${name}" fits: at ${weightBits} bits it takes ${part} arrays of ${array.columns} columns, and the chip has ${arrays}.`
      : `No split makes "${name}" (${inner} x ${columns}) fit on ${arrays} arrays of ${array.rows} x ${array.columns}.`;
  return error('cim.fit', what, 'Give the chip more arrays, or wider ones, or cells of more bits.', {
    path: 'slices.cim.hardware.arrays',
  });
}

export function tooMany({ name }: Layer, { arrays, array }: CimHardware, most: number): Problem {
  return error(
    'cim.too-many-parts',
    `At "${name}" the network falls into more than ${most} parts for ${arrays} arrays of ${array.rows} x ${array.columns}.`,
    'Give the chip more arrays, or larger ones, or compile one block of the network.',
    { path: 'slices.cim.hardware.arrays' },
  );
}
