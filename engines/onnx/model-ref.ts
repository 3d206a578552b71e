import * as z from 'zod/mini';
import { blobRefSchema } from '../document/blob-schema.ts';

const symbols = z.optional(z.record(z.string(), z.int().check(z.gte(1))));

/** `ModelRef` for the schema of a slice. */
export const modelRefSchema = z.union([
  z.string(),
  z.strictObject({ zoo: z.string(), symbols }),
  z.strictObject({ onnx: blobRefSchema, symbols }),
  z.strictObject({ pimcompJson: z.union([z.string(), blobRefSchema]) }),
]);
