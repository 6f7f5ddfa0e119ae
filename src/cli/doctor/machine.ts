// What this machine's processor and memory can do, as far as the system tells.
import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';

/** The processor features that decide how fast libtorch is, by the names that Linux gives them, with what they are for. */
const features: readonly (readonly [flag: string, meaning: string])[] = [
  ['avx2', 'avx2'],
  ['avx512f', 'avx512'],
  ['avx512_bf16', 'avx512_bf16'],
  ['amx_tile', 'amx'],
  ['amx_bf16', 'amx_bf16'],
];

/** The features present and, prefixed with `no`, those absent. Empty where the system does not list them. */
export function cpuFeatures(): string[] {
  let text: string;
  try {
    text = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return process.arch === 'arm64' ? ['arm64'] : [];
  }
  return featuresOf(text);
}

/** Reads the features from the text of `/proc/cpuinfo`. */
export function featuresOf(cpuinfo: string): string[] {
  const flags = new Set(/^(?:flags|Features)\s*:\s*(.*)$/m.exec(cpuinfo)?.[1]?.split(/\s+/));
  if (flags.has('asimd'))
    return [...(flags.has('bf16') ? ['bf16'] : ['no bf16']), ...(flags.has('sve') ? ['sve'] : ['no sve'])];
  return flags.size === 0 ? [] : features.map(([flag, meaning]) => (flags.has(flag) ? meaning : `no ${meaning}`));
}

/** How libtorch's memory on the CPU is managed, and whether large blocks get large pages.
 *  @param setting - the text of `/sys/kernel/mm/transparent_hugepage/enabled`; undefined where there is none. */
export function allocatorOf(setting: string | undefined): {
  readonly fact: string;
  readonly areLargePagesOff: boolean;
} {
  const chosen = /\[(\w+)\]/.exec(setting ?? '')?.[1];
  const pages = chosen === undefined ? 'large pages unknown' : `large pages ${chosen}`;
  return {
    fact: `freed blocks are kept for the next step, at most a quarter of the memory that is left; ${pages}`,
    areLargePagesOff: chosen === 'never',
  };
}

/** The system's setting of large pages; undefined where it has none. */
export function largePageSetting(): string | undefined {
  try {
    return readFileSync('/sys/kernel/mm/transparent_hugepage/enabled', 'utf8');
  } catch {
    return undefined; // not Linux, or a kernel without them
  }
}

/** Memory in all, memory left, and the limit of the control group where one is set below what the machine has. */
export function memory(): string {
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  const limitBytes = process.constrainedMemory?.() ?? 0;
  const hasLimit = limitBytes > 0 && limitBytes < totalmem();
  const availableBytes = process.availableMemory?.() ?? freemem();
  const limit = hasLimit ? `the control group allows ${gigabytes(limitBytes)}` : 'no limit by a control group';
  return `${gigabytes(availableBytes)} available of ${gigabytes(totalmem())}, ${limit}`;
}
