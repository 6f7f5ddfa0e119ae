import { expect, it } from 'vitest';
import { NativeError, SampleError, ShapeError } from '../../errors.ts';
import { packError, unpackError } from './packed-error.ts';

const sent = (error: unknown): unknown => unpackError(structuredClone(packError(error)));

class NoSuchPicture extends Error {
  override readonly name = 'NoSuchPicture';
  readonly path = 'a.png';
  readonly handle = (): void => undefined;
}

it.each([
  new TypeError('wrong type'),
  new ShapeError('wrong shape'),
  new NativeError('refused', 'add'),
  Object.assign(new Error('no file'), { code: 'ENOENT', errno: -2, path: 'a.png' }),
  new SampleError('Cannot load sample 7', 7, { cause: new RangeError('inside', { cause: 'deepest' }) }),
])('an error stays an instance of its class, with message, stack, fields and causes: %s', (error) => {
  const got = sent(error) as Error;
  expect(got.constructor).toBe(error.constructor);
  expect([got.message, got.stack, got.name, { ...got }]).toEqual([
    error.message,
    error.stack,
    error.name,
    { ...error },
  ]);
  expect(got.cause).toEqual(error.cause);
  expect((got.cause as Error | undefined)?.stack).toBe((error.cause as Error | undefined)?.stack);
});

it('an error of an unknown class keeps its name and the fields that can be sent', () => {
  const got = sent(new NoSuchPicture('gone')) as NoSuchPicture;
  expect([got instanceof Error, got.name, got.message, got.path, got.handle]).toEqual([
    true,
    'NoSuchPicture',
    'gone',
    'a.png',
    undefined,
  ]);
});

it('what is thrown without being an error arrives as it is, or as its text', () => {
  expect(sent('text')).toBe('text');
  expect(sent({ code: 3 })).toEqual({ code: 3 });
  expect(sent(undefined)).toBe(undefined);
  expect(sent(Symbol('s'))).toBe('Symbol(s)');
});

it('a cycle of causes ends', () => {
  const error = new Error('outer');
  error.cause = error;
  let depth = 0;
  for (let at = sent(error) as Error | undefined; at; at = at.cause as Error | undefined) depth++;
  expect(depth).toBe(17);
});
