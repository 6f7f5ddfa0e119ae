// `sconce init`: a new project that trains at once.

import { Command } from 'commander';

export function initCommand(): Command {
  return new Command('init')
    .description(
      'write a small project that trains at once, offline: a model, data, an experiment in YAML and one in TypeScript',
    )
    .argument('[folder]', 'where; it is made if it is not there', '.')
    .action(async (folder: string) => {
      const { initProject } = await import('../init/init-project.ts');
      for (const line of await initProject(folder)) console.log(line);
    })
    .addHelpText(
      'after',
      `
Examples:
  sconce init my-project && cd my-project && npm install && npx sconce setup && npx sconce train experiment.yaml

Nothing is overwritten: where one of the files is there already, none is written, and the command ends with exit code 1.`,
    );
}
