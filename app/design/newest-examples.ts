import type { Example } from '../../engines/document/types.ts';

/** Old versions of an example stay for old links; galleries show the newest. */
export function newestExamples<E extends Example<never> | Example>(examples: readonly E[]): E[] {
  return examples.filter((one) => !examples.some((other) => other.id === one.id && other.version > one.version));
}
