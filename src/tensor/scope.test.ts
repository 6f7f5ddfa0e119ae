// What a scope frees, what it hands on, and what it says of a tensor that it freed.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, it } from 'vitest';
import { DisposedError } from '../errors.ts';
import { autocast } from './autocast.ts';
import { isGradEnabled, noGrad } from './autograd.ts';
import { ones, tensor } from './create.ts';
import { adopt, collectTensors, keep, liveTensors, scope } from './scope.ts';
import { Tensor } from './tensor.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Collects everything that can be, with what was found in the collection freed. */
function collect(): void {
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    liveTensors();
  }
}

// What earlier tests left to the collector would go from the counts at any time.
beforeEach(collect);

describe('scope()', () => {
  it('frees every tensor that was made inside', () => {
    const before = liveTensors();
    const result = scope(() => {
      const x = tensor([1, 2]);
      return x.mul(3).sum().add(x.max()).item();
    });
    expect(result).toBe(11);
    expect(liveTensors()).toBe(before);
  });

  it('hands on the tensors of what is returned, however nested', () => {
    const before = liveTensors();
    const made = scope(() => {
      const inner = {
        list: [tensor([1]), 'text', null],
        map: new Map([['a', tensor([2])]]),
        set: new Set([tensor([3])]),
      };
      tensor([4]);
      return { inner, once: inner.list[0], loop: inner };
    });
    expect(liveTensors()).toBe(before + 3);
    const [, first, second] = [made.once, made.inner.map.get('a')!, [...made.inner.set][0]!];
    expect([(made.once as Tensor).item(), first.item(), second.item()]).toEqual([1, 2, 3]);
    for (const each of collectTensors(made)) each.dispose();
    expect(liveTensors()).toBe(before);
  });

  it('gives them to the scope around it', () => {
    const before = liveTensors();
    scope(() => {
      const x = scope(() => scope(() => tensor([1]).add(1)));
      expect(liveTensors()).toBe(before + 1);
      expect(x.item()).toBe(2);
    });
    expect(liveTensors()).toBe(before);
  });

  it('leaves tensors of the scope around it alone', () => {
    scope(() => {
      const outer = tensor([1]);
      expect(scope(() => outer)).toBe(outer);
      scope(() => outer.add(1));
      expect(outer.item()).toBe(1);
    });
  });

  it('frees and passes the error on, when its body throws', () => {
    const before = liveTensors();
    const run = (): void =>
      scope(() => {
        tensor([1]);
        scope(() => {
          tensor([2]);
          throw new RangeError('thrown');
        });
      });
    expect(run).toThrow(new RangeError('thrown'));
    expect(liveTensors()).toBe(before);
    expect(scope(() => tensor([1]).item())).toBe(1);
  });

  it('frees and passes the error on, when an operator refuses', () => {
    const before = liveTensors();
    expect(() => scope(() => tensor([1, 2]).add(tensor([1, 2, 3])))).toThrow('must match the size of tensor b');
    expect(liveTensors()).toBe(before);
  });

  it('refuses a Promise, and frees what was made before it', async () => {
    const before = liveTensors();
    const message =
      'Cannot end the scope "step": expected a synchronous body, got one that returns a Promise; await outside the scope';
    expect(() => scope(async () => tensor([1]), 'step')).toThrow(new TypeError(message));
    // A rejection of the body is not left unhandled beside the error.
    expect(() => scope(() => Promise.reject(new Error('unseen')), 'step')).toThrow(message);
    await new Promise((resolve) => setImmediate(resolve));
    expect(liveTensors()).toBe(before);
  });

  it('refuses whatever runs later: anything with a then, and generators', () => {
    const later = 'Cannot end a scope: expected a synchronous body, got one that returns a';
    // biome-ignore lint/suspicious/noThenProperty: the test's subject
    expect(() => scope(() => ({ then: () => 1 }))).toThrow(new TypeError(`${later} Promise; await outside the scope`));
    const made = [
      function* (): Iterable<Tensor> {
        yield tensor([1]);
      },
      async function* (): AsyncIterable<Tensor> {
        yield tensor([1]);
      },
    ];
    for (const body of made) {
      expect(() => scope<unknown>(body)).toThrow(
        new TypeError(`${later} generator, of which nothing has run yet; iterate outside the scope`),
      );
      expect(() => noGrad<unknown>(body)).toThrow('Cannot leave noGrad: expected a synchronous body');
      expect(() => autocast<unknown>('cpu', body)).toThrow('Cannot leave autocast: expected a synchronous body');
    }
    expect(isGradEnabled()).toBe(true);
  });

  it('names itself and keep() where a freed tensor is used', () => {
    let x = tensor([0]);
    scope(() => {
      x = tensor([1]);
    }, 'epoch');
    const message =
      'Cannot use a tensor: expected a live one, got one that the scope "epoch" freed at its end; return it from the scope or keep() it';
    for (const use of [
      () => x.add(1),
      () => tensor([1]).add(x),
      () => x.T,
      () => x.shape,
      () => x.item(),
      () => keep(x),
    ])
      expect(use).toThrow(new DisposedError(message));
    scope(() => {
      x = tensor([1]);
    });
    expect(() => x.item()).toThrow('got one that a scope freed at its end');
  });

  it('returns a tensor that was disposed of inside as it is', () => {
    const [gone, alive] = scope(() => {
      const made = [tensor([1]), tensor([2])] as const;
      made[0].dispose();
      return made;
    });
    expect([gone.isDisposed, alive.item()]).toEqual([true, 2]);
    scope(() => {
      const inner = scope(() => {
        const x = tensor([1]);
        x.dispose();
        return x;
      });
      expect(() => inner.item()).toThrow(DisposedError);
    });
  });
});

