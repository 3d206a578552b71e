import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../core/index.ts';
import { createRegistry, decodeLink, parseAddress, type SliceDefinition } from '../document/index.ts';
import { slice } from './slice.ts';
import type { RtlSlice } from './types.ts';

/**
 * Links of the RTL lab as they were once given out. They must open as what stands beside them for ever: add to this
 * list, never change it.
 */

async function open(link: string) {
  const registry = createRegistry();
  registry.register(slice as SliceDefinition);
  const address = parseAddress(link);
  if (address.kind !== 'link') throw new Error(`${link} is no share link.`);
  const opened = await decodeLink(address, registry);
  if (!opened.ok) throw new Error(opened.problems[0]?.what);
  expect(opened.value.findings).toEqual([]);
  return opened.value;
}

describe('links of version 1', () => {
  it('a design of its own', async () => {
    const { document, origin } = await open(
      '#/rtl?d=1eRdvJZBBT8MwDIX_SvBpk8rYTkgFJECIEzeQOGwcssbdrLlJFbuDqep_x-lOjp-fvmdnhDNmoRSh3lTQ-YDfpEeooclJZO_zregQKLn1arNaQwVKymjzV6Z4sl4QA9T3FbDfm5yVi8jUoEA9zr2Vlrj02xF6P-MlN3f7glidCxT_1MQuhYHRzfqCYj-oa_hUuTRoeWc8OMawfNhF5zz_-ou450WfBMMBi3NZxu7xyd1YNRfGcEXuIkw_FpN6S5nxFtr77DtUO982nCoI2FK8bv3-8vllTjCVYsNDwDcqtq1ByikfJGVfg7TsVdF-r_UsaBFeTuW8S9QjCgnCNE3_',
    );
    expect(origin).toBeUndefined();
    expect(document).toEqual({
      version: 1,
      madeWith: 'crossbar-studio 0.1.0',
      title: 'Blink',
      seed: 7,
      lab: 'rtl',
      slices: {
        rtl: {
          ...slice.defaults,
          files: [
            {
              path: 'src/blink.v',
              text: 'module blink(input clk, output reg led);\n  always @(posedge clk) led <= !led;\nendmodule\n',
            },
          ],
          top: 'blink',
          parameters: {},
          defines: { FAST: '' },
          includeDirs: [],
          fileList: '',
          flatten: false,
        },
      },
    });
  });

  it('an example as it was shipped', async () => {
    const { document, origin } = await open(
      '#/rtl?d=1jdM4RYxBCoAgFAWvEm9dolsv0vqbQoJm-DUC8e79XbthBmbgCZVjuWDNikw-7LGdsDhqYXZUN27dx7JoZZTGikROam1JOLyU7xRgB6IXS6mL_Ydzfg',
    );
    expect(origin).toEqual({ id: 'alu', version: 1 });
    const rtl = document.slices.rtl as RtlSlice;
    expect(document.title).toBe('Arithmetic and logic unit');
    expect(rtl).toMatchObject({ top: 'alu', parameters: { WIDTH: 16 }, flatten: true });
    // The text itself is frozen with the version of the example.
    expect(sha256(textOf(rtl, 'alu.v'))).toBe('976d9ebb6e1d0164fdc28c61a22472d2079757eb5784a8d39f951ce043928645');
  });

  it('an example with edits', async () => {
    const { document, origin } = await open(
      '#/rtl?d=1dqXMdYy7CsJAEEV_RaZeQ9LJdoKFgnZKipBikp3gwuTBzkSUkH93ioCV3X0czgIvShLHAXzhoMdAZdQneGjTKNJg2ovOIY67PCuyHBwwNvYmZcv0xn5iAr9ADLYiz7b-hKuDQKwIvqpAwFWgUY2vHdw-u-P1YWk7hGNLljbzhAl7UjNZKS-n-9nQwz-6Y1SlwZAOWaiu1y8',
    );
    expect(origin).toEqual({ id: 'alu', version: 1 });
    const rtl = document.slices.rtl as RtlSlice;
    expect(document.title).toBe('My ALU');
    expect(rtl).toMatchObject({ top: 'alu', parameters: { WIDTH: 8 }, flatten: false });
    expect(sha256(textOf(rtl, 'alu.v'))).toBe('976d9ebb6e1d0164fdc28c61a22472d2079757eb5784a8d39f951ce043928645');
  });

  it('the default design', async () => {
    const { document } = await open(
      '#/rtl?d=1rjt9fZJBT-swDMe_ipUnoU2vjPX22GMSCA4gcQOJw4ZEtrittSyt4pSBRr87ToLQEIJeWtt__2zX3qtn9EytU7OyUFtt8IFCo2Zq7VvmlfbHHHpDLUwn5WSqChUoWJT4Zdu7gF48jGhSttUrCfhgo9PSGlnN9smWV0U22ou96nQukAGT5wjFlyCukxNIWIa-g10jGfCETq8sPgExNFQ3BWhngIP2otK1Jge6EgzcXtzdT5Zu25pe0j7g8Ge0dACd9nqL0X64ubq_hjn8K776FylwXM6mj4kkkvL0dOnGkADkuj4A7MgjHD5ru0mgn-IeGcOvijxekrR9iBqPNXzpJ81yqPgG2XndsTT7P4o0M9Uu-2SMXACOjjIH5vM0oEiT2O70K8P5qGsZTS0_zm7GMSAdVzBK_cPbW6aNPxBnc5imUtK-ZUzKXOZAkT_-QilKdCbvZenU8CjrbjvZtuz9cwHxUoZCGazIpbMRg9za9gavKEYXkhZP6JY4XorkVlaHgHK3wfcoTM0bCfCrCw0yMaphGN4B',
    );
    const rtl = document.slices.rtl as RtlSlice;
    expect(document.title).toBe('Counter');
    expect(textOf(rtl, 'counter.v')).toMatch(/^\/\/ Counts up while `enable` is high/);
    expect(rtl).toMatchObject({ top: '', parameters: {}, flatten: true, task: 'synthesise' });
  });
});

function textOf(rtl: RtlSlice, path: string): string {
  const file = rtl.files.find((one) => one.path === path);
  return file && 'text' in file ? file.text : '';
}

function sha256(text: string): string {
  return sha256Hex(new TextEncoder().encode(text));
}
