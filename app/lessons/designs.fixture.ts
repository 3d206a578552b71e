import type { DesignDocument } from '../../engines/document/index.ts';
import type { Lesson } from './types.ts';

/** The design at each step, as it is when the step's button, if it has one, has been pressed. */
export async function designs(of: Lesson): Promise<DesignDocument[]> {
  let document = await of.start();
  return of.steps.map((step) => {
    document = step.change?.apply(document) ?? document;
    return document;
  });
}
