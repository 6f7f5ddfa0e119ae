// `sconce setup`: finds or fetches libtorch and builds the addon.
import { Command } from 'commander';
import { locateAddon } from '../../binding/locate.ts';
import { describe, setUp } from '../../binding/setup.ts';

export function setupCommand(): Command {
  return new Command('setup')
    .description('find or fetch libtorch and build the addon, into the per-user cache')
    .option('--force', 'look for libtorch anew, even where an earlier set-up has chosen one')
    .action(async (options: { force?: boolean }) => {
      const startMs = performance.now();
      if (!options.force && isSetUp()) return;
      await setUp({ report: (line) => console.log(line), searchAgain: options.force === true });
      console.log(`set-up finished in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
    });
}

function isSetUp(): boolean {
  try {
    const { libtorch } = locateAddon();
    console.log(`already set up: libtorch ${describe(libtorch)}`);
    return true;
  } catch {
    return false; // Nothing there, or out of date: the set-up says what it does about it.
  }
}
