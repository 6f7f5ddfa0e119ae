// The signs and the number of groups that a map can tell apart.
import { seriesColors } from '../palette.ts';

/** Outlines around the origin, all of about one area: a disc, a triangle, a square, a diamond. */
export const MAP_SIGNS: readonly string[] = [
  'M-4,0A4,4,0,1,1,4,0A4,4,0,1,1,-4,0Z',
  'M0,-5.4L4.7,2.7H-4.7Z',
  'M-3.6,-3.6H3.6V3.6H-3.6Z',
  'M0,-5.6L4,0L0,5.6L-4,0Z',
];

/** Beyond the colours, groups have the same ones again as outlines. */
export const MAX_MAP_GROUPS = 2 * seriesColors.length;

/** The signs of some points, in their order. */
export const signsOf = (points: readonly { readonly sign?: string | undefined }[]): string[] => [
  ...new Set(points.map(({ sign = '' }) => sign)),
];
