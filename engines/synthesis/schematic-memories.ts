import { type Drawn, pin } from './schematic-pin.ts';
import type { SchematicPin } from './schematic-types.ts';
import { constantBits, parameterNumber, shorten } from './schematic-values.ts';
import type { Bit, YosysCell } from './yosys-json.ts';

/** A memory with its ports unpacked: each read and each write port has its own address, data, enable and clock. */
export function memory(cell: YosysCell): Drawn {
  const number = (name: string): number => parameterNumber(cell.parameters[name]) ?? 0;
  const width = number('WIDTH');
  const words = number('SIZE');
  const address = number('ABITS');
  const [reads, writes] = [number('RD_PORTS'), number('WR_PORTS')];
  const flag = (name: string, index: number): boolean => cell.parameters[name]?.at(-1 - index) === '1';

  const pins: SchematicPin[] = [];
  const add = (name: string, index: number, size: number, label: string, more: Partial<SchematicPin> = {}): void => {
    const bits = (cell.connections[name] ?? []).slice(index * size, (index + 1) * size);
    const output = name === 'RD_DATA';
    pins.push(
      pin(`${name}[${index}]`, output ? 'east' : 'west', output ? 'output' : 'input', bits, {
        label: output || label !== '' ? label : '',
        ...more,
      }),
    );
  };
  const tied = (name: string, index: number, size: number, to: RegExp): boolean =>
    to.test(constantBits((cell.connections[name] ?? []).slice(index * size, (index + 1) * size) as Bit[]) ?? '-');

  for (let index = 0; index < writes; index++) {
    const prefix = writes > 1 ? `W${index}` : 'W';
    add('WR_ADDR', index, address, `${prefix} addr`);
    add('WR_DATA', index, width, `${prefix} data`);
    add('WR_EN', index, width, `${prefix} en`);
    if (flag('WR_CLK_ENABLE', index)) {
      add('WR_CLK', index, 1, prefix, { clock: true, bubble: !flag('WR_CLK_POLARITY', index) || undefined });
    }
  }
  for (let index = 0; index < reads; index++) {
    const prefix = reads > 1 ? `R${index}` : 'R';
    add('RD_ADDR', index, address, `${prefix} addr`);
    if (!tied('RD_EN', index, 1, /^[1x]$/)) add('RD_EN', index, 1, `${prefix} en`);
    if (!tied('RD_ARST', index, 1, /^[0x]$/)) add('RD_ARST', index, 1, `${prefix} arst`);
    if (!tied('RD_SRST', index, 1, /^[0x]$/)) add('RD_SRST', index, 1, `${prefix} rst`);
    if (flag('RD_CLK_ENABLE', index)) {
      add('RD_CLK', index, 1, prefix, { clock: true, bubble: !flag('RD_CLK_POLARITY', index) || undefined });
    }
    add('RD_DATA', index, width, `${prefix} data`);
  }
  const name = (cell.parameters.MEMID ?? '').replace(/^\\/, '');
  const ports = (count: number, word: string): string => `${count} ${word} port${count === 1 ? '' : 's'}`;
  return {
    shape: 'memory',
    title: `memory of ${words} words of ${width} bits, ${ports(writes, 'write')}, ${ports(reads, 'read')}`,
    heading: [shorten(name, 24), `${words} × ${width}`],
    width,
    pins,
  };
}
