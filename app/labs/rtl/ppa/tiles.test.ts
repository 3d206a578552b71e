import { describe, expect, it } from 'vitest';
import { largest, type Part, REST, tilesOf } from './tiles.ts';

const part = (id: string, value: number, group = 'a.v'): Part => ({ id, label: id, group, value });

describe('a treemap', () => {
  it('gives areas in proportion, inside of the rectangle', () => {
    const { tiles, groups } = tilesOf([part('one', 3), part('two', 1)], 400, 100);
    expect(groups).toEqual([]);
    const area = (id: string) => {
      const tile = tiles.find(({ part: each }) => each.id === id)!;
      return tile.width * tile.height;
    };
    expect(area('one') / area('two')).toBeGreaterThan(2.8);
    expect(area('one') / area('two')).toBeLessThan(3.2);
    for (const { x, y, width, height } of tiles) {
      expect(x >= 0 && y >= 0 && x + width <= 400.001 && y + height <= 100.001).toBe(true);
    }
  });

  it('puts files side by side under their names', () => {
    const { tiles, groups } = tilesOf([part('1', 1, 'a.v'), part('2', 1, 'b.v')], 300, 200);
    expect(groups.map(({ name }) => name).sort()).toEqual(['a.v', 'b.v']);
    for (const { part: each, y } of tiles) {
      expect(y).toBeGreaterThan(groups.find(({ name }) => name === each.group)!.y);
    }
  });

  it('leaves out what is nothing, and joins the smallest', () => {
    const rest = (count: number) => `${count} more`;
    expect(largest([part('a', 0), part('b', 2), part('c', 5)], rest).map(({ id }) => id)).toEqual(['c', 'b']);
    const many = Array.from({ length: 10 }, (_, index) => part(`p${index}`, index + 1));
    const few = largest(many, rest, 4);
    expect(few.map(({ id, value }) => [id, value])).toEqual([
      ['p9', 10],
      ['p8', 9],
      ['p7', 8],
      [REST, 28],
    ]);
    expect(few.at(-1)!.label).toBe('7 more');
    expect(tilesOf([], 100, 100).tiles).toEqual([]);
  });
});
