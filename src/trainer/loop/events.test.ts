// Callbacks: their order, what is wrong with them, who hears what, and that everyone hears the end.
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { recorder, temporaryFolder, tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import { callbackFailure } from './callback-failures.ts';
import { type Callback, CallbackList, orderCallbacks } from './events.ts';

const named = (name: string, rest: Partial<Callback> = {}): Callback => ({ name, ...rest });
const orderOf = (...callbacks: Callback[]): string =>
  orderCallbacks(callbacks)
    .map(({ name }) => name)
    .join(' ');

describe('orderCallbacks()', () => {
  test('keeps the order given where nothing else is asked for', () => {
    expect(orderOf(named('c'), named('a'), named('b'))).toBe('c a b');
  });

  test('follows before and after, and moves no more than it must', () => {
    expect(orderOf(named('a', { after: ['c'] }), named('b'), named('c'))).toBe('b c a');
    expect(orderOf(named('a'), named('b'), named('c', { before: ['a'] }))).toBe('b c a');
    expect(orderOf(named('a', { after: ['b'] }), named('b', { after: ['c'] }), named('c'))).toBe('c b a');
    expect(orderOf(named('a', { after: ['absent'], before: ['absent too'] }), named('b'))).toBe('a b');
    expect(orderOf(named('a', { after: ['*'] }), named('b'), named('c', { after: ['*', 'a'] }), named('d'))).toBe(
      'b d a c',
    );
  });

  test('names the callbacks of a circle, and only those', () => {
    const circle = [named('first'), named('a', { after: ['b'] }), named('b', { before: ['a'], after: ['c'] })];
    expect(() => orderOf(...circle, named('c', { after: ['a'] }), named('last', { after: ['c'] }))).toThrow(
      'Cannot order callbacks: callbacks: expected before and after without a circle, got "a" after "b" after "c" after "a"',
    );
  });

  test('lists callbacks without a name, of one name, before themselves, or with half a state', () => {
    const wrong = [
      named('a'),
      named('a'),
      named('b', { before: ['b'] }),
      named('c', { state: () => ({}) }),
      named('d', { loadState: () => {} }),
      {},
    ];
    expect(() => orderCallbacks(wrong as Callback[])).toThrow(
      [
        'Cannot order callbacks: 5 problems',
        '  - callbacks.1: expected a name of its own, got "a" for the second time',
        '  - callbacks.2: expected other names in before and after, got its own, "b"',
        '  - callbacks.3: expected both state and loadState, got "c" with state and no loadState',
        '  - callbacks.4: expected both state and loadState, got "d" with loadState and no state',
        '  - callbacks.5: expected an object with a name, got an object',
      ].join('\n'),
    );
  });
});

describe('CallbackList', () => {
  test('tells each event to those that have a method for it, in order, on their object', () => {
    const heard: string[] = [];
    class Listener implements Callback {
      readonly name = 'listener';
      count = 0;
      batchEnd(): void {
        this.count++;
        heard.push(`${this.name} ${this.count}`);
      }
    }
    const list = new CallbackList([new Listener(), { name: 'other', batchEnd: () => void heard.push('other') }]);
    list.tell('batchEnd', {} as never);
    list.tell('batchStart', {} as never);
    expect(heard).toEqual(['listener 1', 'other']);
    expect([list.hears('batchEnd'), list.hears('batchStart')]).toEqual([true, false]);
  });

  test('refuses a Promise inside a step', () => {
    const list = new CallbackList([named('slow', { batchEnd: (async () => {}) as never })]);
    expect(() => list.tell('batchEnd', {} as never)).toThrow(
      'Cannot run batchEnd of callback "slow": expected a synchronous method inside a step, got one that returns a Promise',
    );
  });

  test('awaits callbacks between steps one after the other', async () => {
    const heard: string[] = [];
    const slow = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      heard.push('slow');
    };
    await new CallbackList([
      named('slow', { epochEnd: slow }),
      named('fast', { epochEnd: () => void heard.push('fast') }),
    ]).announce('epochEnd', {} as never, {});
    expect(heard).toEqual(['slow', 'fast']);
  });
});

