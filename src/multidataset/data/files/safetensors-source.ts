// Tensors of a recording in a safetensors file.

import { openSafetensors } from '../../../serial/safetensors.ts';
import { readRate, type TensorInfo, type TensorSource } from './recording.ts';

/** @param name - the file as messages name it.  @throws {CheckpointError} for a file of another kind. */
export async function openSafetensorsSource(path: string, name: string): Promise<TensorSource> {
  const reader = await openSafetensors(path);
  try {
    const infos = reader.names.map((key): [string, TensorInfo] => {
      const { dtype, shape } = reader.info(key);
      return [key, { dtype, shape }];
    });
    return {
      name,
      tensors: new Map(infos),
      samplingRate: readRate(reader.metadata.sampling_rate, name),
      read: async (names) => {
        const tensors = await reader.tensors(names);
        return Object.fromEntries(names.map((key, at) => [key, tensors[at]!]));
      },
      close: () => reader.close(),
    };
  } catch (error) {
    await reader.close();
    throw error;
  }
}
