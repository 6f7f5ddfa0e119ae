// `npm test` after the preparation: runs vitest, and prints the count alone on a line for machines that read it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './prepare.mjs';

const folder = mkdtempSync(join(tmpdir(), 'sconce-test-'));
try {
  const resultPath = join(folder, 'result.json');
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json'];
  const command = [...vitest, `--outputFile.json=${resultPath}`, ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = JSON.parse(
    readFileSync(resultPath, 'utf8'),
  );
  // A file that fails before its first test has no failed test in it: it counts as one.
  const numBrokenFiles = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  console.log(`${numPassedTests} passed, ${numFailedTests + numBrokenFiles} failed`);
  process.exitCode = status ?? (numFailedTestSuites > 0 ? 1 : 130);
} finally {
  rmSync(folder, { recursive: true });
}
