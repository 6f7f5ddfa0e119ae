// Refuses step functions that were written for one loader: the trainer would come where they expect their batch.

import { describeValue } from '../config/problems.ts';

const NEW_FORM = '(trainer, batch, batchIdx, dataloaderIdx, dataloaderName)';

/** @throws {TypeError} for what is no function, and for a function of one parameter. */
export function checkStep(step: unknown, kind: 'training' | 'validation' | 'test' | 'predict'): void {
  if (typeof step !== 'function')
    throw new TypeError(`Cannot set the ${kind} step: expected a function of ${NEW_FORM}, got ${describeValue(step)}`);
  // Without any parameter a step may need none; behind `...rest` there are as many as come.
  if (step.length !== 1 || /^[^=]*\([^)]*\.\.\./.test(String(step))) return;
  throw new TypeError(
    `Cannot set the ${kind} step: expected a function of ${NEW_FORM}, got one with a single parameter, which would get the trainer; write it as ${NEW_FORM} => …`,
  );
}
