import type { GraphNode } from '../../types.ts';
import type { Context } from '../context.ts';
import { convolution } from './convolution.ts';
import { gemm, matmul } from './matrices.ts';

/** Products, which take what stands behind them in: each answers with the nodes that it covers. @throws CannotRun */
export const products: Record<string, (context: Context) => GraphNode[]> = {
  Conv: convolution,
  Gemm: gemm,
  MatMul: matmul,
};
