// Fields that do not go together, and fields that are right and change nothing beside the others.

import { loggerProblems, unusedLoggerFields } from '../logging/logger-types.ts';
import { isMixed } from '../loop/precision.ts';
import { describeValue } from './problems.ts';
import type { GenericTrainerConfig } from './types.generated.ts';

/** One line for every field that another one contradicts. */
export function crossFieldProblems(given: GenericTrainerConfig): string[] {
  return [
    ...performanceProblems(given),
    ...validationProblems(given),
    ...trialProblems(given),
    ...cadenceProblems(given),
    ...checkpointProblems(given),
    ...averagingProblems(given),
    ...hookProblems(given),
    ...loggerProblems(given.logging ?? {}),
  ];
}

function performanceProblems({ performance = {} }: GenericTrainerConfig): string[] {
  const { useAmp, precision } = performance;
  if (useAmp === undefined || precision === undefined || useAmp === isMixed(precision)) return [];
  return [
    `performance.useAmp: expected nothing, or ${!useAmp} beside precision "${precision}", got ${useAmp}; precision alone says it`,
  ];
}

function validationProblems({ validation = {}, valLoaderConfig = {} }: GenericTrainerConfig): string[] {
  const { frequency = 'per_epoch', everyNSteps, everyNMinutes } = validation;
  const problems: string[] = [];
  const counts = {
    everyNSteps: ['every_n_steps', everyNSteps],
    everyNMinutes: ['every_n_minutes', everyNMinutes],
  } as const;
  for (const [field, [its, value]] of Object.entries(counts)) {
    if (frequency === its && value === undefined)
      problems.push(`validation.${field}: expected a number above 0 with frequency "${its}", got none`);
    if (frequency !== its && value !== undefined)
      problems.push(
        `validation.${field}: expected none with frequency "${frequency}", got ${value}; set validation.frequency to "${its}"`,
      );
  }
  const names = valLoaderConfig.dataloaderNames ?? [];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    problems.push(`valLoaderConfig.dataloaderNames: expected names that differ, got "${twice}" twice`);
  return problems;
}

/** What one of the hooks says, and another field says too. */
function hookProblems({ hooks = {}, checkpoint = {} }: GenericTrainerConfig): string[] {
  const problems: string[] = [];
  const taken = { monitorMetric: 'monitor', monitorMode: 'mode', keepTopK: 'saveTopK' } as const;
  for (const [field, its] of Object.entries(taken)) {
    const value = checkpoint[field as keyof typeof taken];
    if (hooks.enableModelCheckpointHook === true && value !== undefined)
      problems.push(
        `checkpoint.${field}: expected none beside hooks.enableModelCheckpointHook, got ${describeValue(value)}; write hooks.modelCheckpointConfig.${its}`,
      );
  }
  const { interval, everyNSteps } = hooks.learningRateMonitorConfig ?? {};
  if (interval === 'epoch' && everyNSteps !== undefined)
    problems.push(
      `hooks.learningRateMonitorConfig.everyNSteps: expected none with interval "epoch", got ${everyNSteps}`,
    );
  return problems;
}

/** Two names of one field that say different things. */
function trialProblems(given: GenericTrainerConfig): string[] {
  const { dryRun, fastDevRun, debugMode, detectAnomaly, overfitBatches, preemption = {} } = given;
  const problems: string[] = [];
  if (dryRun === true && fastDevRun !== undefined && fastDevRun !== true)
    problems.push(
      `fastDevRun: expected nothing, or true beside dryRun true, got ${fastDevRun}; fastDevRun alone says it`,
    );
  if (debugMode === true && detectAnomaly === false)
    problems.push(
      'detectAnomaly: expected nothing, or true beside debugMode true, got false; detectAnomaly alone says it',
    );
  if (overfitBatches !== undefined && (dryRun === true || (fastDevRun ?? false) !== false))
    problems.push(
      `overfitBatches: expected none beside ${dryRun === true ? 'dryRun' : 'fastDevRun'}, got ${overfitBatches}`,
    );
  if (preemption.signal !== undefined && preemption.signals !== undefined)
    problems.push(`preemption.signal: expected none beside signals, got "${preemption.signal}"; list it there`);
  return problems;
}

function cadenceProblems({ logEveryNSteps, logLossEveryNSteps, logging = {} }: GenericTrainerConfig): string[] {
  const names = { logEveryNSteps, logLossEveryNSteps, 'logging.logScalarsEveryNSteps': logging.logScalarsEveryNSteps };
  const [first, ...others] = Object.entries(names).filter(([, value]) => value !== undefined);
  return others
    .filter(([, value]) => value !== first![1])
    .map(
      ([path, value]) =>
        `${path}: expected nothing, or ${first![1]} as ${first![0]} says, got ${value}; there is one cadence`,
    );
}

