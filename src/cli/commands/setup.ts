// `sconce setup`: finds or fetches libtorch and builds the addon.
import { Command } from 'commander';
import { type LocatedAddon, locateAddon } from '../../binding/locate.ts';
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

/** Whether a finished set-up is there whose addon loads. */
async function isSetUp(): Promise<boolean> {
  const located = findSetUp();
  if (located === undefined) return false;
  const facts = await probeAddon(located.addonPath, process.env);
  if (typeof facts === 'string') {
    console.log(`the addon of an earlier set-up does not load: ${facts}`);
    return false;
  }
  console.log(`already set up: libtorch ${describe(located.libtorch)}`);
  return true;
}

function findSetUp(): LocatedAddon | undefined {
  try {
    return locateAddon();
  } catch (error) {
    if (error instanceof SetupError) return undefined; // Nothing there, or out of date: the set-up says what it does about it.
    throw error;
  }
}
