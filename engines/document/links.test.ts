import { describe, expect, it } from 'vitest';
import { parseAddress } from './address.ts';
import { decodeLink } from './link.ts';
import { toyRegistry } from './toy.fixture.ts';
import type { DesignDocument } from './types.ts';

/**
 * Links as they were once given out. They must open as the document beside them for ever: add to this list, never change
 * it. The slice is a toy in its third version, so links of version 1 also pass its migrations.
 */
interface Pinned {
  about: string;
  link: string;
  document: DesignDocument;
  origin?: { id: string; version: number };
}

const limits = { cells: 1000, depth: 20 };

const pinned: Pinned[] = [
  {
    about: 'version 1, a whole document',
    link: '#/toy?d=1qseuJY5BDoIwEEWvQmbjBgkQ1IAH8AgsxEWhY2xSKGkLUUlP4MoTcBF3XMgjOMXV5M9_-f9PMKI2QnVQJCG0jGMp7A0KaLQypmZ6a-zAhQriKIliCMEKK5H8k14-y4zBd36_6G0QORRZmmf5_pDmuxAkqwmz6uFdKRo0UEyrpnMV0uvzBD1b61g0-nC8WxKt4oPEgB2rDjv-V1UH7kKE6j1NbM80a9HSeh9Y0jfb1EmcxOCoUDxpZOac-wE',
    document: {
      version: 3,
      madeWith: 'crossbar-studio 0.1.0',
      title: 'Grüße \u{1f44b}',
      seed: 4294967295,
      lab: 'toy',
      slices: {
        toy: {
          files: [{ path: 'a.v', text: 'module a;\nendmodule\n' }],
          top: 'a',
          parameters: { W: "4'b1010" },
          mode: 'fast',
          width: 4,
          limits,
        },
      },
    },
  },
  {
    about: 'version 1, an unedited example',
    link: '#/toy?d=1XFuORYxBCoAgFAWvEm9dolsv0vrb_5CgGWpRiHfPXbthBqbhllx8OmDNjEgsq687LLacSnGUl1Iv9mnSyiiNGYHcqDW9g-WheAaBbfA8LDFLHv5f9v4B',
    origin: { id: 'adder', version: 1 },
    document: {
      version: 3,
      madeWith: 'crossbar-studio 0.1.0',
      title: 'Adder',
      seed: 1,
      lab: 'toy',
      slices: {
        toy: {
          files: [
            { path: 'top.v', text: 'module top(input [7:0] a, b, output [8:0] y);\n  assign y = a + b;\nendmodule\n' },
            { path: 'unused.v', text: '// Nothing yet.\n' },
          ],
          top: 'top',
          parameters: {},
          mode: 'fast',
          width: 8,
          limits,
        },
      },
    },
  },
  {
    about: 'version 1, an example with a line, a file name, a parameter, the title and the seed changed',
    link: '#/toy?d=1EIgYdU9LCsJADL2KZD2WFkGhh3DjwkXpIu1EDMw4ZRLFD97dTBHc2F3ykvd7wY2ycLpA2ziI6OnIeoYWxpxEBsxr0avntKqrpqrBQcDBrpoeNtMd4xQI2hewNxS9p2z4T_LtwFNQhLbrQMB1oKzG6B0croNmHNUYveHzUYi8bbsC6AwEHslOX8MTh7LVttNdC6_bNs6Cr6Hvfyp_SfY1oVUz60tSkuo2-_IfxoQZI1myAu3tbbOkLfwsZZrtklRMfm4rEUOwkO8P',
    origin: { id: 'adder', version: 1 },
    document: {
      version: 3,
      madeWith: 'crossbar-studio 0.1.0',
      title: 'Subtracter',
      seed: 7,
      lab: 'toy',
      slices: {
        toy: {
          files: [
            { path: 'top.v', text: 'module top(input [7:0] a, b, output [8:0] y);\n  assign y = a - b;\nendmodule\n' },
            { path: 'notes.v', text: '// Nothing yet.\n' },
          ],
          top: 'top',
          parameters: { N: 3 },
          mode: 'small',
          width: 16,
          limits,
        },
      },
    },
  },
  {
    about: 'version 1, all defaults, with a slice of another lab and the view',
    link: '#/toy?d=1mED7HYyxDoMwDER_pfKcIliz9Ss6VB2AuMWSIZJtQFWUf6_JeO_eXYEDRSlvEIcA65jwSbZAhFmy6jTKXW1PlG99N3Q9BDAyRu8fKaF4VsTUtjxOji3_Lsg0o0IsLcdSr9rcd_KRvLqIrHguKOg6kxrE1xC2nTmY7PiuPjkIz_bRnjl_odY_',
    document: {
      version: 3,
      madeWith: 'crossbar-studio 0.1.0',
      title: 'Adder',
      seed: 1,
      lab: 'toy',
      slices: {
        toy: { files: [], top: '', parameters: {}, mode: 'fast', width: 8, limits },
        later: { from: 'elsewhere', list: [1, null, true] },
      },
      view: { tab: 'log' },
    },
  },
  {
    about: 'version 3, a whole document',
    link: '#/toy?d=1at2eHU47DsMgDL1K5ZlGkG5sPUWHqgPBrmoJCgL3pyh3r4kX-330nld4U-tcnuBPBnJAurA8wENspfcltGOXF3I52MlNFgwISyLVz4jUFHciBO8MpLAoLeU3yMSROvh1x7runAa-3jSgVPWpqYYWMonWq2PT8oIjmL4hisofxvGImzWaM8seFyklPZy11gBSHY7Zbjp_',
    document: {
      version: 3,
      madeWith: 'crossbar-studio 0.1.0',
      title: 'Adder',
      seed: 1,
      lab: 'toy',
      slices: { toy: { files: [], top: '', parameters: {}, mode: 'exact', width: 12, limits } },
    },
  },
];

describe('links given out', () => {
  it.each(pinned)('still open: $about', async ({ link, document, origin }) => {
    const address = parseAddress(link);
    if (address.kind !== 'link') throw new Error('This is no link.');
    const result = await decodeLink(address, toyRegistry());
    expect(result).toEqual({ ok: true, value: { document, findings: [], ...(origin && { origin }) } });
  });
});
