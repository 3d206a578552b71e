/** Comments, strings, and the heads of modules; whichever comes first is taken, so that no name is found inside the others. */
const PIECES =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|\b(?:macro)?module\s+(?:(?:static|automatic)\s+)?(\w[\w$]*|\\\S+)/g;

/**
 * Names of the modules that a text defines, and their lines, without reading it as Verilog: for texts too large for that.
 * Modules that `ifdef hides are among them.
 */
export function moduleNames(text: string): { name: string; line: number }[] {
  const found: { name: string; line: number }[] = [];
  let line = 1;
  let at = 0;
  for (const match of text.matchAll(PIECES)) {
    const [, name] = match;
    if (name === undefined) continue;
    for (; at < match.index; at++) if (text.charCodeAt(at) === 10) line++;
    found.push({ name: name.replace(/^\\/, ''), line });
  }
  return found;
}
