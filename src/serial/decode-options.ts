// What a caller may ask of the readers of PyTorch's formats.
import type { Checksum } from './checksum.ts';
import type { StoredDType } from './stored-tensor.ts';
import type { UnpickleOptions } from './unpickler.ts';

export interface DecodeOptions extends Omit<UnpickleOptions, 'persistentLoad'> {
  /** Default: Node's own. */
  readonly checksum?: Checksum | undefined;
  /** Read storages into memory of their own; else they are views into an archive that lies in memory, which they keep alive. Default: false. */
  readonly copies?: boolean | undefined;
  /** With `copies`, gives the memory for a storage, which is filled before any tensor is made; undefined where its bytes are only to be checked.
   *  Default: memory of JavaScript's. */
  readonly allocate?: ((numBytes: number, dtype: StoredDType) => Uint8Array | undefined) | undefined;
  /** Without `copies`, gives what stands for bytes of a file that is mapped into memory (the `bytes` of a StoredStorage); their CRC is not checked. */
  readonly map?: ((offset: number, numBytes: number) => Uint8Array) | undefined;
}
