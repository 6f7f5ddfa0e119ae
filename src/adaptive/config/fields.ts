// The fields of an adaptive network's configuration: what each is, its default, what may stand there, and what a file says.

import { camelCased, snakeCased } from '../../config/spelling.ts';
import type { Device } from '../../tensor/device.ts';
import { isDeviceName } from '../../tensor/device.ts';
import { describeUnknown, describeValue } from '../../trainer/config/problems.ts';

/** How often each phase comes up when a node explores; the numbers need not add up to 1. */
export interface PhaseWeights {
  readonly active: number;
  readonly interactive: number;
  readonly sleep: number;
  readonly inspired: number;
}

/** What an adaptive network and its training may be told. Every field may be left out. Source: adaptiveneuralnetwork, AdaptiveConfig. */
export interface AdaptiveConfigOptions {
  /** N. Default 100. */
  readonly numNodes?: number;
  /** D, the width of a node's hidden state, above 1. Default 64. */
  readonly hiddenDim?: number;
  /** Numbers in a sample. Default 784. */
  readonly inputDim?: number;
  /** Numbers in an output. Default 10. */
  readonly outputDim?: number;
  /** Numbers in a node's position. Default 2. */
  readonly spatialDim?: number;
  /** Share of its energy that a node loses at a step, from 0 to 1. Default 0.01. */
  readonly energyDecay?: number;
  /** A node with more activity than this, and more energy than 1, counts as active in the metrics. Default 0.5. */
  readonly activityThreshold?: number;
  /** Only the default, 1: no equation connects nodes by their distance. */
  readonly connectionRadius?: number;
  /** Above 0 and below 1. Default 0.001. */
  readonly learningRate?: number;
  /** Samples. Default 64. */
  readonly batchSize?: number;
  /** Default 10. */
  readonly numEpochs?: number;
  /** How strongly a step moves a node's hidden state towards the input: the factor on the input in the equation of the hidden state. Default 0.1. */
  readonly adaptationRate?: number;
  /** Steps of one turn of the daily rhythm. Default 100. */
  readonly circadianPeriod?: number;
  /** What nodes that explore draw their phase by. Default active 0.6, interactive 0.25, sleep 0.1, inspired 0.05. */
  readonly phaseWeights?: PhaseWeights;
  /** Only 'pytorch', the default: everything runs on libtorch. */
  readonly backend?: 'pytorch';
  /** Where the network is made. Default 'cpu'. */
  readonly device?: Device;
  /** Of parameters and node state: 'float32', 'float64', 'float16' or 'bfloat16'. Default 'float32'. */
  readonly dtype?: AdaptiveDType;
  /** Decides the initial weights, the positions of nodes and what the phase scheduler draws. Default 42. */
  readonly seed?: number;
  /** Batches between two log lines of the loop. Default 100. */
  readonly logInterval?: number;
  /** Whether the loop writes checkpoints. Default true. */
  readonly saveCheckpoint?: boolean;
  /** Default 'checkpoints'. */
  readonly checkpointDir?: string;
  /** Where the loop writes its metrics at the end; null for nowhere. Default 'metrics.json'. */
  readonly metricsFile?: string | null;
  /** Only false, the default: benchmarks and consolidation are parts of their own. */
  readonly enableContinualLearning?: boolean;
  /** Only false, the default: an ablation is a run of another configuration. */
  readonly enableAblationStudy?: boolean;
  /** Whether nodes draw their phases. Without, the first rule that applies decides alone; what remains is drawn as it is. Default true. */
  readonly stochasticPolicy?: boolean;
  /** Whether all samples of a batch share one row of phases, which each of them moves on in turn, as in adaptiveneuralnetwork's code. Default false: each
   *  sample moves on from where the batch found the nodes. */
  readonly aliasedPhases?: boolean;
  /** Whether evaluation moves the state of the nodes on, as in adaptiveneuralnetwork's code. Default false: it begins at the state that training left, for
   *  each batch anew, and leaves it there. */
  readonly evaluationMovesState?: boolean;
}

export type AdaptiveDType = 'float32' | 'float64' | 'float16' | 'bfloat16';

/** All fields with their values. */
export type AdaptiveConfigFields = Required<AdaptiveConfigOptions>;

export const DEFAULTS: AdaptiveConfigFields = {
  numNodes: 100,
  hiddenDim: 64,
  inputDim: 784,
  outputDim: 10,
  spatialDim: 2,
  energyDecay: 0.01,
  activityThreshold: 0.5,
  connectionRadius: 1,
  learningRate: 0.001,
  batchSize: 64,
  numEpochs: 10,
  adaptationRate: 0.1,
  circadianPeriod: 100,
  phaseWeights: Object.freeze({ active: 0.6, interactive: 0.25, sleep: 0.1, inspired: 0.05 }),
  backend: 'pytorch',
  device: 'cpu',
  dtype: 'float32',
  seed: 42,
  logInterval: 100,
  saveCheckpoint: true,
  checkpointDir: 'checkpoints',
  metricsFile: 'metrics.json',
  enableContinualLearning: false,
  enableAblationStudy: false,
  stochasticPolicy: true,
  aliasedPhases: false,
  evaluationMovesState: false,
};

