// `npm run stress -- --minutes 15 [--seed n]`: runs the long campaigns of test/stress/, each in a process of its own.
// A campaign is a file that exports `run({ seed, minutes })` and throws, or crashes, where it finds something.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { filesUnder, root } from './prepare.mjs';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '15' }, seed: { type: 'string' }, campaign: { type: 'string' } },
});
const minutes = Number(values.minutes);
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
  console.error(
    `Cannot run stress: expected --minutes above 0 and an integral --seed, got ${values.minutes} and ${values.seed}`,
  );
  process.exit(1);
}

if (values.campaign !== undefined) {
  const { run } = await import(pathToFileURL(values.campaign).href);
  await run({ seed, minutes });
} else {
  process.exitCode = runAll() ? 0 : 1;
}

function runAll() {
  const campaigns = filesUnder(join(root, 'test/stress')).filter((path) => path.endsWith('.mjs'));
  if (campaigns.length === 0) {
    console.log('stress: there are no campaigns yet');
    return true;
  }
  console.log(`stress: seed ${seed}, ${minutes} minutes for ${campaigns.length} campaigns`);
  const failed = campaigns.filter((campaign) => {
    const name = basename(campaign, '.mjs');
    const share = minutes / campaigns.length;
    console.log(`> ${name}`);
    const command = [import.meta.filename, '--campaign', campaign, '--seed', `${seed}`, '--minutes', `${share}`];
    // A campaign ends by itself; three times its share means that it hangs.
    const { status, signal } = spawnSync(process.execPath, command, {
      stdio: 'inherit',
      timeout: Math.ceil(share * 180_000 + 60_000),
    });
    if (status === 0) return false;
    console.error(
      `stress: ${name} failed with ${signal ?? `exit code ${status}`}; again with: npm run stress -- --seed ${seed} --minutes ${minutes}`,
    );
    return true;
  });
  console.log(`stress: ${campaigns.length - failed.length} campaigns passed, ${failed.length} failed, seed ${seed}`);
  return failed.length === 0;
}
