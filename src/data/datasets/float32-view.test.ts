// Casting of recordings, sample by sample and in batches.
import { describe, expect, it } from 'vitest';
import { arange, liveTensors, scope, tensor } from '../../tensor/index.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import { DataLoader } from '../loader/loader.ts';
import { castStim, Float32View, type Float32ViewOptions, type RecordingSample } from './float32-view.ts';
import { TensorDataset } from './tensor-dataset.ts';

const context = { seed: 0, epoch: 0 };
const batchContext = { ...context, position: 0, indices: Int32Array.of(1, 0) };

describe('castStim()', () => {
  it('takes bytes to (x - 127) / 255 where the normalisation was taken out', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const cast = castStim(tensor(bytes), { normRemoved: true });
    expect([...cast.toTypedArray()]).toEqual([...bytes].map((x) => Math.fround((x - 127) / 255)));
    expect(castStim(tensor(bytes), { normRemoved: true, dtype: 'bfloat16' }).dtype).toBe('bfloat16');
  });

  it('casts alone without', () => {
    const cast = castStim(tensor(Uint8Array.of(0, 7)));
    expect([cast.dtype, cast.toArray()]).toEqual(['float32', [0, 7]]);
    const floats = tensor([1.5]);
    expect(castStim(floats).toArray()).toEqual([1.5]);
  });

  it('leaves its input alone and nothing behind', () => {
    const bytes = tensor(Uint8Array.of(3, 200));
    const before = settledTensors();
    castStim(bytes, { normRemoved: true }).dispose();
    const floats = tensor([3, 200]);
    castStim(floats, { normRemoved: true }).dispose();
    expect([bytes.toArray(), floats.toArray()]).toEqual([[3, 200], [3, 200]]); // biome-ignore format: a table
    floats.dispose();
    expect(liveTensors()).toBe(before);
  });
});

const columns = () => ({
  stim: tensor(Uint8Array.of(0, 127, 255, 254), { shape: [2, 2] }),
  robs: tensor([1n, 2n]),
  behavior: tensor(Float64Array.of(0.5, 0.25)),
  dfs: tensor([true, false]),
});

describe('Float32View', () => {
  it('casts stim, robs and behavior, passes the rest on, and changes nothing in its base', () => {
    const sample = { ...columns(), eyepos: 'left' };
    const base = { length: 1, get: () => sample };
    const given = { ...sample };
    const view = new Float32View(base, { normRemoved: true });
    const cast = view.get(0, context) as typeof sample;
    expect([cast.stim.dtype, cast.robs.dtype, cast.behavior.dtype]).toEqual(['float32', 'float32', 'float32']);
    expect([...cast.stim.toTypedArray()]).toEqual([-127, 0, 128, 127].map((x) => Math.fround(x / 255)));
    expect([cast.robs.toArray(), cast.behavior.toArray()]).toEqual([[1, 2], [0.5, 0.25]]); // biome-ignore format: a table
    expect(cast.dfs).toBe(sample.dfs);
    expect(cast.eyepos).toBe('left');
    for (const [name, value] of Object.entries(given)) expect(Reflect.get(sample, name)).toBe(value);
    expect(sample.stim.toArray()).toEqual([[0, 127], [255, 254]]); // biome-ignore format: a matrix
    expect(view.base).toBe(base);
    expect(view.length).toBe(1);
  });

  it('casts to bfloat16 by that name and by the seed’s, and to float16 by its name', () => {
    const dtypeBy = (options: Float32ViewOptions) => {
      const { behavior: _, ...sample } = columns();
      const cast = new Float32View({ length: 1, get: () => sample as RecordingSample }, options).get(0, context);
      return [(cast as RecordingSample).stim.dtype, (cast as RecordingSample).robs.dtype, 'behavior' in cast];
    };
    expect(dtypeBy({ float16: true })).toEqual(['bfloat16', 'bfloat16', false]);
    expect(dtypeBy({ dtype: 'bfloat16' })).toEqual(['bfloat16', 'bfloat16', false]);
    expect(dtypeBy({ dtype: 'float16' })).toEqual(['float16', 'float16', false]);
    expect(dtypeBy({ dtype: 'bfloat16', float16: true })).toEqual(['bfloat16', 'bfloat16', false]);
  });

  it('gathers where its base can, in one piece and without leaving tensors behind', async () => {
    const base = new TensorDataset(columns());
    const view = new Float32View(base, { normRemoved: true });
    const before = settledTensors();
    const batch = await view.getBatch!(Int32Array.of(1, 0), batchContext);
    expect([batch.stim.dtype, batch.stim.shape, batch.robs.toArray(), batch.dfs.toArray()]).toEqual(['float32', [2, 2], [2, 1], [false, true]]); // biome-ignore format: a table
    for (const column of Object.values(batch)) column.dispose();
    expect(liveTensors()).toBe(before);
  });

  it('plays in a loader, from samples that take time too', async () => {
    const { behavior: _, ...own } = columns();
    const base = {
      length: 2,
      get: async (index: number): Promise<RecordingSample> => ({
        stim: own.stim.select(0, index),
        robs: own.robs.select(0, index),
      }),
    };
    const loader = new DataLoader({ dataset: new Float32View(base, { normRemoved: true }), batchSize: 2 });
    for await (const batch of loader)
      expect([batch.stim.shape, batch.stim.dtype, batch.robs.toArray()]).toEqual([[2, 2], 'float32', [1, 2]]);
  });

  it('names the part that a sample lacks', async () => {
    const base = { name: 'recordings', length: 1, get: () => ({ stim: tensor([1]) }) as unknown as RecordingSample };
    const view = new Float32View(base);
    expect(() => view.get(0, context)).toThrow(
      'Cannot cast a sample of Float32View of recordings: expected a tensor "robs", got undefined',
    );
    const gathering = new TensorDataset({ stim: arange(4) }) as unknown as TensorDataset<{ stim: never; robs: never }>;
    const before = settledTensors();
    const gather = new Float32View(gathering).getBatch!;
    expect(() => scope(() => void gather(Int32Array.of(0), batchContext))).toThrow('expected a tensor "robs"');
    expect(liveTensors()).toBe(before);
  });

  it('names every option that is wrong', () => {
    const base = { length: 1, get: () => columns() };
    expect(() => new Float32View(base, { norm_removed: true, dtype: 'int8', normRemoved: 1 } as object)).toThrow(
      /norm_removed: .*dtype: .*normRemoved: /s,
    );
    expect(() => new Float32View(base, { dtype: 'float32', float16: true })).toThrow(
      "float16: expected none beside dtype 'float32': VisionCore's float16 is bfloat16, got true",
    );
    expect(() => new Float32View(base, null as never)).toThrow(
      'options: expected an object with normRemoved, dtype, float16, got null',
    );
    expect(() => new Float32View(undefined as never)).toThrow(
      'Cannot make a Float32View: expected a dataset with length and get, got undefined',
    );
  });
});
