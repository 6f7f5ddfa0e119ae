// NCCL beside Gloo: what a process group needs for tensors on GPUs. Untested: it has been compiled and linked against CUDA and NCCL, and never run with a GPU.
import { locateAddon } from '../../binding/locate.ts';
import type { HeldGroup, HeldNccl, Native } from '../../binding/native.ts';
import { whyNoNccl } from '../../binding/nccl.ts';
import { DistributedError } from '../../errors.ts';
import { getNative } from '../../tensor/call.ts';
import { type Device, deviceCode } from '../../tensor/device.ts';
import { PrefixStore, type Store } from '../store/store.ts';
import { told } from '../store/told.ts';

/** By which collectives the ranks of a group reach one another. */
export type Backend = 'gloo' | 'nccl' | 'cpu:gloo,cuda:nccl';

/** What moves the tensors on each kind of device. Where NCCL is, Gloo is too: values of the host go over it. */
const BACKENDS: Readonly<Record<Backend, readonly ('cpu' | 'cuda')[]>> = {
  gloo: ['cpu'],
  nccl: ['cpu', 'cuda'],
  'cpu:gloo,cuda:nccl': ['cpu', 'cuda'],
};

export const BACKEND_NAMES = Object.keys(BACKENDS) as readonly Backend[];

/** Whether a backend moves tensors on GPUs. */
export function isForGpus(backend: Backend): boolean {
  return BACKENDS[backend].includes('cuda');
}

/** The GPU of a rank, as a number. @throws {DistributedError} where this addon or this machine has none, with what is missing and how to have it. */
export function requireNccl(device: Device, action: string): number {
  const native = getNative();
  if (!hasNccl(native))
    throw new DistributedError(
      `Cannot ${action}: expected an addon with NCCL for backend "nccl", got one without: ${whyNoNccl(locateAddon().addonPath)}`,
    );
  const [built, headers] = native.ncclVersions();
  if (minorOf(built) !== minorOf(headers))
    throw new DistributedError(
      `Cannot ${action}: expected the headers of NCCL ${minorOf(built)}, which libtorch is built with, got an addon that was built with those of ${headers}; install nvidia-nccl-cu12 or nvidia-nccl-cu13 of version ${built}, or name its folder with NCCL_HOME, then run: npx sconce setup`,
    );
  const count = native.numCudaDevices();
  const index = Number(device.slice('cuda:'.length));
  if (index < count) return index;
  throw new DistributedError(
    `Cannot ${action}: expected a GPU for this rank, device "${device}", got ${count === 0 ? 'none on this machine' : `${count} on this machine`}; start at most one rank for each GPU, or take backend "gloo"`,
  );
}

const minorOf = (version: string): string => version.split('.').slice(0, 2).join('.');

type NativeWithNccl = Native & Required<Pick<Native, 'addNccl' | 'closeNccl' | 'ncclVersions'>>;

function hasNccl(native: Native): native is NativeWithNccl {
  return native.addNccl !== undefined;
}

/** The GPU that "cuda" means from now on, as `torch.cuda.set_device` says it. @internal */
export function useDevice(device: Device): void {
  getNative().setCudaDevice((deviceCode(device) % 1000) - 1);
}

interface Added {
  readonly name: string;
  readonly device: Device;
  readonly store: Store;
  /** The ranks of the group in the default group. */
  readonly ranks: readonly number[];
  readonly timeoutMs: number;
  /** A group of its own, over which calls are compared. */
  readonly checks: HeldGroup | undefined;
}

/** Gives a group of Gloo its part for GPUs; kept once all ranks are connected. @internal */
export async function addNccl(group: HeldGroup, action: string, { store, checks, ...added }: Added): Promise<NcclPart> {
  const { name, ranks, device, timeoutMs } = added;
  const index = (deviceCode(device) % 1000) - 1;
  const place = new PrefixStore('cuda', store).held;
  const held = await told(action, getNative().addNccl!(group, place, checks, name, ranks, index, timeoutMs));
  return new NcclPart(held, device);
}

/** NCCL's part of a group. @internal */
export class NcclPart {
  readonly device: Device;
  #held: HeldNccl | undefined;

  constructor(held: HeldNccl, device: Device) {
    this.#held = held;
    this.device = device;
  }

  /** Once. @param aborts - whether what is under way is given up, where a rank is gone; else it is waited for. */
  close(aborts: boolean): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) getNative().closeNccl!(held, aborts);
  }
}
