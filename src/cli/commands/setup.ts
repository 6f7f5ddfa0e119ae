// `sconce setup`: finds or fetches libtorch and builds the addon.
import { Command } from 'commander';
import { findCompiler } from '../../binding/compiler.ts';
import { type LocatedAddon, locateAddon } from '../../binding/locate.ts';
import { findPictureLibraries, pictureVersions } from '../../binding/picture-libraries.ts';
import { describe, probeAddon, setUp } from '../../binding/setup.ts';
import { SetupError } from '../../errors.ts';

export function setupCommand(): Command {
  return new Command('setup')
    .description('find or fetch libtorch and build the addon, into the per-user cache')
    .option('--force', 'look for libtorch anew, even where an earlier set-up has chosen one')
    .action(async (options: { force?: boolean }) => {
      const startMs = performance.now();
      if (!options.force && (await isSetUp())) return;
      await setUp({ report: (line) => console.log(line), searchAgain: options.force === true });
      console.log(`set-up finished in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
    });
}

/** Whether a finished set-up is there whose addon loads, and has every library for pictures that is there now. */
async function isSetUp(): Promise<boolean> {
  const located = findSetUp();
  if (located === undefined) return false;
  const facts = await probeAddon(located.addonPath, process.env);
  if (typeof facts === 'string') {
    console.log(`the addon of an earlier set-up does not load: ${facts}`);
    return false;
  }
  if (await hasNewLibrary(facts.pictures)) {
    console.log('pictures: a library that the addon was built without is there now');
    return false;
  }
  console.log(`already set up: libtorch ${describe(located.libtorch)}`);
  return true;
}

/** Whether a library that decodes pictures has been installed since the addon was built without it. */
async function hasNewLibrary(built: readonly string[]): Promise<boolean> {
  if (built.every((version) => version !== '')) return false;
  try {
    const found = pictureVersions(await findPictureLibraries(await findCompiler(process.env), process.env));
    return found.some((version, i) => version !== '' && built[i] === '');
  } catch (error) {
    if (error instanceof SetupError) return false; // No compiler: the addon stays as it is.
    throw error;
  }
}

function findSetUp(): LocatedAddon | undefined {
  try {
    return locateAddon();
  } catch (error) {
    if (error instanceof SetupError) return undefined; // Nothing there, or out of date: the set-up says what it does about it.
    throw error;
  }
}
