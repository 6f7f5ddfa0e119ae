// `sconce doctor`: prints what training needs, whether it is there, and what to do where it is not.
import { Command } from 'commander';
import type { Finding } from '../doctor/finding.ts';

const marks = { ok: 'ok     ', missing: 'MISSING', note: '-      ' } as const;

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'show what was found on this machine and what is missing; ends with exit code 1 where training cannot work',
    )
    .option('--json', 'print { canTrain, findings: [{ state, topic, fact, remedy? }] }')
    .action(async (options: { json?: boolean }) => {
      const { examine } = await import('../doctor/examine.ts');
      const findings = await examine(process.env);
      const canTrain = findings.every((finding) => finding.state !== 'missing');
      console.log(options.json ? JSON.stringify({ canTrain, findings }, null, 2) : page(findings, canTrain));
      if (!canTrain) process.exitCode = 1;
    });
}

function page(findings: readonly Finding[], canTrain: boolean): string {
  const width = Math.max(...findings.map((finding) => finding.topic.length));
  const lines = findings.flatMap(({ state, topic, fact, remedy }) => [
    `${marks[state]} ${topic.padEnd(width)}  ${fact}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(width + 10)}-> ${remedy}`]),
  ]);
  const end = canTrain ? 'Training works on this machine.' : 'Training cannot work yet: see the lines marked MISSING.';
  return [...lines, '', end].join('\n');
}
