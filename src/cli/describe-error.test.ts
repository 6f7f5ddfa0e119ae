// What a command prints of an error: the message, and the lines of the user's own program.
import { expect, test } from 'vitest';
import { packageFolder } from '../binding/sources.ts';
import { describeError } from './describe-error.ts';

function errorWith(frames: readonly string[]): Error {
  const error = new TypeError('Cannot read properties of undefined');
  error.stack = `TypeError: ${error.message}\n${frames.map((frame) => `    at ${frame}`).join('\n')}`;
  return error;
}

const own = `${packageFolder()}dist/trainer/loop.js`;
const frames = [
  `body (file://${own}:10:5)`,
  'step (/home/ada/project/train.ts:3:12)',
  'file:///home/ada/my%20project/data.ts:7:1',
  'async Promise.all (index 0)',
  'helper (/home/ada/project/node_modules/helper/index.js:1:1)',
  'process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
];

test('describeError() shows the frames that are the user’s', () => {
  expect(describeError(errorWith(frames), { isWhole: false })).toBe(
    [
      'Cannot read properties of undefined',
      '    at step (/home/ada/project/train.ts:3:12)',
      '    at file:///home/ada/my%20project/data.ts:7:1',
    ].join('\n'),
  );
});

test('describeError() shows no stack where nothing of it is the user’s, and the whole one when asked', () => {
  const error = errorWith([frames[0]!, frames[5]!]);
  expect(describeError(error, { isWhole: false })).toBe(error.message);
  expect(describeError(error, { isWhole: true })).toBe(error.stack);
  expect(describeError('a text', { isWhole: false })).toBe('a text');
});
