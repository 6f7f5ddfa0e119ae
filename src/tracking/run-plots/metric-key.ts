// What the key of a metric says: of which phase and loader it is, whether of a whole epoch, and in which chapter of pictures it belongs.

/** The chapters of a run's pictures, in their order. */
export const CHAPTERS = [
  'metrics',
  'schedule',
  'shares',
  'alignment',
  'features',
  'gradients',
  'profile',
  'system',
] as const;

export type Chapter = (typeof CHAPTERS)[number];

/** A metric's key in its parts: `epoch_summary/train/dl_a/loss` is `loss` of loader `a` in phase `train`, of a whole epoch. So is `train_loss` of a trainer whose values are called that. */
export interface MetricKey {
  readonly key: string;
  readonly isOfEpoch: boolean;
  readonly phase: string | undefined;
  readonly loader: string | undefined;
  /** What is measured. Equal names of several phases and loaders make one picture. */
  readonly name: string;
  readonly chapter: Chapter;
}

const ALIGNMENT: Readonly<Record<string, AlignmentPart>> = {
  diag_mean: 'diagMean', diag_similarity: 'diagMean',
  sim_mean: 'simMean', mean_similarity: 'simMean',
  gap: 'gap', alignment_gap: 'gap',
  snr: 'snr', alignment_snr: 'snr', signal_to_noise: 'snr',
}; // biome-ignore format: pairs

export type AlignmentPart = 'diagMean' | 'simMean' | 'gap' | 'snr';

/** Which of the four numbers of an alignment a name is, and what it is the alignment of. */
export function alignmentPart(name: string): { part: AlignmentPart; of: string } | undefined {
  const at = Math.max(name.lastIndexOf('/'), name.lastIndexOf('.'));
  const part = ALIGNMENT[name.slice(at + 1)];
  return part === undefined || !Object.hasOwn(ALIGNMENT, name.slice(at + 1))
    ? undefined
    : { part, of: name.slice(0, Math.max(0, at)) };
}

const FIRST: Readonly<Record<string, Chapter>> = {
  profile: 'profile', system: 'system', device: 'system', memory: 'system', throughput: 'system',
  momentum: 'schedule',
  weight_decay: 'schedule',
  features: 'features',
  balancing: 'gradients',
  loader_proportions: 'shares', loader_counts: 'shares',
  gradients: 'gradients', gradient: 'gradients', grad: 'gradients', parameters: 'gradients', params: 'gradients', updates: 'gradients', weights: 'gradients',
}; // biome-ignore format: pairs

/** Takes a key apart. */
export function parseMetricKey(key: string): MetricKey {
  const isOfEpoch = key.startsWith('epoch_summary/');
  let rest = isOfEpoch ? key.slice('epoch_summary/'.length) : key;
  const [, phase] = /^(train|val|validation|test)[/_]/.exec(rest) ?? [];
  if (phase !== undefined) rest = rest.slice(phase.length + 1);
  const [, loader] = /^dl_([^/]*)\//.exec(rest) ?? [];
  if (loader !== undefined) rest = rest.slice(loader.length + 4);
  return { key, isOfEpoch, phase, loader, name: rest, chapter: chapterOf(rest) };
}

function chapterOf(name: string): Chapter {
  if (/^(?:lr|learning_rate)(?:\b|_|\d|$)/.test(name)) return 'schedule';
  const [first = ''] = name.split('/');
  if (Object.hasOwn(FIRST, first)) return FIRST[first]!;
  if (/^(?:grad(?:ient)?s?|param(?:eter)?s?|update)_/.test(name)) return 'gradients';
  return alignmentPart(name) === undefined ? 'metrics' : 'alignment';
}
