import { listElement } from './tcl-words.ts';

/** Names as one word in braces: a list of patterns that fit nothing else, for this reader and for OpenSTA. */
export function nameList(names: readonly string[]): string {
  const element = (name: string) => {
    const pattern = name.replace(/[\\*?]/g, '\\$&');
    return /^[^\s{}"\\]+$/.test(pattern) ? pattern : listElement(pattern);
  };
  return `{${names.map(element).join(' ')}}`;
}
