// The pictures of the report: similarities of pictures and captions, what was taken for what, and a map of both towers' embeddings.
import { figure, type MapPoint, type Picture } from 'sconce/tracking';
import type { Catalogue, Emoji } from './data.ts';
import { type Embeddings, twoComponents } from './embed.ts';
import type { ZeroShotResult } from './zero-shot.ts';

interface Shown {
  readonly catalogue: Catalogue;
  readonly heldOut: readonly Emoji[];
  readonly files: readonly Uint8Array[];
  readonly embeddings: Embeddings;
}

const NUM_ROWS = 30;
const SIDES = { rowLabel: 'picture', columnLabel: 'caption' };

/** Cosines of some pictures and captions, the means between groups, and where zero-shot classification put the pictures. */
export async function similarityPictures(shown: Shown, zeroShot: ZeroShotResult): Promise<Picture[]> {
  const { catalogue, heldOut, embeddings } = shown;
  const cosines = embeddings.image.matmul(embeddings.text.en.t()).toArray() as number[][]; // [N, N]
  const byGroup = catalogue.groups
    .map(({ name }) => ({ name, members: heldOut.flatMap(({ group }, i) => (group === name ? [i] : [])) }))
    .filter(({ members }) => members.length > 1); // of the component "skin tone" one is held out
  const inOrder = byGroup.flatMap(({ members }) => members);
  const count = Math.min(NUM_ROWS, inOrder.length);
  const chosen = Array.from({ length: count }, (_, i) => inOrder[Math.floor(((i + 0.5) * inOrder.length) / count)]!);
  const labels = chosen.map((i) => heldOut[i]!.label);
  const values = chosen.map((i) => chosen.map((j) => shownCosine(cosines[i]![j]!)));
  const names = byGroup.map(({ name }) => name);
  const means = byGroup.map(({ members: rows }) =>
    byGroup.map(({ members: columns }) =>
      shownCosine(meanOf(rows.flatMap((i) => columns.map((j) => cosines[i]![j]!)))),
    ),
  );
  const confusion = {
    ...{ rows: zeroShot.names, columns: zeroShot.names, values: zeroShot.confusion },
    ...{ rowLabel: 'group', columnLabel: 'nearest prompts' },
  };
  const matrices = {
    similarity: ['Cosines of pictures and captions', { rows: labels, columns: labels, values, ...SIDES }, 'none'],
    similarity_of_groups: [
      'Mean cosine between groups',
      { rows: names, columns: names, values: means, ...SIDES },
      'none',
    ],
    zero_shot_groups: ['Pictures put into groups', confusion, 'row'],
  } as const;
  return Promise.all(
    Object.entries(matrices).map(async ([name, [title, matrix, normalize]]) => {
      const panels = [{ kind: 'matrix', matrix, normalize }] as const;
      return { name, svg: await figure({ title, panelWidth: 600, panels }).toSvg() };
    }),
  );
}

/** Two digits, as many as a cell has room for; what is less alike than nothing is no more than that. */
const shownCosine = (cosine: number): number => Math.max(0, Math.round(cosine * 100) / 100);

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pictures stand where they are, captions beside them as triangles. */
export async function mapOf({ heldOut, files, embeddings }: Shown): Promise<Picture> {
  const { places, shares } = twoComponents(embeddings.image, embeddings.text.en);
  const points = heldOut.flatMap(({ label, group, hexcode }, i): MapPoint[] => {
    const [picture, caption] = [places[i]!, places[heldOut.length + i]!];
    const both = { label, group, link: hexcode };
    return [
      { ...both, x: picture[0]!, y: picture[1]!, sign: 'picture', picture: files[i]! },
      { ...both, x: caption[0]!, y: caption[1]!, sign: 'caption' },
    ];
  });
  const percent = (i: number): string => `${(100 * shares[i]!).toFixed(0)} % of the variance`;
  const panel = {
    ...({ kind: 'map', points, pictureSize: 20 } as const),
    ...{ xLabel: `first component, ${percent(0)}`, yLabel: `second component, ${percent(1)}` },
  };
  const options = { title: 'Pictures and captions in one space', panelWidth: 1000, panelHeight: 760, panels: [panel] };
  return { name: 'map', svg: await figure(options).toSvg() };
}
