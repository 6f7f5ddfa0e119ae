// A tower that a loss runs itself, on what the model was given: which input is whose, and what has to come out.

import { ShapeError } from '../../errors.ts';
import type { Module } from '../../nn/module.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { DataHandler } from '../batches/data-handler.ts';
import type { Rule } from './loss-options.ts';
import type { LossInputs } from './multimodal-loss.ts';

/** Picks a tower's argument from what the model was given. */
export type TowerInput = (inputs: Readonly<Record<string, unknown>>) => unknown;

/** Where a loss that runs towers itself finds their arguments. */
export interface TowerInputOptions {
  /** The vision tower's argument. Default `inputs.images`. */
  readonly visionInput?: TowerInput | undefined;
  /** The text tower's argument. Default `inputs.textData`. */
  readonly textInput?: TowerInput | undefined;
}

export interface ModelInputOptions extends TowerInputOptions {
  /** The whole model's argument, where a whole model is run. Default: what a `DataHandler` makes of `inputs`. */
  readonly modelInput?: TowerInput | undefined;
}

export const aFunction: Rule = ['a function', (value) => typeof value === 'function'];
export const aModule: Rule = ['a module', (value) => typeof (value as Partial<Module> | null)?.forward === 'function'];

export const DEFAULT_INPUTS = {
  vision: (inputs: Readonly<Record<string, unknown>>): unknown => inputs.images ?? inputs.image,
  text: (inputs: Readonly<Record<string, unknown>>): unknown => inputs.textData ?? inputs.text_data ?? inputs.text,
};

/** What a tower makes of its part of the model's inputs. Shape: [B, D].
 *  @throws {TypeError} where the loss was not given what the model was, or the tower's part is not there, or no tensor comes out.
 *  @throws {ShapeError} unless it has the shape of `like`. */
export function runTower(
  loss: string,
  name: 'vision' | 'text',
  tower: Module,
  given: LossInputs,
  pick: TowerInput,
  like: Tensor,
): Tensor {
  const inputs = inputsOf(loss, given);
  const input = pick(inputs);
  if (input === undefined)
    throw new TypeError(
      `Cannot compute ${loss}: expected the ${name} tower's argument among inputs, got ${Object.keys(inputs).join(', ') || 'none'}; say where it is with ${name}Input`,
    );
  const features = (tower as { forward(input: unknown): unknown }).forward(input);
  if (!(features instanceof Tensor))
    throw new TypeError(`Cannot compute ${loss}: expected a tensor from the ${name} tower, got ${typeof features}`);
  return alike(loss, name, features, like);
}

function alike(loss: string, name: string, features: Tensor, like: Tensor): Tensor {
  if (String(features.shape) !== String(like.shape))
    throw new ShapeError(
      `Cannot compute ${loss}: expected ${name} features of [${like.shape.join(', ')}] from the copy, got [${features.shape.join(', ')}]`,
    );
  return features;
}

function inputsOf(loss: string, { inputs }: LossInputs): Readonly<Record<string, unknown>> {
  if (inputs === undefined)
    throw new TypeError(`Cannot compute ${loss}: expected inputs, what the model was given, got none`);
  return inputs;
}

/** The features of both sides that a whole model makes, as a `DataHandler` reads its output: pooled, of length 1. Shape: [B, D] each.
 *  @param like - the features that the loss was given, of the sides that it was given.  @throws {TypeError} {ShapeError} as `runTower`. */
export function runModel(
  loss: string,
  model: Module,
  given: LossInputs,
  pick: TowerInput | undefined,
  like: Readonly<Partial<Record<'vision' | 'text', Tensor>>>,
): Record<'vision' | 'text', Tensor> {
  const inputs = inputsOf(loss, given);
  const handler = new DataHandler({ model, enableDiagnostics: false });
  const input = pick ? pick(inputs) : handler.prepareModelInputs(inputs);
  const output = (model as { forward(input: unknown): unknown }).forward(input);
  const { visionFeatures, textFeatures } = handler.prepareLossInputs({}, output);
  if (!visionFeatures || !textFeatures)
    throw new TypeError(`Cannot compute ${loss}: expected features of both sides from the copy of the model, got none`);
  const made = { vision: visionFeatures, text: textFeatures };
  for (const [name, features] of Object.entries(like)) alike(loss, name, made[name as 'vision' | 'text'], features);
  return made;
}

/** A copy that nothing trains. The original stays as it is. */
export function frozenCopy<M extends Module>(tower: M): M {
  const copy = tower.deepCopy();
  for (const parameter of copy.parameters()) parameter.requiresGrad = false;
  return copy;
}
