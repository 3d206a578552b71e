/**
 * Whether a file that comes from outside is a test bench: every module in it has no ports, and one of them runs something
 * (`initial`) that only a simulator can (a system task, or a delay). Comments and strings do not count.
 */
export function looksLikeBench(path: string, text: string): boolean {
  if (!/\.s?v$/i.test(path)) return false;
  const code = text.replace(/"(?:\\.|[^"\\\n])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
  const heads = [
    ...code.matchAll(
      /\b(?:module|macromodule|program)\s+(?:automatic\s+|static\s+)?[A-Za-z_\\][^\s(#;]*\s*([(#;][\s\S]{0,3})/g,
    ),
  ];
  if (heads.length === 0 || !heads.every(([, start]) => /^(;|\(\s*\))/.test(start!))) return false;
  return /\binitial\b/.test(code) && /\$\w+|#\s*[\d(`A-Za-z]/.test(code);
}
