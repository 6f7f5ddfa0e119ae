import { expect, test } from 'vitest';
import { drawBars } from './bars.ts';
import { drawLines, type LineSeries } from './line.ts';
import { seriesColors } from './palette.ts';
import { renderPng } from './png.ts';
import { drawSchedule } from './schedule.ts';

const hostile = `</text><script>alert("1")</script> & 'x' \u0000\ud800`;

const captures = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1]!);

/** How an axis turns values into places: a line through two of its ticks. */
function axis(svg: string, name: 'x' | 'y'): (value: number) => number {
  const group = svg.match(new RegExp(`aria-label="${name}-axis tick label".*?</g>`, 's'))![0];
  const ticks = [...group.matchAll(/translate\(([\d.]+),([\d.]+)\)"[^>]*>([^<]+)</g)].map((match) => {
    return {
      place: Number(name === 'x' ? match[1] : match[2]),
      value: Number(match[3]!.replace('%', 'e-2').replace('k', 'e3')),
    };
  });
  const [first, last] = [ticks[0]!, ticks.at(-1)!];
  return (value) => first.place + ((last.place - first.place) * (value - first.value)) / (last.value - first.value);
}

/** The points of each path that a mark of this class draws. */
function paths(svg: string, className: string): [number, number][][] {
  const groups = captures(svg, new RegExp(`<g[^>]*class="${className}"[^>]*>(.*?)</g>`, 'gs'));
  return groups.flatMap((group) => captures(group, / d="([^"]*)"/g)).map(pathPoints);
}

const pathPoints = (path: string): [number, number][] =>
  [...path.matchAll(/([\d.]+),([\d.]+)/g)].map((match) => [Number(match[1]), Number(match[2])]);

const exact = (steps: number[], values: number[], label = 'val'): LineSeries => ({
  label,
  steps,
  values,
  kind: 'exact',
});

test('drawLines() draws every value where the axes say', async () => {
  const steps = [100, 250, 400];
  const values = [3.5, 1.25, 0.5];
  const svg = await drawLines({ title: 'loss', yLabel: 'loss (nats)', series: [exact(steps, values)] });
  const [x, y] = [axis(svg, 'x'), axis(svg, 'y')];
  const points = paths(svg, 'line-0')[0]!;
  expect(points).toHaveLength(3);
  for (const [index, point] of points.entries()) {
    expect(point[0]).toBeCloseTo(x(steps[index]!), 2);
    expect(point[1]).toBeCloseTo(y(values[index]!), 2);
  }
  expect(svg).toContain('↑ loss (nats)');
  expect(svg).toContain('step →');
});

test('drawLines() draws a noisy series faintly, and its centred mean over it', async () => {
  const steps = Array.from({ length: 120 }, (_, index) => index);
  const values = steps.map((step) => step + (step % 2 === 0 ? 30 : -30));
  const svg = await drawLines({ title: 't', yLabel: 'y', series: [{ label: 'train', steps, values, kind: 'noisy' }] });
  expect(svg).toMatch(/<g[^>]*stroke-opacity="0.28"[^>]*class="line-0"/);
  const [raw, mean] = paths(svg, 'line-0');
  const y = axis(svg, 'y');
  expect(raw![60]![1]).toBeCloseTo(y(90), 1);
  // Two neighbours on each side: the mean of 58 + 30, 59 - 30, 60 + 30, 61 - 30, 62 + 30.
  expect(mean![60]![1]).toBeCloseTo(y(66), 1);
});

