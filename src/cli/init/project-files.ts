// The files of a new project: a model and data of its own, an experiment in YAML that names them, and the same in TypeScript.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../binding/sources.ts';

/** Those of templates/project/. */
const COPIED = ['parts.ts', 'experiment.yaml', 'experiment.ts'];

/** By name. @param project.name - of the package. @param project.version - of sconce. */
export function projectFiles({ name, version }: { name: string; version: string }): Record<string, string> {
  const manifest = {
    name,
    private: true,
    type: 'module',
    scripts: { train: 'sconce train experiment.yaml', check: 'tsc' },
    dependencies: { sconce: `^${version}` },
    devDependencies: { typescript: '^6.0.3' },
  };
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2023', 'ESNext.Disposable'],
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    strict: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    noEmit: true,
  };
  return {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'tsconfig.json': `${JSON.stringify({ compilerOptions, include: ['*.ts'] }, null, 2)}\n`,
    '.gitignore': 'node_modules/\nruns/\nsweeps/\nslurm/\n',
    ...Object.fromEntries(
      COPIED.map((file) => [file, readFileSync(join(packageFolder(), 'templates', 'project', file), 'utf8')]),
    ),
  };
}
