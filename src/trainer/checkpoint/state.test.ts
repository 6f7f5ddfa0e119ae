// The registry of state: nothing is lost or left over in silence, and the message says what to write.
import { describe, expect, test } from 'vitest';
import { type RestoreOptions, StateRegistry } from './state.ts';

function registryOf(...names: string[]): { registry: StateRegistry; loaded: string[] } {
  const registry = new StateRegistry();
  const loaded: string[] = [];
  for (const name of names) {
    registry.register(name, {
      state: () => `state of ${name}`,
      loadState: (state) => void loaded.push(`${name}: ${state}`),
    });
  }
  return { registry, loaded };
}

const states = (...names: string[]) => new Map(names.map((name) => [name, `saved ${name}`]));

describe('StateRegistry', () => {
  test('collects the state of every part, in the order of registration', () => {
    expect([...registryOf('b', 'a').registry.collect()]).toEqual([
      ['b', 'state of b'],
      ['a', 'state of a'],
    ]);
  });

  test('gives every part its own state', () => {
    const { registry, loaded } = registryOf('a', 'callbacks.x.y');
    registry.restore(states('callbacks.x.y', 'a'));
    expect(loaded).toEqual(['a: saved a', 'callbacks.x.y: saved callbacks.x.y']);
  });

  test('lists what nobody claims and who misses something, and how to go on; nothing is restored', () => {
    const { registry, loaded } = registryOf('model', 'callbacks.new', 'callbacks.other');
    expect(() => registry.restore(states('model', 'callbacks.old', 'ema'))).toThrow(
      [
        'Cannot resume: expected a checkpoint with the parts of this run, got',
        '  state that nobody claims: callbacks.old, ema',
        '  parts without state: callbacks.new, callbacks.other',
        "Go on without them by fit({ …, resume: { drop: ['callbacks.old', 'ema'], fresh: ['callbacks.new', 'callbacks.other'] } }), or by: npx sconce resume <run> --drop callbacks.old --drop ema --fresh callbacks.new --fresh callbacks.other",
      ].join('\n'),
    );
    expect(loaded).toEqual([]);
  });

  test('does what its message says', () => {
    const { registry, loaded } = registryOf('model', 'callbacks.new');
    registry.restore(states('model', 'callbacks.old'), { drop: ['callbacks.old'], fresh: ['callbacks.new'] });
    expect(loaded).toEqual(['model: saved model']);
  });

  test('leaves out the state of a part that is there: it starts anew', () => {
    const { registry, loaded } = registryOf('model', 'rng');
    registry.restore(states('model', 'rng'), { drop: ['rng'] });
    expect(loaded).toEqual(['model: saved model']);
  });

  test('names what drop and fresh mean nothing for, and keeps the rest in its proposal', () => {
    const message = (options: RestoreOptions): string => {
      try {
        registryOf('model', 'new').registry.restore(states('model', 'old'), options);
      } catch (error) {
        return (error as Error).message.split('\n').slice(1).join('\n');
      }
      return '';
    };
    expect(message({ drop: ['old', 'odl'], fresh: ['new', 'nwe'] })).toBe(
      [
        '  names in drop or fresh that mean nothing here: odl, nwe',
        "Go on without them by fit({ …, resume: { drop: ['old'], fresh: ['new'] } }), or by: npx sconce resume <run> --drop old --fresh new",
      ].join('\n'),
    );
    expect(message({ drop: ['old'] })).toMatch(/parts without state: new\nGo on .*drop: \['old'\], fresh: \['new'\]/);
    // The checkpoint has a state for it: to start it anew is to drop that.
    expect(message({ drop: ['old'], fresh: ['new', 'model'] })).toMatch(/mean nothing here: model\n/);
  });
});
