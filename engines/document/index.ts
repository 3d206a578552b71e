export { canonicalJson, hashValue, Sha256, sha256Hex } from '../core/hash.ts';
export { type Address, formatAddress, parseAddress } from './address.ts';
export { blobRefSchema } from './blob-schema.ts';
export { blobsOf, INLINE_TEXT_BYTES, isBlobRef } from './blobs.ts';
export { applyDelta, type Delta, diff, type Edit, invertDelta } from './delta.ts';
export { type ReadFile, resolveFiles } from './files.ts';
export {
  checkInputs,
  type Flow,
  type FlowCache,
  type FlowLink,
  type FlowNode,
  type FlowReport,
  findLinks,
  isFlowLink,
  runFlow,
  sortSlices,
} from './flow.ts';
export { isPlainObject, type Path, sameJson } from './json.ts';
export { decodeLink, type ExampleRef, encodeLink, type Linked } from './link.ts';
export { MADE_WITH } from './made-with.ts';
export { nearest } from './nearest.ts';
export { pack, type Unpacked, unpack } from './pack.ts';
export { createRegistry, type Registry } from './registry.ts';
export { newDocument, restore, restoreStrict } from './restore.ts';
export { decodeText, parseJson } from './text.ts';
export { diffText, type Splice, spliceText } from './text-delta.ts';
export {
  type BlobRef,
  CURRENT_VERSION,
  type DesignDocument,
  type Example,
  type Restored,
  type SliceDefinition,
} from './types.ts';
