/** What a file that is no ONNX model seems to be, by its first bytes; undefined where they do not tell. */
export function seemsToBe(head: Uint8Array): { what: string; remedy: string } | undefined {
  const text = new TextDecoder('latin1').decode(head);
  const found = signatures.find(({ test }) => test(text));
  return found && { what: found.what, remedy: found.remedy };
}

const exportIt = 'Export the model to ONNX and open that file.';
const downloadIt = 'Download the model file itself and open that.';

const starts =
  (...prefixes: string[]) =>
  (text: string): boolean =>
    prefixes.some((prefix) => text.startsWith(prefix));

const signatures: readonly { test: (text: string) => boolean; what: string; remedy: string }[] = [
  {
    test: starts('version https://git-lfs'),
    what: 'a Git LFS pointer, which only names the model file',
    remedy: downloadIt,
  },
  { test: (text) => /^\s*(<!doctype html|<html|<head)/i.test(text), what: 'a web page (HTML)', remedy: downloadIt },
  {
    test: (text) => /^(\u00ef\u00bb\u00bf)?\s*<\?xml/.test(text) || /^\s*<net\s/.test(text),
    what: 'XML, such as a model of OpenVINO',
    remedy: exportIt,
  },
  {
    test: (text) => /^(\u00ef\u00bb\u00bf)?\s*(\{\s*["}]|\[\s*[[{"\d\]])/.test(text),
    what: 'JSON',
    remedy: 'A graph of PIMCOMP-NN in JSON is opened as such; otherwise export the model to ONNX.',
  },
  {
    test: (text) => text.startsWith('PK\u0003\u0004') && /data\.pkl|\.pkl|\/version|\.data\//.test(text),
    what: 'a PyTorch checkpoint',
    remedy: 'Load it in PyTorch and write it with torch.onnx.export.',
  },
  {
    test: starts('PK\u0003\u0004', 'PK\u0005\u0006'),
    what: 'a ZIP archive',
    remedy: 'Unpack it and open the .onnx file inside.',
  },
  {
    test: starts('\u0080\u0002', '\u0080\u0003', '\u0080\u0004', '\u0080\u0005'),
    what: 'a Python pickle, such as an old PyTorch checkpoint',
    remedy: 'Load it in PyTorch and write it with torch.onnx.export.',
  },
  {
    test: (text) => text.slice(4, 8) === 'TFL3',
    what: 'a TensorFlow Lite model',
    remedy: 'Convert it with tf2onnx --tflite.',
  },
  {
    test: (text) => text.slice(4, 8) === 'ORTM',
    what: "a model in ONNX Runtime's own format (.ort)",
    remedy: 'Open the .onnx file that it was made from.',
  },
  { test: starts('\u0089HDF'), what: 'an HDF5 file, such as a Keras model', remedy: 'Convert it with tf2onnx.' },
  { test: starts('GGUF'), what: 'a GGUF file, weights without a graph', remedy: exportIt },
  {
    test: (text) => text.slice(3, 10) === '\u0000\u0000\u0000\u0000\u0000{"',
    what: 'a safetensors file, weights without a graph',
    remedy: exportIt,
  },
  { test: starts('\u001f\u008b'), what: 'compressed with gzip', remedy: 'Unpack it first.' },
  { test: starts('(\u00b5/\u00fd'), what: 'compressed with Zstandard', remedy: 'Unpack it first.' },
  { test: starts('7z\u00bc\u00af', 'BZh', '\u00fd7zXZ'), what: 'a compressed archive', remedy: 'Unpack it first.' },
  {
    test: (text) => text.slice(257, 262) === 'ustar',
    what: 'a tar archive',
    remedy: 'Unpack it and open the .onnx file inside.',
  },
  { test: starts('\u0093NUMPY'), what: 'a NumPy array', remedy: exportIt },
  { test: starts('\u0089PNG', '\u00ff\u00d8\u00ff', 'GIF8'), what: 'an image', remedy: 'Open a model in ONNX form.' },
  { test: starts('%PDF'), what: 'a PDF document', remedy: 'Open a model in ONNX form.' },
  {
    test: (text) => /^\s*<?\s*(ir_version|opset_import|producer_name|graph)\b\s*[:{]/.test(text),
    what: 'an ONNX model written as text',
    remedy: 'Write it in binary form with onnx.save.',
  },
  {
    test: (text) => /^\s*(name\s*:\s*"|layers?\s*\{|input\s*:\s*")/.test(text),
    what: 'a network of Caffe (prototxt)',
    remedy: exportIt,
  },
];
