// What loaders are called, and the report of how often each played.
import { describe, expect, it } from 'vitest';
import { MultiDataLoader } from './multi-loader.ts';
import { profilingNames, trainLoaderNames, valLoaderNames } from './names.ts';
import { collect, loaderOf } from './testing/loaders.ts';

describe('names of loaders', () => {
  it('are dl0, dl1, … for training', () => {
    expect(trainLoaderNames(3)).toEqual(['dl0', 'dl1', 'dl2']);
  });

  it('are val_ and the name of the training loader at that place, or val_dl0, … where there are more', () => {
    expect(valLoaderNames(0, ['a'])).toEqual([]);
    expect(valLoaderNames(1, ['a', 'b'])).toEqual(['val_a']);
    expect(valLoaderNames(2, ['a', 'b'])).toEqual(['val_a', 'val_b']);
    expect(valLoaderNames(2, ['a'])).toEqual(['val_dl0', 'val_dl1']);
  });

  it('are plain in profiling keys, and differ there too', () => {
    expect(profilingNames(['main', 'a b/c', '__x-y_', 'größe', '§', '日本', 'a_b', 'a b', 'a_b_7'])).toEqual([
      'main',
      'a_b_c',
      'x-y',
      'gr_e',
      'loader',
      'loader_5',
      'a_b',
      'a_b_7',
      'a_b_7_8',
    ]);
  });
});

describe('MultiDataLoader.proportions()', () => {
  it('takes rounding for no divergence', async () => {
    const loader = new MultiDataLoader({
      loaders: { a: loaderOf(12), b: loaderOf(12) },
      strategy: 'weighted',
      weights: [2, 1],
    });
    await collect(loader);
    const { epoch } = loader.proportions();
    expect(epoch.map(({ batches, divergence }) => [batches, divergence])).toEqual([
      [16, 0],
      [8, 0],
    ]);
  });

  it('sets batches played beside shares wanted, in the epoch and in the run', async () => {
    const make = () =>
      new MultiDataLoader({ loaders: { a: loaderOf(6), long: loaderOf(2) }, strategy: 'weighted', weights: [1, 1] });
    const loader = make();
    expect(loader.proportions().epoch[0]).toEqual({ name: 'a', batches: 0, share: 0, wanted: 0, divergence: 0 });
    await collect(loader);
    const stopped = make();
    stopped.loadState(loader.state());
    stopped.setEpoch(1);
    await collect(stopped, 3);
    const { epoch, run } = stopped.proportions();
    expect(epoch).toEqual([
      { name: 'a', batches: 2, share: 2 / 3, wanted: 0.5, divergence: 2 / 3 - 0.5 },
      { name: 'long', batches: 1, share: 1 / 3, wanted: 0.5, divergence: 0.5 - 1 / 3 },
    ]);
    expect(run.map(({ batches }) => batches)).toEqual([6, 5]);
    expect(String(stopped.proportions())).toBe(
      [
        'loader  epoch   share  wanted  run   share  wanted',
        'a           2  66.7 %  50.0 %    6  54.5 %  50.0 %',
        'long        1  33.3 %  50.0 %    5  45.5 %  50.0 %',
      ].join('\n'),
    );
  });

  it.each([
    [{ strategy: 'round_robin' }, [0.5, 0.5]],
    [{ strategy: 'sequential' }, [0.75, 0.25]],
    [{ strategy: 'alternating', pattern: [0, 1, 1] }, [1 / 3, 2 / 3]],
    [{ strategy: 'weighted', temperature: 1 }, [0.75, 0.25]],
    [{ strategy: 'weighted', weightSchedule: () => [1, 4] }, [0.2, 0.8]],
  ] as const)('knows what %j wants', async (options, wanted) => {
    const loader = new MultiDataLoader({ loaders: [loaderOf(6), loaderOf(2)], ...options });
    await collect(loader);
    loader.proportions().epoch.forEach((share, i) => {
      expect(share.wanted).toBeCloseTo(wanted[i]!, 12);
    });
  });
});
