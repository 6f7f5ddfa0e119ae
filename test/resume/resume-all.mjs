// Goes on with runs in one process, each as `sconce resume` does.
import { resumeExperiment } from '../../dist/cli/run-experiment.js';

for (const folder of process.argv.slice(2)) {
  await resumeExperiment(folder);
  if (process.exitCode) break;
}