/** Fields that adaptiveneuralnetwork does not have: files hold them only where they are not the default, so that it reads our files. */
export const OWN_FIELDS: readonly string[] = ['stochasticPolicy', 'aliasedPhases', 'evaluationMovesState'];

type Rule = readonly [wanted: string, isFit: (value: unknown) => boolean, wayOut?: string];
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const count: Rule = ['an integer above 0', (value) => Number.isSafeInteger(value) && (value as number) > 0];
const number: Rule = ['a number', isNumber];
const share: Rule = ['a number from 0 to 1', (value) => isNumber(value) && value >= 0 && value <= 1];
const flag: Rule = ['true or false', (value) => typeof value === 'boolean'];
const text: Rule = ['a text that is not empty', (value) => typeof value === 'string' && value !== ''];
const DTYPES: readonly unknown[] = ['float32', 'float64', 'float16', 'bfloat16'] satisfies AdaptiveDType[];
const PHASE_NAMES = ['active', 'interactive', 'sleep', 'inspired'] as const;

const RULES: Readonly<Record<keyof AdaptiveConfigFields, Rule>> = {
  numNodes: count,
  hiddenDim: [
    'an integer above 1',
    (value) => Number.isSafeInteger(value) && (value as number) > 1,
    'the variance of one number is not defined',
  ],
  inputDim: count,
  outputDim: count,
  spatialDim: count,
  energyDecay: share,
  activityThreshold: number,
  connectionRadius: ['1', (value) => value === 1, 'no equation of the network connects nodes by their distance'],
  learningRate: [
    'a number above 0 and below 1',
    (value) => isNumber(value) && value > 0 && value < 1,
    'give the loop an optimizer of yours for another one',
  ],
  batchSize: count,
  numEpochs: count,
  adaptationRate: ['a number of at least 0', (value) => isNumber(value) && value >= 0],
  circadianPeriod: count,
  phaseWeights: [`an object of ${PHASE_NAMES.join(', ')}, each a number of at least 0`, isPhaseWeights],
  backend: ['"pytorch"', (value) => value === 'pytorch', 'everything runs on libtorch'],
  device: ['a device, such as "cpu" or "cuda"', (value) => typeof value === 'string' && isDeviceName(value)],
  dtype: [
    'one of float32, float64, float16, bfloat16',
    (value) => DTYPES.includes(value),
    'for other dtypes inside of operators, train under autocast',
  ],
  seed: ['an integer from 0 to 2^53 - 1', (value) => Number.isSafeInteger(value) && (value as number) >= 0],
  logInterval: count,
  saveCheckpoint: flag,
  checkpointDir: text,
  metricsFile: ['a text that is not empty, or null', (value) => value === null || text[1](value)],
  enableContinualLearning: [
    'false',
    (value) => value === false,
    'nothing hangs on it: use the parts for continual learning of sconce/adaptive by themselves',
  ],
  enableAblationStudy: [
    'false',
    (value) => value === false,
    'nothing hangs on it: train one model for each configuration that you compare',
  ],
  stochasticPolicy: flag,
  aliasedPhases: flag,
  evaluationMovesState: flag,
};

function isPhaseWeights(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const weights = value as Readonly<Record<string, unknown>>;
  const isWhole = PHASE_NAMES.every((name) => isNumber(weights[name]) && weights[name] >= 0);
  return isWhole && Object.keys(weights).length === PHASE_NAMES.length;
}

const isField = (name: string): name is keyof AdaptiveConfigFields => Object.hasOwn(RULES, name);

/** Reads fields in either spelling; undefined stands for the default.
 *  @param problems - takes a line for each field that is unknown or does not fit. */
export function readFields(given: unknown, problems: string[]): AdaptiveConfigFields {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    problems.push(`config: expected an object, got ${describeValue(given)}`);
    return DEFAULTS;
  }
  const isSnake = Object.keys(given).some((key) => key.includes('_'));
  const known = Object.keys(RULES).map((name) => (isSnake ? snakeCased(name) : name));
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const name = camelCased(key);
    if (!isField(name)) problems.push(`${key}: ${describeUnknown(key, known)}`);
    else if (Object.hasOwn(fields, name)) problems.push(`${key}: expected one spelling, got another, too`);
    else if (value !== undefined) {
      const [wanted, isFit, wayOut] = RULES[name];
      if (isFit(value)) fields[name] = name === 'phaseWeights' ? Object.freeze({ ...value }) : value;
      else
        problems.push(
          `${key}: expected ${wanted}, got ${describeValue(value)}${wayOut === undefined ? '' : `; ${wayOut}`}`,
        );
    }
  }
  return { ...DEFAULTS, ...fields };
}