test('drawLines() breaks a curve at a non-finite value and marks it at the top', async () => {
  const series = [exact([1, 2, 3, 4, 5], [1, 2, Number.NaN, Number.POSITIVE_INFINITY, 1])];
  const svg = await drawLines({ title: 't', yLabel: 'y', series });
  expect(captures(svg, /class="line-0" aria-label="line"><path d="([^"]*)"/g)[0]?.match(/M/g)).toHaveLength(2);
  const crosses = captures(svg, /class="line-0" aria-label="dot">(.*?)<\/g>/g)[0]!;
  const x = axis(svg, 'x');
  const places = captures(crosses, /translate\(([\d.]+),/g).map(Number);
  expect(places[0]).toBeCloseTo(x(3), 2);
  expect(places[1]).toBeCloseTo(x(4), 2);
  expect(svg).toContain('>not finite<');
});

test('drawLines() draws a logarithmic axis, and says which value it cannot hold', async () => {
  const chart = { title: 'loss', yLabel: 'loss', yScale: 'log' as const };
  const svg = await drawLines({ ...chart, series: [exact([1, 2, 3], [100, 10, 1])] });
  const heights = paths(svg, 'line-0')[0]!.map((point) => point[1]);
  expect(heights[1]! - heights[0]!).toBeCloseTo(heights[2]! - heights[1]!, 2);
  await expect(drawLines({ ...chart, series: [exact([1], [0])] })).rejects.toThrow(
    'expected positive values, got 0 in "val"',
  );
});

test('drawLines() refuses more series than it has colours', async () => {
  const series = Array.from({ length: seriesColors.length + 1 }, () => exact([1], [1]));
  await expect(drawLines({ title: 't', yLabel: 'y', series })).rejects.toThrow('expected at most 8 series, got 9');
});

test('drawBars() draws heights and references in proportion', async () => {
  const svg = await drawBars({
    title: 'recall',
    yLabel: 'recall',
    yFormat: 'percent',
    bars: [
      { label: 'R@1', group: 'image to text', value: 0.5, reference: 0.1 },
      { label: 'R@5', group: 'image to text', value: 0.8, reference: 0.2 },
    ],
  });
  const groups = captures(svg, /<g[^>]*class="fill-0"[^>]*>(.*?)<\/g>/gs);
  const heights = groups.flatMap((group) => captures(group, /height="([\d.]+)"/g)).map(Number);
  const y = axis(svg, 'y');
  expect(heights).toHaveLength(2);
  expect(heights[0]).toBeCloseTo(y(0) - y(0.5), 4);
  expect(heights[1]).toBeCloseTo(y(0) - y(0.8), 4);
  const ticks = captures(svg, /aria-label="tick"(.*?)<\/g><\/g>/gs)[0]!;
  expect(captures(ticks, /y1="([\d.]+)"/g).map(Number)).toEqual([expect.closeTo(y(0.1), 4), expect.closeTo(y(0.2), 4)]);
  expect(svg).toContain('>50.0%<');
});

test('drawSchedule() holds each value until the next and names the peak', async () => {
  const svg = await drawSchedule({
    title: 'learning rate',
    series: [{ label: 'all', steps: [0, 100, 200], values: [0.001, 0.002, 0.0005] }],
  });
  expect(svg).toContain('peak 0.002 at step 100, last 0.0005');
  const path = captures(svg, /class="line-0" aria-label="line"><path d="([^"]*)"/g)[0]!;
  const points = pathPoints(path);
  const [x, y] = [axis(svg, 'x'), axis(svg, 'y')];
  expect(points[0]![1]).toBeCloseTo(y(0.001), 2);
  expect(path).toMatch(/^M[\d.,]+L([\d.]+),[\d.]+L\1,/); // along, then up
  expect(points.at(-1)).toEqual([expect.closeTo(x(200), 2), expect.closeTo(y(0.0005), 2)]);
});

test('every picture is strict XML whatever its texts hold, and carries nothing that runs', async () => {
  const series = [{ label: hostile, steps: [1], values: [1], kind: 'exact' as const }];
  const pictures = [
    await drawLines({ title: hostile, subtitle: hostile, yLabel: hostile, xLabel: hostile, series }),
    await drawLines({ title: 'nothing', yLabel: 'y', series: [] }),
    await drawLines({ title: 'empty', yLabel: 'y', series: [{ label: 'a', steps: [], values: [], kind: 'noisy' }] }),
    await drawSchedule({ title: hostile, yLabel: hostile, series }),
    await drawBars({
      title: hostile,
      yLabel: hostile,
      referenceLabel: hostile,
      bars: [{ label: hostile, group: hostile, value: 1, reference: 0.5 }],
    }),
  ];
  for (const svg of pictures) {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
    expect(svg).not.toContain('<script');
    // The PNG renderer's parser accepts only well-formed XML.
    const png = Buffer.from(await renderPng(svg));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  }
  await expect(renderPng('<svg xmlns="http://www.w3.org/2000/svg"><text>&</text></svg>')).rejects.toThrow(/XML/);
});

test('renderPng() draws at the scale it is given', async () => {
  const svg = await drawSchedule({ title: 'lr', series: [{ label: 'a', steps: [1, 2], values: [1, 2] }] });
  const size = svg.match(/viewBox="0 0 (\d+) (\d+)"/)!;
  const png = Buffer.from(await renderPng(svg, 3));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([Number(size[1]) * 3, Number(size[2]) * 3]);
});
