import { expect, test } from 'vitest';
import { figure } from './figure.ts';
import type { LineSeries } from './panels/lines.ts';
import type { Panel } from './panels.ts';
import { renderPng } from './png.ts';
import { MAX_STYLES } from './series-style.ts';

/** A picture of one panel. */
const draw = (title: string, panel: Panel): Promise<string> => figure({ title, panels: [panel] }).toSvg();

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

/** The names in a picture's legends. */
const legendOf = (svg: string): string[] =>
  captures(svg, /<g class="legend"[^>]*>(.*?)<\/g><\/g>/gs).flatMap((legend) =>
    captures(`${legend}</g>`, /<text[^>]*>([^<]*)/g),
  );

const exact = (x: number[], y: number[], label = 'val'): LineSeries => ({ label, x, y, kind: 'exact' });

test('lines draw every value where the axes say', async () => {
  const steps = [100, 250, 400];
  const values = [3.5, 1.25, 0.5];
  const svg = await draw('loss', { kind: 'lines', yLabel: 'loss (nats)', series: [exact(steps, values)] });
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

test('lines draw a noisy series faintly, and its centred mean over it', async () => {
  const steps = Array.from({ length: 120 }, (_, index) => index);
  const values = steps.map((step) => step + (step % 2 === 0 ? 30 : -30));
  const svg = await draw('t', {
    kind: 'lines',
    yLabel: 'y',
    series: [{ label: 'train', x: steps, y: values, kind: 'noisy' }],
  });
  expect(svg).toMatch(/<g[^>]*stroke-opacity="0.28"[^>]*class="line-0"/);
  const [raw, mean] = paths(svg, 'line-0');
  const y = axis(svg, 'y');
  expect(raw![60]![1]).toBeCloseTo(y(90), 1);
  // Two neighbours on each side: the mean of 58 + 30, 59 - 30, 60 + 30, 61 - 30, 62 + 30.
  expect(mean![60]![1]).toBeCloseTo(y(66), 1);
});

test('lines break at a non-finite value and mark it at the top', async () => {
  const series = [exact([1, 2, 3, 4, 5], [1, 2, Number.NaN, Number.POSITIVE_INFINITY, 1])];
  const svg = await draw('t', { kind: 'lines', yLabel: 'y', series });
  expect(captures(svg, /class="line-0" aria-label="line"><path d="([^"]*)"/g)[0]?.match(/M/g)).toHaveLength(2);
  const crosses = captures(svg, /class="line-0" aria-label="dot">(.*?)<\/g>/g)[0]!;
  const x = axis(svg, 'x');
  const places = captures(crosses, /translate\(([\d.]+),/g).map(Number);
  expect(places[0]).toBeCloseTo(x(3), 2);
  expect(places[1]).toBeCloseTo(x(4), 2);
  expect(svg).toContain('>not finite (top)<');
});

test('lines draw a logarithmic axis, and mark at its foot what has no place on it', async () => {
  const svg = await draw('loss', {
    kind: 'lines',
    yLabel: 'loss',
    yScale: 'log',
    series: [exact([1, 2, 3, 4], [100, 10, 1, 0])],
  });
  const heights = paths(svg, 'line-0')[0]!.map((point) => point[1]);
  expect(heights).toHaveLength(3);
  expect(heights[1]! - heights[0]!).toBeCloseTo(heights[2]! - heights[1]!, 2);
  expect(svg).toContain('>not above 0 (foot)<');
});

test('lines of one label share a colour; those beyond 24 labels are grey and counted', async () => {
  const shared = await draw('t', {
    kind: 'lines',
    yLabel: 'y',
    kindLabels: { noisy: 'train', exact: 'val' },
    series: [{ ...exact([1, 2], [1, 2], 'a'), kind: 'noisy' }, exact([1, 2], [2, 3], 'a')],
  });
  expect(paths(shared, 'line-0')).toHaveLength(2);
  expect(legendOf(shared)).toEqual(['a', 'train', 'val']);
  const series = Array.from({ length: MAX_STYLES + 3 }, (_, index) => exact([1, 2], [index, index], `run ${index}`));
  const svg = await draw('t', { kind: 'lines', yLabel: 'y', series });
  expect(paths(svg, 'ink')).toHaveLength(3);
  expect(legendOf(svg).slice(-2)).toEqual(['run 23', '3 more']);
  const looks = captures(svg, /<g ([^>]*) class="line-\d" aria-label="line">/g);
  expect(new Set(looks).size).toBe(MAX_STYLES);
});

test('bars draw heights and references in proportion', async () => {
  const svg = await draw('recall', {
    kind: 'bars',
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

test('schedules hold each value until the next and name the peak', async () => {
  const svg = await draw('learning rate', {
    kind: 'schedule',
    series: [{ label: 'all', x: [0, 100, 200], y: [0.001, 0.002, 0.0005] }],
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
  const series = [{ label: hostile, x: [1], y: [1] }];
  const names = [hostile, 'b'];
  const bins = { edges: [0, 1, 2], counts: [1, 2] };
  const panels: Panel[] = [
    { kind: 'lines', title: hostile, yLabel: hostile, xLabel: hostile, series },
    { kind: 'schedule', title: hostile, yLabel: hostile, xLabel: hostile, series: [...series, ...series] },
    { kind: 'bars', yLabel: hostile, referenceLabel: hostile, bars: [{ label: hostile, group: hostile, value: 1, reference: 0.5 }] },
    { kind: 'shares', yLabel: hostile, xLabel: hostile, series },
    { kind: 'histogram', xLabel: hostile, histogram: bins },
    { kind: 'histograms', xLabel: hostile, yLabel: hostile, x: [1, 2], histograms: [bins, bins] },
    { kind: 'histograms', style: 'ridges', xLabel: hostile, yLabel: hostile, x: [1, 2], histograms: [bins, bins] },
    { kind: 'matrix', matrix: { rows: names, columns: names, values: [[1, 2], [3, 4]], rowLabel: hostile, columnLabel: hostile } },
    { kind: 'alignment', title: hostile, xLabel: hostile, x: [1], diagMean: [1], simMean: [1], gap: [1], snr: [1] },
    { kind: 'scatter', xLabel: hostile, yLabel: hostile, points: [{ x: hostile, y: 1, group: hostile }, { x: 'b', y: 2, group: 'b' }] },
    { kind: 'map', title: hostile, xLabel: hostile, yLabel: hostile, points: [{ x: 1, y: 2, group: hostile, sign: hostile, label: hostile, link: hostile }, { x: 2, y: 1, group: 'b' }] },
    { kind: 'timeline', xLabel: hostile, lanes: [{ label: hostile, spans: [{ label: hostile, start: 0, end: 1 }] }] },
    { kind: 'parts', xLabel: hostile, rows: [{ label: hostile, parts: { [hostile]: 1 } }] },
  ]; // biome-ignore format: a table
  const svg = await figure({ title: hostile, subtitle: hostile, panels }).toSvg();
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
  expect(svg).not.toContain('<script');
  expect(svg.match(/class="panel"/g)).toHaveLength(panels.length + 1); // alignment has two
  // The PNG renderer's parser accepts only well-formed XML.
  const png = Buffer.from(await renderPng(svg, { scale: 0.5 }));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  await expect(renderPng('<svg xmlns="http://www.w3.org/2000/svg"><text>&</text></svg>')).rejects.toThrow(/XML/);
});

test.each(['heat', 'ridges'] as const)(
  'histograms over time as %s are cut to what most moments need, and say so',
  async (style) => {
    const widths = [100, ...new Array<number>(9).fill(1)];
    const histograms = widths.map((width) => ({ edges: [-width, width], counts: [1000] }));
    const svg = await draw('t', { kind: 'histograms', style, x: widths.map((_, index) => index), histograms });
    const said = svg.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(said).toContain('the axis is cut: values go from -100 to 100, those outside are counted at its ends');
    expect(said).toMatch(/ -2 .* 2 /);
    expect(said).not.toMatch(/ -?50 /);
    const same = await draw('t', { kind: 'histograms', style, x: [0, 1], histograms: histograms.slice(0, 2) });
    expect(same).not.toContain('the axis is cut');
  },
);

const nothing: [kind: string, panel: Panel][] = [
  ['lines', { kind: 'lines', yLabel: 'y', series: [] }],
  ['lines of nothing', { kind: 'lines', yLabel: 'y', yScale: 'log', series: [{ label: 'a', x: [], y: [] }] }],
  ['lines of NaN', { kind: 'lines', yLabel: 'y', series: [exact([1, 2], [Number.NaN, Number.POSITIVE_INFINITY])] }],
  ['schedule', { kind: 'schedule', series: [] }],
  ['bars', { kind: 'bars', yLabel: 'y', bars: [] }],
  ['shares', { kind: 'shares', yLabel: 'y', series: [] }],
  ['histogram', { kind: 'histogram', histogram: { edges: [], counts: [] } }],
  ['histograms', { kind: 'histograms', x: [], histograms: [] }],
  ['ridges', { kind: 'histograms', style: 'ridges', x: [1], histograms: [{ edges: [0, 1], counts: [0] }] }],
  ['matrix', { kind: 'matrix', matrix: { rows: [], columns: [], values: [] } }],
  ['scatter', { kind: 'scatter', xLabel: 'x', yLabel: 'y', points: [] }],
  ['timeline', { kind: 'timeline', lanes: [] }],
  ['parts', { kind: 'parts', rows: [] }],
];
test.each(nothing)('a picture of %s without values says so', async (_, panel) => {
  const svg = await draw('t', panel);
  expect(svg).toContain('>no values<');
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test('renderPng() draws at the scale that it is given, on light or dark paper', async () => {
  const picture = figure({
    title: 'lr',
    panels: [{ kind: 'schedule', series: [{ label: 'a', x: [1, 2], y: [1, 2] }] }],
  });
  const size = (await picture.toSvg()).match(/viewBox="0 0 (\d+) (\d+)"/)!;
  const { default: sharp } = await import('sharp');
  const corner = async (theme: 'light' | 'dark'): Promise<number[]> => {
    const png = Buffer.from(await picture.toPng({ scale: 3, theme }));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([Number(size[1]) * 3, Number(size[2]) * 3]);
    return [...(await sharp(png).extract({ left: 4, top: 4, width: 1, height: 1 }).removeAlpha().raw().toBuffer())];
  };
  expect(await corner('light')).toEqual([255, 255, 255]);
  expect(await corner('dark')).toEqual([0x12, 0x16, 0x1c]);
  await expect(picture.toPng({ scale: 0 })).rejects.toThrow('expected a scale above 0 and up to 20, got 0');
  await expect(picture.toPng({ size: 3 } as never)).rejects.toThrow('got "size"');
});

test('figure() tells every problem of its description at once, by path', () => {
  const options = {
    title: 5,
    colums: 2,
    panels: [
      { kind: 'lines', yLabel: 'y', series: [{ label: 'a', x: [1, 2], y: [1] }], smoth: 3 },
      { kind: 'pie' },
      { kind: 'histograms', x: [2, 1], histograms: [{ edges: [0], counts: [1] }] },
      { kind: 'matrix', matrix: { rows: ['a'], columns: ['b'], values: [[1, 2]] } },
      { kind: 'scatter', xLabel: 'x', yLabel: 'y', points: [{ x: 1, y: '2' }] },
    ],
  };
  let message = '';
  try {
    figure(options as never);
  } catch (error) {
    message = (error as TypeError).message;
  }
  expect(message.split('\n')).toEqual([
    'Cannot draw a figure:',
    '  title: expected a text, got 5',
    '  panels[0].series[0].y: expected as many values as x has, got a list of 1',
    '  panels[0].smoth: expected no such option, got 3',
    '  panels[1].kind: expected one of lines, schedule, bars, shares, histogram, histograms, matrix, alignment, scatter, map, timeline, parts, got "pie"',
    '  panels[2].x: expected a list of rising numbers, got a list of 2',
    '  panels[2].histograms[0].edges: expected one entry more than counts has, got a list of 1',
    '  panels[3].matrix.values: expected a list for each row with a number for each column, got a list of 1',
    '  panels[4].points[0].y: expected a number, got "2"',
    '  colums: expected no such option, got 2',
  ]);
});