function checkpointProblems({ checkpoint = {} }: GenericTrainerConfig): string[] {
  const { keepTopK, saveBest, monitorMetric, filenameTemplate } = checkpoint;
  const problems: string[] = [];
  if (keepTopK !== undefined && monitorMetric === undefined)
    problems.push(
      `checkpoint.keepTopK: expected checkpoint.monitorMetric beside it, which says what is best, got ${keepTopK} alone`,
    );
  if (keepTopK !== undefined && saveBest === false)
    problems.push(`checkpoint.keepTopK: expected none with saveBest false, got ${keepTopK}`);
  if (filenameTemplate !== undefined && !isTemplate(filenameTemplate))
    problems.push(
      `checkpoint.filenameTemplate: expected the name of a file with {epoch} and {step}, as "epoch_{epoch:03d}_step_{step:06d}.ckpt", got ${describeValue(filenameTemplate)}`,
    );
  return problems;
}

function isTemplate(template: string): boolean {
  const rest = template.replaceAll(/\{(?:(?:epoch|step|timestamp)(?::0?\d+d)?|\w+:\.\d+f)\}/g, '');
  return /\{epoch[:}]/.test(template) && /\{step[:}]/.test(template) && !/[{}/\\]/.test(rest);
}

function averagingProblems({ averaging }: GenericTrainerConfig): string[] {
  const { kind, decay, everyNSteps, startStep, everyNEpochs, startEpoch } = averaging ?? {};
  const problems: string[] = [];
  if (kind === 'swa' && decay !== undefined)
    problems.push(`averaging.decay: expected none with kind "swa", whose weights all count the same, got ${decay}`);
  const isBySteps = everyNSteps !== undefined || startStep !== undefined;
  for (const [name, epochs] of Object.entries({ everyNEpochs, startEpoch }))
    if (isBySteps && epochs !== undefined)
      problems.push(`averaging.${name}: expected none beside steps, got ${epochs}`);
  return problems;
}

/** One line for every field that changes nothing. */
export function crossFieldWarnings(given: GenericTrainerConfig): string[] {
  const { checkpoint = {}, validation = {}, hooks = {} } = given;
  const { frequency = 'per_epoch', earlyStoppingSource } = validation;
  const isEarly = given.earlyStoppingPatience !== undefined;
  const unused: Readonly<Record<string, boolean>> = {
    'checkpoint.monitorMode changes nothing without checkpoint.monitorMetric':
      checkpoint.monitorMode !== undefined && checkpoint.monitorMetric === undefined,
    'checkpoint.saveBest changes nothing without checkpoint.monitorMetric':
      checkpoint.saveBest === true && checkpoint.monitorMetric === undefined,
    [`validateEveryNEpochs changes nothing with validation.frequency "${frequency}"`]:
      given.validateEveryNEpochs !== undefined && frequency !== 'per_epoch',
    'earlyStoppingMetric changes nothing without earlyStoppingPatience':
      given.earlyStoppingMetric !== undefined && !isEarly,
    'earlyStoppingMode changes nothing without earlyStoppingPatience':
      given.earlyStoppingMode !== undefined && !isEarly,
    'earlyStoppingMinDelta changes nothing without earlyStoppingPatience':
      given.earlyStoppingMinDelta !== undefined && !isEarly,
    'earlyStoppingPatience changes nothing with validation.earlyStoppingSource "hook"':
      isEarly && earlyStoppingSource === 'hook',
    'hooks.earlyStoppingConfig changes nothing without hooks.enableEarlyStoppingHook':
      hooks.earlyStoppingConfig !== undefined && hooks.enableEarlyStoppingHook !== true,
    'hooks.gradientMonitorConfig changes nothing without hooks.enableGradientMonitor':
      hooks.gradientMonitorConfig !== undefined && hooks.enableGradientMonitor !== true,
    'logging.logHistogramsEveryNSteps changes nothing without logging.logGradients or logging.logModelParameters':
      given.logging?.logHistogramsEveryNSteps !== undefined &&
      given.logging.logGradients !== true &&
      given.logging.logModelParameters !== true,
    'hooks.modelCheckpointConfig changes nothing without hooks.enableModelCheckpointHook':
      hooks.modelCheckpointConfig !== undefined && hooks.enableModelCheckpointHook !== true,
    'hooks.learningRateMonitorConfig changes nothing without hooks.enableLearningRateMonitor':
      hooks.learningRateMonitorConfig !== undefined && hooks.enableLearningRateMonitor !== true,
    'hooks.enableEarlyStoppingHook changes nothing with validation.earlyStoppingSource "legacy"':
      hooks.enableEarlyStoppingHook === true && earlyStoppingSource === 'legacy',
    ...unusedLoggerFields(given.logging ?? {}),
  };
  return Object.keys(unused).filter((message) => unused[message]);
}
