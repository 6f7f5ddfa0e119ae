// `sconce doctor`: prints what training needs, whether it is there, and what to do where it is not.
import { Command } from 'commander';
import { examine } from '../doctor/examine.ts';

const marks = { ok: 'ok     ', missing: 'MISSING', note: '-      ' } as const;

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('show what was found on this machine and what is missing')
    .action(async () => {
      const findings = await examine(process.env);
      const width = Math.max(...findings.map((finding) => finding.topic.length));
      for (const { state, topic, fact, remedy } of findings) {
        console.log(`${marks[state]} ${topic.padEnd(width)}  ${fact}`);
        if (remedy !== undefined) console.log(`${' '.repeat(width + 10)}-> ${remedy}`);
      }
      const canTrain = findings.every((finding) => finding.state !== 'missing');
      console.log(
        canTrain ? '\nTraining works on this machine.' : '\nTraining cannot work yet: see the lines marked MISSING.',
      );
      if (!canTrain) process.exitCode = 1;
    });
}
