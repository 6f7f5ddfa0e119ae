// `npm run demo`: prepares the checkout and the main example's packages, then trains it, in bfloat16 where the processor has instructions for it. Arguments go on
// to `sconce train`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installPackages, prepare, root } from './prepare.mjs';

await prepare();
const example = join(root, 'examples/emoji-clip');
installPackages(example);
const { hasFastBfloat16 } = await import('../dist/index.js');
const precision = hasFastBfloat16() ? ['--set', 'performance.use_amp=true'] : [];
const configuration = join(example, 'clip.yaml');
const command = [join(root, 'dist/cli/main.js'), 'train', configuration, ...precision, ...process.argv.slice(2)];
const child = spawn(process.execPath, command, { stdio: 'inherit' });
// The terminal sends Ctrl-C to both processes: the training saves and ends on it, this one waits for that.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (status, signal) => {
  process.exitCode = status ?? (signal === 'SIGINT' ? 130 : 143);
});
