// The script of a job: a template in which names stand for what is the job's own.
import { ConfigError } from '../../errors.ts';
import { describeUnknown } from '../../trainer/config/problems.ts';

/** What is put into a template by name. */
export const TEMPLATE_VARIABLES = [
  ...['DIRECTIVES', 'FOLDER', 'SETUP', 'COMMAND', 'EXPERIMENT_NAME', 'CONFIG_FILE', 'JOB_NAME', 'ACCOUNT', 'PARTITION'],
  ...['NODES', 'NTASKS_PER_NODE', 'GPUS_PER_NODE', 'CPUS_PER_TASK', 'MEM', 'TIME', 'CONSTRAINT', 'OUTPUT', 'ERROR'],
  ...['MAIL_TYPE', 'MAIL_USER', 'ARRAY'],
] as const;

export type TemplateVariable = (typeof TEMPLATE_VARIABLES)[number];

/** A text for the shell that is that text, whatever is in it. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** `#SBATCH` lines of options by long names: true is an option without a value, false none.
 *  @throws {ConfigError} for values that a directive cannot hold. */
export function directivesOf(options: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const problems: string[] = [];
  const lines = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    if (!/^[a-z][a-z0-9-]*$/.test(name)) problems.push(`${name}: expected a long option of sbatch, as "qos", got none`);
    if (value === true) return [`#SBATCH --${name}`];
    const text = String(value);
    // SLURM's reader of directives knows quotes, and no way to put one into them.
    if (!/^[^"'\\\p{Cc}]+$/u.test(text))
      problems.push(`${name}: expected a text without quotes, backslashes and line ends, got ${JSON.stringify(text)}`);
    return [`#SBATCH --${name}=${/\s/.test(text) ? `"${text}"` : text}`];
  });
  if (problems.length > 0) throw new ConfigError('write the script of a job', problems);
  return lines.join('\n');
}

/** Fills a template in: `{{NAME}}`, and `{NAME}` where no `$` is before it. Source: model-training-framework, whose templates are taken.
 *  @throws {ConfigError} for a template without a shebang or without a name of the job, for unknown names, and for blocks of Jinja. */
export function fillTemplate(
  template: string,
  values: Readonly<Record<TemplateVariable, string>>,
  path: string,
): string {
  const known: readonly string[] = TEMPLATE_VARIABLES;
  const problems: string[] = [];
  if (!template.startsWith('#!'))
    problems.push(`${path}: expected a first line as "#!/bin/bash", got ${JSON.stringify(template.split('\n')[0])}`);
  if (/\{%|\{#/.test(template))
    problems.push(`${path}: expected names in {{…}} alone, got a block of Jinja; write the script as it is to be`);
  if (!template.includes('{{DIRECTIVES}}') && !/^#SBATCH\s+(?:--job-name|-J)\b/m.test(template))
    problems.push(`${path}: expected {{DIRECTIVES}} or a line "#SBATCH --job-name=…", got neither`);
  if (!/\{\{?COMMAND\}?\}/.test(template))
    problems.push(`${path}: expected {{COMMAND}}, which is what trains, got none`);
  for (const [, name] of template.matchAll(/\{\{\s*(\w+)\s*\}\}/g))
    if (!known.includes(name!)) problems.push(`${path}: {{${name}}}: ${describeUnknown(name!, known)}`);
  if (problems.length > 0) throw new ConfigError('write the script of a job', [...new Set(problems)]);
  const filled = (whole: string, name: string): string =>
    known.includes(name) ? values[name as TemplateVariable] : whole;
  return template.replace(/\{\{\s*(\w+)\s*\}\}|(?<![${])\{([A-Z_]+)\}(?!\})/g, (whole, double, single) =>
    filled(whole, double ?? single),
  );
}
