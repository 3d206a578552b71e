import { type Drawn, pin } from './schematic-pin.ts';
import type { SchematicPin } from './schematic-types.ts';
import { constantText, parameterNumber } from './schematic-values.ts';
import type { YosysCell } from './yosys-json.ts';

const COARSE = /^\$(?:ff|dffe?|adffe?|aldffe?|sdffe?|sdffce|dffsre?|dlatch|adlatch|dlatchsr|sr)$/;
const FINE = /^\$_(?:FF|DFF|DFFE|SDFF|SDFFE|SDFFCE|ALDFF|ALDFFE|DFFSR|DFFSRE|DLATCH|DLATCHSR|SR)_(?:[PN01]+_)?$/;

export function isFlipFlop(type: string): boolean {
  return COARSE.test(type) || FINE.test(type);
}

/** The steering pins of the word-level cells and, behind the bar, of the one-bit cells; in the order they are drawn. */
const CONTROLS: { names: [coarse: string, fine: string]; label: string; word: string }[] = [
  { names: ['AD', 'AD'], label: 'AD', word: '' },
  { names: ['ALOAD', 'L'], label: 'LD', word: 'asynchronous load' },
  { names: ['EN', 'E'], label: 'EN', word: 'enable' },
  { names: ['SRST', ''], label: 'RST', word: 'synchronous reset' },
  { names: ['ARST', ''], label: 'RST', word: 'asynchronous reset' },
  { names: ['SET', 'S'], label: 'SET', word: 'set' },
  { names: ['CLR', 'R'], label: 'CLR', word: 'clear' },
  { names: ['CLK', 'C'], label: '', word: '' },
];

/** Registers and latches: D at the top left, steering pins below it, the clock last with its wedge, Q at the right. */
export function flipFlop(cell: YosysCell): Drawn {
  const { type, connections } = cell;
  const width = connections.Q?.length ?? 0;
  const latch = type.includes('LATCH') || type.includes('latch') || /^\$(?:sr|_SR_)/.test(type);
  const fine = fineControls(type);
  const pins: SchematicPin[] = [];
  if (connections.D) pins.push(pin('D', 'west', 'input', connections.D, { label: 'D' }));
  const words: string[] = [];
  for (const { names, label, word } of CONTROLS) {
    const name = connections[names[0]] ? names[0] : connections[names[1]] ? names[1] : undefined;
    if (!name) continue;
    const low = fine ? fine.low.has(name) : parameterNumber(cell.parameters[`${name}_POLARITY`]) === 0;
    const reset = type.startsWith('$_') && name === 'R' && !type.includes('SR_');
    const shown = reset ? 'RST' : latch && label === 'EN' ? 'G' : label;
    const bubble = low || undefined;
    pins.push(
      pin(name, 'west', 'input', connections[name], { label: shown, bubble, clock: shown === '' || undefined }),
    );
    const said = reset
      ? type.startsWith('$_S')
        ? 'synchronous reset'
        : 'asynchronous reset'
      : latch && shown === 'G'
        ? ''
        : word;
    if (said) words.push(said);
  }
  pins.push(pin('Q', 'east', 'output', connections.Q, { label: 'Q' }));
  const value = cell.parameters.SRST_VALUE ?? cell.parameters.ARST_VALUE ?? fine?.value;
  if (value !== undefined && words.length > 0) words.push(`${words.pop()} to ${constantText(value)}`);
  const kind = `${width}-bit ${latch ? 'latch' : 'register'}`;
  const title = words.length > 0 ? `${kind} with ${words.join(', ')}` : kind;
  return { shape: latch ? 'latch' : 'register', title, width, pins };
}

/** The letters of `$_SDFFE_PP0P_` and its kin say, in a fixed order, which pins are active low and the reset's value. */
function fineControls(type: string): { low: Set<string>; value?: string } | undefined {
  const match = /^\$_([A-Z]+)_([PN01]+)_$/.exec(type);
  if (!match) return type.startsWith('$_') ? { low: new Set() } : undefined;
  const [, kind, letters] = match as unknown as [string, string, string];
  const order = fineOrder(kind, letters.length);
  const low = new Set<string>();
  let value: string | undefined;
  [...letters].forEach((letter, index) => {
    if (letter === 'N') low.add(order[index]!);
    if (letter === '0' || letter === '1') value = letter;
  });
  return { low, value };
}

function fineOrder(kind: string, letters: number): string[] {
  switch (kind) {
    case 'SR':
      return ['S', 'R'];
    case 'DLATCH':
      return letters === 1 ? ['E'] : ['E', 'R', ''];
    case 'DLATCHSR':
      return ['E', 'S', 'R'];
    case 'DFFSR':
    case 'DFFSRE':
      return ['C', 'S', 'R', 'E'];
    case 'ALDFF':
    case 'ALDFFE':
      return ['C', 'L', 'E'];
    case 'DFFE':
      return letters === 2 ? ['C', 'E'] : ['C', 'R', '', 'E'];
    default:
      return ['C', 'R', '', 'E'];
  }
}
