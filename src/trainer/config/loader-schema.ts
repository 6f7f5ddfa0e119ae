// How several loaders take turns, as a configuration says it.

import { z } from 'zod';
import { belowOne, count, flag, fraction, index, listOf, oneOf, only, positive, section, text } from './fields.ts';
import { wanted } from './problems.ts';

export const weightPoint = z
  .strictObject(
    {
      batch: index.describe('The number of batches before it, over all epochs'),
      weights: listOf(z.number(wanted('a number')), 'numbers, one a loader').describe('One number a loader'),
    },
    wanted('a { batch, weights }'),
  )
  .describe('Shares from one batch on');

export const weightSchedule = z
  .strictObject(
    {
      points: listOf(weightPoint, '{ batch, weights }').describe('By rising `batch`'),
      interpolation: oneOf('linear', 'cosine', 'step')
        .optional()
        .describe("From one point to the next, default 'linear'"),
    },
    wanted('an object with points'),
  )
  .describe('Shares of loaders that change over the training');

export const lossMix = section({
  temperature: positive.optional().describe('Smaller reacts more strongly, default 0.1'),
  smoothing: belowOne
    .optional()
    .describe('How much of the losses before is kept in the smoothed one, in [0, 1); default 0.5'),
  floor: fraction.optional().describe('The part of its original share that every loader keeps, in [0, 1]; default 0.1'),
}).describe('How strongly shares follow the losses of validation; formula at `LossMixOptions`');

export const multiLoader = section({
  samplingStrategy: oneOf('sequential', 'round_robin', 'weighted', 'alternating')
    .default('round_robin')
    .describe('Who plays next'),
  dataloaderWeights: listOf(positive, 'numbers above 0')
    .optional()
    .describe("Strategy 'weighted': one number above 0 a loader"),
  temperature: positive
    .optional()
    .describe(
      "Strategy 'weighted', in place of weights: shares proportional to size^(1 / temperature); 1 is proportional, a greater one gives more to small loaders",
    ),
  datasetSizes: listOf(positive, 'numbers above 0')
    .optional()
    .describe("The sizes that `temperature` goes by. Default: the loaders' batches an epoch"),
  weightSchedule: weightSchedule
    .optional()
    .describe("Strategy 'weighted', in place of weights: shares that change over the training"),
  lossMix: lossMix
    .optional()
    .describe(
      "Strategy 'weighted': more turns for loaders whose validation loss falls slowest. Needs a validation loader for each training loader, in their order",
    ),
  alternatingPattern: listOf(index, 'loader numbers')
    .optional()
    .describe("Strategy 'alternating': loader numbers, repeated"),
  dataloaderNames: listOf(text, 'names').optional().describe('Default dl0, dl1, …'),
  epochLengthPolicy: oneOf('sum_of_lengths', 'max_of_lengths', 'min_of_lengths', 'fixed_num_steps')
    .default('sum_of_lengths')
    .describe('How many batches an epoch has'),
  stepsPerEpoch: count.optional().describe("Policy 'fixed_num_steps': batches in an epoch"),
  cycleShortLoaders: flag.default(true).describe('A loader that is through plays again'),
  burstSize: count.default(1).describe("Batches in a row from one loader; not for 'sequential'"),
  maxBatchesPerEpoch: count.optional().describe('An epoch ends after so many batches at most'),
  prefetchCapTotalBatches: count
    .optional()
    .describe('The same by the name that model-training-framework gives it, though it is not about fetching ahead'),
}).describe('How several training loaders take turns');

export const valLoaders = section({
  samplingStrategy: only('sequential', 'a validation goes through its loaders one after the other')
    .default('sequential')
    .describe('Each loader to its end, then the next'),
  epochLengthPolicy: only('sum_of_lengths', 'a validation takes every batch of every loader')
    .default('sum_of_lengths')
    .describe('Every batch of every loader; `validation.limitBatches` takes fewer'),
  dataloaderNames: listOf(text, 'names')
    .optional()
    .describe('Default: `val_` and the name of the training loader at that place'),
}).describe('The validation loaders');
