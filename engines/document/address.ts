/** What the part after `#` in the studio's address says. */
export type Address =
  | { kind: 'home' }
  | { kind: 'lab'; lab: string; design?: string }
  | { kind: 'link'; lab: string; payload: string }
  | { kind: 'example'; id: string; lab?: string }
  | { kind: 'lesson'; id: string; step?: number }
  | { kind: 'unknown'; text: string };

/** Names of labs, examples and lessons. `e` and `l` are taken as labs. */
const NAME = /^[a-z0-9][a-z0-9-]*$/;

/**
 * Reads `#/`, `#/rtl`, `#/rtl?id=<design>`, `#/rtl?d=<payload>`, `#/e/fir`, `#/e/fir?lab=rtl`, `#/l/replicate` and
 * `#/l/replicate?step=2` (steps count from 1). Query keys that mean nothing here are passed over; what is none of these
 * forms is `unknown`. Never throws.
 */
export function parseAddress(hash: string): Address {
  const unknown: Address = { kind: 'unknown', text: hash };
  const text = hash.replace(/^#/, '');
  if (text === '' || text === '/') return { kind: 'home' };
  const split = text.indexOf('?');
  const path = split < 0 ? text : text.slice(0, split);
  const query = readQuery(split < 0 ? '' : text.slice(split + 1));
  const parts = path.replace(/\/$/, '').split('/').slice(1);
  const [first = '', second] = parts;
  if (!path.startsWith('/') || parts.length > 2 || !parts.every((part) => NAME.test(part))) return unknown;
  if (second === undefined) {
    if (first === 'e' || first === 'l') return unknown;
    const payload = query.get('d');
    if (payload !== undefined) return { kind: 'link', lab: first, payload };
    const design = query.get('id');
    return design ? { kind: 'lab', lab: first, design } : { kind: 'lab', lab: first };
  }
  if (first === 'e') {
    const lab = query.get('lab');
    return lab !== undefined && NAME.test(lab) ? { kind: 'example', id: second, lab } : { kind: 'example', id: second };
  }
  if (first === 'l') {
    const step = Number(query.get('step'));
    return Number.isSafeInteger(step) && step > 0
      ? { kind: 'lesson', id: second, step }
      : { kind: 'lesson', id: second };
  }
  return unknown;
}

/** The inverse of `parseAddress`, with the leading `#`. */
export function formatAddress(address: Address): string {
  switch (address.kind) {
    case 'home':
      return '#/';
    case 'lab':
      return address.design ? `#/${address.lab}?id=${encodeURIComponent(address.design)}` : `#/${address.lab}`;
    case 'link':
      return `#/${address.lab}?d=${encodeURIComponent(address.payload)}`;
    case 'example':
      return address.lab ? `#/e/${address.id}?lab=${address.lab}` : `#/e/${address.id}`;
    case 'lesson':
      return address.step ? `#/l/${address.id}?step=${address.step}` : `#/l/${address.id}`;
    case 'unknown':
      return address.text;
  }
}

/** Values as they stand where they are no valid percent-encoding: a mangled link still gets its own message. */
function readQuery(text: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const pair of text.split('&')) {
    const split = pair.indexOf('=');
    if (split <= 0) continue;
    const value = pair.slice(split + 1);
    try {
      query.set(pair.slice(0, split), decodeURIComponent(value));
    } catch {
      query.set(pair.slice(0, split), value);
    }
  }
  return query;
}
