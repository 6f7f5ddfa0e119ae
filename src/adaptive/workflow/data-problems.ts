// What is wrong with the section `dataset` of a workflow.

import { describeUnknown, describeValue } from '../../trainer/config/problems.ts';
import { libraryParts } from '../../trainer/parts/library.ts';
import { camelCased } from '../../trainer/parts/part-options.ts';
import { Registry } from '../../trainer/parts/registry.ts';
import { DATA_ENTRIES, type DataEntry, MISSING_DATA } from './data-kinds.ts';
import { describeChoice } from './name-choice.ts';
import type { WorkflowDataset } from './workflow-fields.ts';

/** One line a problem, under the names of fields in camelCase. */
export function datasetProblems(dataset: WorkflowDataset): string[] {
  const { name, trainSplit, valSplit, testSplit } = dataset;
  const problems: string[] = [];
  const sum = trainSplit + valSplit + testSplit;
  if (trainSplit === 0) problems.push('dataset.trainSplit: expected a number above 0, got 0');
  if (Math.abs(sum - 1) > 1e-6)
    problems.push(
      `dataset.trainSplit: expected shares that add up to 1 with valSplit and testSplit, got ${trainSplit} + ${valSplit} + ${testSplit} = ${Number(sum.toFixed(6))}`,
    );
  const entry = Object.hasOwn(DATA_ENTRIES, name) ? DATA_ENTRIES[name] : undefined;
  if (!entry) {
    const known = Object.hasOwn(MISSING_DATA, name) ? MISSING_DATA[name] : undefined;
    const names = Object.keys(DATA_ENTRIES);
    problems.push(
      `dataset.name: ${known === undefined ? describeChoice(name, names) : `expected one of ${names.join(', ')}, got "${name}"; ${known}`}`,
    );
    return problems;
  }
  return [
    ...problems,
    ...pathProblems(dataset, entry),
    ...paramProblems(dataset, entry),
    ...augmentationProblems(dataset, entry),
  ];
}

function pathProblems({ name, dataPath }: WorkflowDataset, { kind, about }: DataEntry): string[] {
  if (kind === 'synthetic')
    return dataPath === undefined
      ? []
      : [`dataset.dataPath: expected nothing beside "synthetic", which is made, got "${dataPath}"; leave it out`];
  if (dataPath !== undefined || kind === 'pictures' || kind === 'digits') return [];
  return [
    `dataset.dataPath: expected the place of "${name}", got none; ${about}. Nothing is downloaded: fetch it yourself, or name a data set that is there, as synthetic`,
  ];
}

type ParamRule = readonly [wanted: string, fits: (value: unknown) => boolean];
const text: ParamRule = ['a text', (value) => typeof value === 'string' && value !== ''];
const PARAM_RULES: Readonly<Record<string, ParamRule>> = {
  channels: ['1 or 3', (value) => value === 1 || value === 3],
  numSamples: ['an integer above 0', (value) => Number.isSafeInteger(value) && (value as number) > 0],
  noise: ['a number from 0 on', (value) => typeof value === 'number' && value >= 0],
  target: text,
  text,
  inputs: [
    'a list of columns',
    (value) => Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string'),
  ],
};

function paramProblems({ name, datasetParams }: WorkflowDataset, { params }: DataEntry): string[] {
  const problems = Object.entries(datasetParams).flatMap(([key, value]) => {
    const path = `dataset.datasetParams.${key}`;
    if (!params.includes(camelCased(key))) return [`${path}: ${describeUnknown(key, params)}`];
    const [wanted, fits] = PARAM_RULES[camelCased(key)]!;
    return fits(value) ? [] : [`${path}: expected ${wanted}, got ${describeValue(value)}`];
  });
  const both = ['text', 'inputs'].every((key) => datasetParams[key] !== undefined);
  if (both)
    problems.push(
      `dataset.datasetParams.inputs: expected none beside text, got some; "${name}" is read as text or as columns`,
    );
  return problems;
}

const registry = (): Registry => new Registry().add(libraryParts, 'Sconce');

function augmentationProblems(
  { name, augmentation, augmentationParams }: WorkflowDataset,
  { kind }: DataEntry,
): string[] {
  if (!augmentation) return [];
  if (kind !== 'pictures' && kind !== 'digits')
    return [`dataset.augmentation: expected false for "${name}", which has no pictures, got true`];
  const transforms = Object.entries(augmentationParams);
  if (transforms.length === 0)
    return [
      'dataset.augmentationParams: expected a transform by name, as { random_crop: { size: 28, padding: 2 } }, got none',
    ];
  const known = registry();
  return transforms.flatMap(([type, options]) => {
    const path = `dataset.augmentationParams.${type}`;
    if (typeof options !== 'object' || options === null || Array.isArray(options))
      return [`${path}: expected an object of options, got ${describeValue(options)}`];
    return known
      .check('transform', { ...options, type })
      .map(({ path: inner, text }) => `${[path, ...inner.filter((key) => key !== 'type')].join('.')}: ${text}`);
  });
}