describe('keep()', () => {
  it('takes the tensors of a nest out of their scope, and returns it', () => {
    const before = liveTensors();
    const kept = scope(() => {
      const state = { mean: tensor([1]), list: [tensor([2])] };
      expect(keep(state)).toBe(state);
      return () => state;
    })();
    expect([kept.mean.item(), kept.list[0]!.item()]).toEqual([1, 2]);
    expect(liveTensors()).toBe(before + 2);
    for (const each of collectTensors(kept)) each.dispose();
  });

  it('holds against every scope around, and does nothing outside of one', () => {
    let kept = tensor([0]);
    scope(() =>
      scope(() => {
        kept = keep(tensor([5]));
      }),
    );
    expect(keep(kept).item()).toBe(5);
  });
});

describe('adopt()', () => {
  it('gives tensors without a scope to the open one', () => {
    const before = liveTensors();
    const batch = { x: tensor([1]), y: [tensor([2])] };
    scope(() => {
      expect(adopt(batch)).toBe(batch);
      expect(batch.x.add(1).item()).toBe(2);
    }, 'step');
    expect(liveTensors()).toBe(before);
    expect(() => batch.x.item()).toThrow('the scope "step" freed');
  });

  it('leaves a tensor with the scope that it has', () => {
    scope(() => {
      const x = tensor([1]);
      scope(() => void adopt(x));
      expect(x.item()).toBe(1);
    });
  });

  it('is an error outside of a scope, and of a tensor that was freed', () => {
    expect(() => adopt(tensor([1]))).toThrow(
      'Cannot adopt tensors: expected an open scope, got none; call adopt inside scope()',
    );
    const x = tensor([1]);
    x.dispose();
    expect(() => scope(() => adopt(x))).toThrow(DisposedError);
  });

  it('lets an adopted tensor be returned or kept, and then live as long as it is used', () => {
    const [returned, kept] = [tensor([1]), tensor([2])];
    scope(() => {
      adopt([returned, kept]);
      collect(); // of an owner object that the first adoption had let go
      keep(kept);
      return returned;
    });
    collect();
    expect([returned.item(), kept.item()]).toEqual([1, 2]);
    scope(() => {
      adopt([returned, kept]);
      return [returned, kept];
    });
    collect();
    expect([returned.item(), kept.item()]).toEqual([1, 2]);
  });
});

describe('a tensor outside of scopes', () => {
  it('is freed by its collection', () => {
    const before = liveTensors();
    for (let i = 0; i < 100; i++) ones([10]).add(1);
    collect();
    expect(liveTensors()).toBeLessThan(before + 10);
  });

  it('lives while only its graph or a view holds its memory', () => {
    const make = (): Tensor => {
      const x = tensor([3], { requiresGrad: true });
      return x.mul(x).mul(x);
    };
    const y = make();
    collect();
    y.backward();
    expect(y.item()).toBe(27);
  });
});

describe('collectTensors()', () => {
  it('goes as deep as a nest goes', () => {
    let list: { readonly next?: unknown; readonly value?: Tensor } = { value: tensor([1]) };
    for (let i = 0; i < 50_000; i++) list = { next: list };
    expect(collectTensors(list)).toHaveLength(1);
  });

  it('finds every tensor once for each place, through loops and own properties', () => {
    const [a, b] = [tensor([1]), tensor([2])];
    const nest: Record<string, unknown> = { a, list: [b, [a]], bytes: new Uint8Array(3), text: 'x' };
    nest.self = nest;
    const places = (found: readonly Tensor[]): number[] => found.map((each) => [a, b].indexOf(each));
    expect(places(collectTensors(nest))).toEqual([0, 1, 0]);
    expect(places(collectTensors(a))).toEqual([0]);
    expect(collectTensors(undefined)).toEqual([]);
    expect(collectTensors(new Map([[a, b]])).every((each) => each instanceof Tensor)).toBe(true);
  });
});
