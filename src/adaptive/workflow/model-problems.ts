// What is wrong with the section `model` of a workflow.

import { ConfigError } from '../../errors.ts';
import { modelParts } from '../../models/parts.ts';
import { scope } from '../../tensor/index.ts';
import { describeUnknown, describeValue } from '../../trainer/config/problems.ts';
import { camelCased } from '../../trainer/parts/part-options.ts';
import { Registry } from '../../trainer/parts/registry.ts';
import { readFields } from '../config/fields.ts';
import { DATA_ENTRIES } from './data-kinds.ts';
import { type LayeredModelConfig, ModelBuilder } from './model-builder.ts';
import { describeChoice } from './name-choice.ts';
import { unreadProblems } from './workflow-defaults.ts';
import type { WorkflowFields, WorkflowModel } from './workflow-fields.ts';

/** Models that a workflow makes by itself. */
export const OWN_MODELS = ['adaptive', 'mlp', 'simple_cnn', 'layers'];
/** Activations between layers, by the names of layers. */
const ACTIVATIONS = ['relu', 'leaky_relu', 'elu', 'selu', 'gelu', 'sigmoid', 'tanh'];

/** Fields of `AdaptiveConfig` that the section's own fields do not say. */
const ADAPTIVE_PARAMS = [
  ...['spatialDim', 'energyDecay', 'activityThreshold', 'connectionRadius', 'adaptationRate', 'circadianPeriod'],
  ...['phaseWeights', 'dtype', 'stochasticPolicy', 'aliasedPhases', 'evaluationMovesState'],
];
/** What adaptiveneuralnetwork's files have beside, and its network does not. */
const ADAPTIVE_REASONS: Readonly<Record<string, string>> = {
  useAttention: 'no equation of the network has attention',
  numLayers: 'the network is one layer of nodes; give it more of them by num_nodes',
};

const OTHERS = ['inputDim', 'hiddenDim', 'numNodes', 'dropout', 'activation'] as const;

/** One line a problem, under the names of fields in camelCase. */
export function modelProblems({ model, dataset }: WorkflowFields): string[] {
  const reader = `the model "${model.name}"`;
  const problems: string[] = [];
  if (model.outputDim < 2) problems.push(`model.outputDim: expected an integer above 1, got ${model.outputDim}`);
  switch (model.name) {
    case 'adaptive':
      problems.push(...unreadProblems('model', model, { names: ['activation'], reader }), ...adaptiveProblems(model));
      break;
    case 'mlp':
    case 'simple_cnn': {
      problems.push(...unreadProblems('model', model, { names: ['numNodes'], reader }), ...layerParams(model));
      const kind = DATA_ENTRIES[dataset.name]?.kind;
      if (model.name === 'simple_cnn' && kind !== undefined && kind !== 'pictures' && kind !== 'digits')
        problems.push(
          `model.name: expected a model of rows for "${dataset.name}", got "simple_cnn"; name mlp or adaptive`,
        );
      break;
    }
    case 'layers':
      problems.push(...unreadProblems('model', model, { names: OTHERS.slice(1), reader }), ...listProblems(model));
      break;
    default:
      problems.push(...unreadProblems('model', model, { names: OTHERS, reader }), ...namedProblems(model));
  }
  return problems;
}

function adaptiveProblems({ hiddenDim, dropout, modelParams }: WorkflowModel): string[] {
  const problems: string[] = [];
  if (hiddenDim < 2) problems.push(`model.hiddenDim: expected an integer above 1 of "adaptive", got ${hiddenDim}`);
  if (dropout === 1) problems.push('model.dropout: expected a number below 1, got 1');
  const known: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(modelParams)) {
    const [path, name] = [`model.modelParams.${key}`, camelCased(key)];
    const reason = ADAPTIVE_REASONS[name];
    if (reason !== undefined)
      problems.push(`${path}: expected nothing beside "adaptive", got ${describeValue(value)}; ${reason}`);
    else if (ADAPTIVE_PARAMS.includes(name)) known[key] = value;
    else problems.push(`${path}: ${describeUnknown(key, ADAPTIVE_PARAMS)}`);
  }
  const lines: string[] = [];
  readFields(known, lines);
  return [...problems, ...lines.map((line) => `model.modelParams.${line}`)];
}

function layerParams({ name, activation, modelParams }: WorkflowModel): string[] {
  const problems: string[] = [];
  if (!ACTIVATIONS.includes(activation)) problems.push(`model.activation: ${describeChoice(activation, ACTIVATIONS)}`);
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
  const [only, wanted, fits] =
    name === 'mlp'
      ? (['numLayers', 'an integer above 0', isCount] as const)
      : ([
          'channels',
          'a list of integers above 0',
          (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isCount),
        ] as const);
  for (const [key, value] of Object.entries(modelParams)) {
    const path = `model.modelParams.${key}`;
    if (camelCased(key) !== only) problems.push(`${path}: ${describeUnknown(key, [only])}`);
    else if (!fits(value)) problems.push(`${path}: expected ${wanted}, got ${describeValue(value)}`);
  }
  return problems;
}

function listProblems({ modelParams }: WorkflowModel): string[] {
  const { layers, file, ...rest } = modelParams;
  const known = ['layers', 'file', 'seed'];
  const problems = Object.keys(rest)
    .filter((key) => !known.includes(key))
    .map((key) => `model.modelParams.${key}: ${describeUnknown(key, known)}`);
  if ((layers === undefined) === (file === undefined))
    return [
      ...problems,
      `model.modelParams: expected layers, a list, or file, its place, got ${layers === undefined ? 'neither' : 'both'}`,
    ];
  if (file !== undefined)
    return typeof file === 'string'
      ? problems
      : [...problems, `model.modelParams.file: expected the place of a file, got ${describeValue(file)}`];
  return [...problems, ...builderProblems({ layers, seed: rest.seed }, 'model.modelParams')];
}

/** What is wrong with a list of layers, by building it. */
export function builderProblems(config: object, path: string): string[] {
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
  try {
    scope(() => void new ModelBuilder({ seed: 0 }).buildFromConfig(given as LayeredModelConfig));
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((line) => `${path}.${line}`);
  }
}

/** Of a model that configuration files can name. */
function namedProblems({ name, modelParams }: WorkflowModel): string[] {
  const registry = new Registry().add(modelParts, 'sconce/models');
  if (!registry.has('model', name)) {
    const names = [...OWN_MODELS, ...registry.names('model')];
    return [`model.name: ${describeChoice(name, names)}`];
  }
  return registry
    .check('model', { ...modelParams, type: name })
    .map(({ path, text }) => `${['model.modelParams', ...path].join('.')}: ${text}`);
}
