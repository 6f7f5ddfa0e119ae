// Maps: one unit on both axes, groups by colour and outline, signs by kind, pictures in frames, links.
import { expect, test } from 'vitest';
import { imageOf } from '../../images/image-of.ts';
import { figure } from '../figure.ts';
import { renderPng } from '../png.ts';
import type { MapPoint } from './map.ts';

const draw = (points: readonly MapPoint[]): Promise<string> =>
  figure({ title: 't', panels: [{ kind: 'map', xLabel: 'first', yLabel: 'second', points }] }).toSvg();

const map = (svg: string): string => svg.match(/<g class="map">.*?<\/g><\/svg>/s)![0];
const places = (svg: string): [number, number][] =>
  [...map(svg).matchAll(/translate\(([-\d.]+),([-\d.]+)\)/g)].map((match) => [Number(match[1]), Number(match[2])]);

test('a map has one unit on both axes, and up is up', async () => {
  const svg = await draw([
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 0, y: 2 },
  ]);
  const [origin, right, up] = places(svg) as [[number, number], [number, number], [number, number]];
  expect(right[1]).toBe(origin[1]);
  expect(up[0]).toBe(origin[0]);
  expect((right[0] - origin[0]) / 10).toBeCloseTo((origin[1] - up[1]) / 2, 1);
  expect(right[0] - origin[0]).toBeGreaterThan(300);
  expect(svg).toMatch(/>first<.*>second</s);
});

test('a map tells groups by colour, those beyond the eighth by outline, and kinds by sign', async () => {
  const svg = await draw(
    Array.from({ length: 10 }, (_, i) => ({ x: i, y: i % 3, group: `g${i}`, sign: i % 2 ? 'text' : 'picture' })),
  );
  const marks = [...map(svg).matchAll(/<path transform[^>]* d="([^"]*)" class="([^"]*)"/g)];
  expect(marks.map((match) => match[2])).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7].map((i) => `dot-${i}`).concat('line-0', 'line-1'),
  );
  expect(marks[0]![1]).toBe(marks[2]![1]);
  expect(marks[0]![1]).not.toBe(marks[1]![1]);
  const legend = svg.match(/<g class="legend".*?<\/g><\/g>/s)![0];
  expect([...legend.matchAll(/<text[^>]*>([^<]*)/g)].map((match) => match[1])).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => `g${i}`).concat('picture', 'text'),
  );
});

test('a map draws pictures in frames, joins what is linked, and names points', async () => {
  const { bytes } = imageOf(new Uint8Array(12).fill(200), { shape: [2, 2, 3] });
  const svg = await draw([
    { x: 0, y: 0, picture: bytes, group: 'animals', sign: 'picture', link: 'cat', label: 'a <cat>' },
    { x: 1, y: 1, group: 'food', sign: 'caption', link: 'cat' },
    { x: Number.NaN, y: 1 },
  ]);
  expect(map(svg)).toContain(`href="data:image/png;base64,${Buffer.from(bytes).toString('base64')}"`);
  expect(map(svg)).toMatch(/<rect class="line-0"/);
  expect(map(svg)).toContain('<title>a &lt;cat&gt;</title>');
  const [cat, caption] = places(svg) as [[number, number], [number, number]];
  const link = map(svg).match(/class="links" d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)"/)!;
  expect(link.slice(1).map(Number)).toEqual([...cat, ...caption]);
  expect(svg).toContain('1 of 3 points have no place on a map');
  expect((await renderPng(svg)).length).toBeGreaterThan(1000);
});

test('a map without points says so, and one point stands in its middle', async () => {
  expect(await draw([])).toContain('>no values<');
  const one = await draw([{ x: 3, y: 3 }]);
  expect(places(one)).toEqual([[227, 108]]);
});

test('a map refuses what it cannot tell apart, and what is no picture', () => {
  const points = Array.from({ length: 17 }, (_, i) => ({ x: i, y: 0, group: String(i) }));
  const panel = (of: readonly object[]) => () =>
    figure({ title: 't', panels: [{ kind: 'map', points: of as readonly MapPoint[] }] });
  expect(panel(points)).toThrow('panels[0].points: expected at most 16 groups and 4 signs, got a list of 17');
  expect(panel([{ x: 0, y: 0, picture: new Uint8Array(4) }])).toThrow(
    'panels[0].points[0].picture: expected the bytes of a PNG, JPEG, WebP, GIF or SVG file, got Uint8Array',
  );
});
