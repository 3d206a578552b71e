import * as z from 'zod/mini';

/** For the schema of a slice: `{name, bytes, sha256}`, a large thing kept beside the document. */
export const blobRefSchema = z.strictObject({
  name: z.string(),
  bytes: z.int().check(z.gte(0)),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'A SHA-256 has 64 hexadecimal digits.')),
});