describe('a callback in a fit', () => {
  test('that throws ends it with its error; everyone hears exception and close, whoever else throws', async () => {
    const heard: string[] = [];
    const errors: unknown[] = [];
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onTestFinished(() => warnings.mockRestore());
    const { trainer } = tinyTrainer({
      callbacks: [
        named('failing', {
          batchEnd: () => {
            throw new Error('the reason');
          },
          exception: () => Promise.reject(new Error('a second error')),
          close: () => {
            throw new Error('a third error');
          },
        }),
        recorder(heard),
        named('told', { exception: (_context, error) => void errors.push(error) }),
      ],
    });
    await expect(trainer.fit({ trainLoaders: [tinyLoader(4)] })).rejects.toThrow('the reason');
    expect(heard).toEqual([
      'fitStart',
      'epochStart',
      'batchStart',
      'forwardEnd',
      'backwardEnd',
      'optimizerStepStart',
      'optimizerStepEnd',
      'exception',
      'close',
    ]);
    expect(errors.map(String)).toEqual(['Error: the reason']);
    expect(warnings.mock.calls.map(([warning]) => String(warning))).toEqual([
      'Error: a second error',
      'Error: a third error',
    ]);
  });

  test('whose errors are to be survived leaves a warning for each event, and the others go on', async () => {
    const heard: string[] = [];
    const said: string[] = [];
    const failing = (onError?: 'raise' | 'log'): Callback => ({
      name: 'failing',
      ...(onError ? { onError } : {}),
      batchEnd: () => {
        throw new Error('no bar');
      },
      epochEnd: () => Promise.reject(new Error('no line')),
    });
    const listener = named('listener', { warning: (_context, message) => void said.push(message) });
    const fitWith = (callback: Callback, config = {}) =>
      tinyTrainer({ callbacks: [callback, listener, recorder(heard)], config }).trainer.fit({
        trainLoaders: [tinyLoader(6)],
      });
    await fitWith(failing('log'));
    expect(said).toEqual([
      'Callback "failing" failed in batchEnd: no bar',
      'Callback "failing" failed in epochEnd: no line',
    ]);
    expect(heard.filter((event) => event === 'batchEnd').length).toBe(3);
    await fitWith(failing(), { hooks: { continueOnHookError: true } });
    expect(said.length).toBe(4);
    await expect(fitWith(failing('raise'), { hooks: { continueOnHookError: true } })).rejects.toThrow('no bar');
  });

  test('that ends the run rejects the fit with what it threw, and is named beside it', async () => {
    const error = new Error('boom');
    const failing = named('mine', { epochEnd: () => Promise.reject(error) });
    const fitting = tinyTrainer({ callbacks: [failing] }).trainer.fit({ trainLoaders: [tinyLoader(6)] });
    expect(await fitting.catch((thrown: unknown) => thrown)).toBe(error);
    expect([error.message, callbackFailure(error)]).toEqual(['boom', 'Callback "mine" failed in epochEnd']);
    expect(callbackFailure(new Error('boom'))).toBeUndefined();
  });

  test('that fails to close fails the fit', async () => {
    const failing = named('failing', { close: () => Promise.reject(new Error('cannot close')) });
    const { trainer } = tinyTrainer({ callbacks: [failing] });
    await expect(trainer.fit({ trainLoaders: [tinyLoader(4)] })).rejects.toThrow('cannot close');
  });

  test('that throws at fitStart still hears close', async () => {
    const heard: string[] = [];
    const failing = named('failing', {
      fitStart: () => {
        throw new Error('no start');
      },
    });
    const { trainer } = tinyTrainer({ callbacks: [failing, recorder(heard)] });
    await expect(trainer.fit({ trainLoaders: [tinyLoader(4)] })).rejects.toThrow('no start');
    expect(heard).toEqual(['exception', 'close']);
  });

  test('gets its state back from a checkpoint', async () => {
    class Counter implements Callback {
      readonly name = 'counter';
      count = 0;
      batchEnd(): void {
        this.count++;
      }
      state(): Record<string, unknown> {
        return { count: this.count, list: [1, 'two', { three: true }] };
      }
      loadState({ count, list }: Record<string, unknown>): void {
        expect(list).toEqual([1, 'two', { three: true }]);
        this.count = count as number;
      }
    }
    const config = { checkpoint: { rootDir: temporaryFolder() } };
    const first = new Counter();
    await tinyTrainer({ config, callbacks: [first] }).trainer.fit({ trainLoaders: [tinyLoader(6)] });
    const second = new Counter();
    const resumeFromCheckpoint = `${config.checkpoint.rootDir}/experiment/latest.ckpt`;
    await tinyTrainer({ config, callbacks: [second] }).trainer.fit({
      trainLoaders: [tinyLoader(6)],
      maxEpochs: 2,
      resumeFromCheckpoint,
    });
    expect([first.count, second.count]).toEqual([3, 6]);
  });
});
