// Which machines libtorch's wheels and this addon can run on.
import { existsSync } from 'node:fs';
import { SetupError } from '../errors.ts';

export interface Platform {
  /** The platform tag by which pip finds the wheel. */
  readonly pipPlatform: string;
  /** The requirement by which pip finds it. */
  readonly requirement: string;
  /** The wheel's file name in PyTorch's index. */
  readonly wheelName: RegExp;
  readonly isTested: boolean;
}

/** The version that set-up fetches. */
export const wheelVersion = '2.13.0';

const escaped = wheelVersion.replaceAll('.', '\\.');

const platforms: Readonly<Record<string, Platform>> = {
  'linux-x64': {
    pipPlatform: 'manylinux_2_28_x86_64',
    requirement: `torch==${wheelVersion}+cpu`,
    wheelName: new RegExp(`^torch-${escaped}\\+cpu-cp311-cp311-manylinux_2_28_x86_64\\.whl$`),
    isTested: true,
  },
  'linux-arm64': {
    pipPlatform: 'manylinux_2_28_aarch64',
    requirement: `torch==${wheelVersion}+cpu`,
    wheelName: new RegExp(`^torch-${escaped}\\+cpu-cp311-cp311-manylinux_2_28_aarch64\\.whl$`),
    isTested: false,
  },
  'darwin-arm64': {
    pipPlatform: 'macosx_14_0_arm64',
    requirement: `torch==${wheelVersion}`,
    wheelName: new RegExp(`^torch-${escaped}-cp311-(?:none|cp311)-macosx_\\d+_\\d+_arm64\\.whl$`),
    isTested: false,
  },
};

/** The wheel for a kind of machine.
 *  @throws {SetupError} where libtorch has none, saying what works instead. */
export function requirePlatform(system: string, architecture: string, hasMusl: boolean): Platform {
  const platform = platforms[`${system}-${architecture}`];
  if (platform === undefined || hasMusl) {
    throw new SetupError(
      `Cannot set up Sconce: expected Linux x64 with glibc (tested), Linux arm64 with glibc or macOS arm64 (untested), got ${system} ${architecture}` +
        `${hasMusl ? ' with musl' : ''}; use a container of Debian 12, or on Windows WSL`,
    );
  }
  return platform;
}

/** The platform of this process. */
export function currentPlatform(): Platform {
  return requirePlatform(process.platform, process.arch, process.platform === 'linux' && isMusl());
}

/** Whether the system's own C library is musl: its loader is there and glibc's is not. */
function isMusl(): boolean {
  const [musl, glibc] =
    process.arch === 'arm64'
      ? ['/lib/ld-musl-aarch64.so.1', '/lib/ld-linux-aarch64.so.1']
      : ['/lib/ld-musl-x86_64.so.1', '/lib64/ld-linux-x86-64.so.2'];
  return existsSync(musl) && !existsSync(glibc);
}
