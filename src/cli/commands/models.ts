// `sconce models`: versions of models in a registry.

import { Command, Option } from 'commander';
import type { ModelRegistry, ModelVersion } from '../../registry/index.ts';
import { formatBytes } from '../../tensor/format-bytes.ts';
import { alignColumns } from '../../tracking/align-columns.ts';
import { formatNumber } from '../../tracking/number-format.ts';
import { encodeValues } from '../../tracking/run-format.ts';

interface RegistryOptions {
  readonly registry: string;
  readonly json?: boolean;
}

interface PublishFlags extends RegistryOptions {
  readonly name: string;
  readonly alias: string[];
  readonly tag: string[];
  readonly checkpoint?: 'best' | 'latest';
  readonly best?: string;
  readonly mode: 'min' | 'max';
  readonly notes?: string;
  readonly parent?: string;
}

interface ExportFlags extends RegistryOptions {
  readonly mlflow?: string | true;
  readonly wandb?: string | true;
}

const library = () => import('../../registry/index.ts');

const collect = (value: string, before: string[]): string[] => [...before, value];

export function modelsCommand(): Command {
  return new Command('models')
    .description('publish, find, verify and export versions of models')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(publishCommand())
    .addCommand(aliasCommand())
    .addCommand(verifyCommand())
    .addCommand(exportCommand())
    .addCommand(removeCommand())
    .addHelpText(
      'after',
      `
A version is named by its model and number or alias: digits@v3, digits@production; digits alone is the newest.

Examples:
  sconce models publish runs/digits --name digits --alias production
  sconce models list
  sconce models show digits@production
  sconce models alias digits@v2 production
  sconce models export digits@production deployed
  sconce models verify digits@v3 --registry s3://bucket/models`,
    );
}

function command(name: string, description: string, json?: string): Command {
  const made = new Command(name).description(description);
  made.addOption(
    new Option('--registry <place>', 'a folder, or an address as s3://bucket/models or gs://bucket/models')
      .env('SCONCE_REGISTRY')
      .default('models'),
  );
  return json === undefined ? made : made.option('--json', `print ${json}`);
}

function listCommand(): Command {
  return command('list', 'list models, or the versions of one', '[{ name, versions, aliases }]')
    .argument('[model]', 'the versions of this model')
    .action(async (name: string | undefined, { registry: place, json }: RegistryOptions) => {
      const { ModelRegistry } = await library();
      const registry = new ModelRegistry(place);
      const models = name === undefined ? await registry.list() : [await registry.model(name)];
      if (json) return print(models.map((model) => ({ ...model, versions: model.versions.map(encodable) })));
      if (models.length === 0) return console.log(`No models in ${registry.location}.`);
      const rows = models.flatMap(({ name: model, versions, aliases }) =>
        (name === undefined ? versions.slice(-1) : versions).map((version) => [
          ...(name === undefined ? [model, String(versions.length)] : []),
          `v${version.number}`,
          aliasesOf(name === undefined ? undefined : version.number, aliases),
          metricsOf(version),
          formatBytes(version.bytes),
          version.createdAt.slice(0, 16).replace('T', ' '),
        ]),
      );
      const first = name === undefined ? ['model', 'versions', 'newest'] : ['version'];
      console.log(alignColumns([[...first, 'aliases', 'metrics', 'size', 'published'], ...rows]));
    });
}

/** The aliases of a version, or all with their versions; not `latest`, which the list shows by itself. */
function aliasesOf(number: number | undefined, aliases: Readonly<Record<string, number>>): string {
  const entries = Object.entries(aliases).filter(([alias, at]) => alias !== 'latest' && (number ?? at) === at);
  return entries.map(([alias, at]) => (number === undefined ? `${alias} (v${at})` : alias)).join(', ');
}

const MAX_METRICS = 3;

/** Those of validation first. */
function metricsOf({ metrics }: ModelVersion): string {
  const names = Object.keys(metrics).filter((name) => !name.includes('/dl_'));
  const sorted = [
    ...names.filter((name) => name.startsWith('val/')),
    ...names.filter((name) => !name.startsWith('val/')),
  ];
  return sorted
    .slice(0, MAX_METRICS)
    .map((name) => `${name} ${formatNumber(metrics[name]!)}`)
    .join(', ');
}

function showCommand(): Command {
  return command('show', 'show a version: metrics, configuration, where it comes from', 'the version')
    .argument('<version>', 'as in digits, digits@v3, digits@production')
    .action(async (reference: string, { registry: place, json }: RegistryOptions) => {
      const { ModelRegistry, referenceTo } = await library();
      const registry = new ModelRegistry(place);
      const version = await registry.get(reference);
      if (json) return print(encodable(version));
      const { aliases } = await registry.model(version.name);
      const { lineage, metrics, files, notes, tags } = version;
      const facts: [string, string | undefined][] = [
        ['version', referenceTo(version)],
        [
          'aliases',
          Object.keys(aliases)
            .filter((alias) => aliases[alias] === version.number)
            .join(', '),
        ],
        ['published', version.createdAt],
        ['sha256', version.sha256],
        ['from', lineage.checkpoint],
        ['run', [lineage.runId, lineage.runFolder].filter((part) => part !== undefined).join(', ')],
        ['commit', lineage.gitCommit],
        ['parent', lineage.parent],
        ['trained', lineage.step === undefined ? undefined : `${lineage.step} steps, ${lineage.epoch ?? '?'} epochs`],
        ['tags', tags.join(', ')],
        ['notes', notes],
        ...files.map((file): [string, string] => [
          'file',
          `${registry.pathOf(version, file)} (${formatBytes(file.bytes)})`,
        ]),
        ...Object.entries(metrics).map(([name, value]): [string, string] => [
          'metric',
          `${name} ${formatNumber(value)}`,
        ]),
      ];
      const rows = facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== '');
      console.log(alignColumns(rows));
      if (version.config !== undefined) console.log(`\nconfiguration\n${JSON.stringify(version.config, null, 2)}`);
    });
}

function publishCommand(): Command {
  return command('publish', "publish weights as a model's next version", '{ isNew, version }')
    .argument(
      '<source>',
      'the folder of a run, a checkpoint, weights, a folder of safetensors, or the address of a file',
    )
    .requiredOption('--name <model>', 'the model')
    .option('--alias <alias>', 'point this alias at it; may be repeated', collect, [])
    .addOption(
      new Option('--checkpoint <which>', "a run's; default: best, or latest where none is best").choices([
        'best',
        'latest',
      ]),
    )
    .option('--best <metric>', 'point the alias best at the version whose metric is best, as in val/loss')
    .addOption(
      new Option('--mode <mode>', 'which direction of --best is better').choices(['min', 'max']).default('min'),
    )
    .option('--parent <version>', 'the version that it was made from')
    .option('--tag <tag>', 'may be repeated', collect, [])
    .option('--notes <text>', 'what a reader should know')
    .action(async (source: string, flags: PublishFlags) => {
      const { name, alias, tag: tags, checkpoint, best: metric, mode, notes, parent } = flags;
      const { ModelRegistry, referenceTo } = await library();
      const registry = new ModelRegistry(flags.registry);
      const { version, isNew } = await registry.publish(source, {
        ...{ name, alias, tags },
        ...(checkpoint === undefined ? {} : { checkpoint }),
        ...(metric === undefined ? {} : { best: { metric, mode } }),
        ...(notes === undefined ? {} : { notes }),
        ...(parent === undefined ? {} : { parent }),
      });
      if (flags.json) return print({ isNew, version: encodable(version) });
      const said = isNew ? `Published ${referenceTo(version)}` : `${referenceTo(version)} has this content already`;
      console.log(`${said}: ${registry.pathOf(version)} (${formatBytes(version.bytes)})`);
    });
}

function aliasCommand(): Command {
  return command('alias', 'point an alias at a version')
    .argument('<version>', 'as in digits@v3; with --remove the model')
    .argument('<alias>', 'as in production')
    .option('--remove', 'remove the alias')
    .action(
      async (reference: string, alias: string, { registry: place, remove }: RegistryOptions & { remove?: boolean }) => {
        const { ModelRegistry, referenceTo } = await library();
        const registry = new ModelRegistry(place);
        if (remove) await registry.removeAlias(reference, alias);
        else await registry.setAlias(reference, alias);
        const end = remove ? 'removed' : referenceTo(await registry.get(reference));
        console.log(`${reference.split('@')[0]}@${alias}: ${end}`);
      },
    );
}

function verifyCommand(): Command {
  return command(
    'verify',
    'compare every byte with what was published; ends with exit code 1 where something is damaged',
  )
    .argument('<version>', 'as in digits@v3, or a model for all its versions')
    .action(async (reference: string, { registry: place }: RegistryOptions) => {
      const { ModelRegistry, referenceTo } = await library();
      const registry = new ModelRegistry(place);
      const numbers = reference.includes('@')
        ? [undefined]
        : (await registry.model(reference)).versions.map(({ number }) => number);
      for (const number of numbers) {
        const { version, problems } = await registry.verify(
          number === undefined ? reference : `${reference}@v${number}`,
        );
        console.log(`${problems.length === 0 ? 'ok      ' : 'DAMAGED '} ${referenceTo(version)}`);
        for (const problem of problems) console.log(`         ${problem}`);
        if (problems.length > 0) process.exitCode = 1;
      }
    });
}

function exportCommand(): Command {
  return command('export', "copy a version's files out, verified")
    .argument('<version>', 'as in digits@production')
    .argument('[folder]', 'where they go')
    .option(
      '--mlflow [experiment]',
      "make it a version of MLflow's registered models instead (MLFLOW_TRACKING_URI says where)",
    )
    .option(
      '--wandb [project]',
      'make it a version of an artifact of Weights & Biases instead (WANDB_PROJECT, WANDB_API_KEY, WANDB_MODE=offline)',
    )
    .action(async (reference: string, folder: string | undefined, flags: ExportFlags) => {
      const { registry: place, mlflow, wandb } = flags;
      const wanted = [folder, mlflow, wandb].filter((way) => way !== undefined);
      if (wanted.length !== 1)
        throw new Error(
          `Cannot export "${reference}": expected a folder, --mlflow or --wandb, got ${wanted.length === 0 ? 'none' : 'more than one'}`,
        );
      const { ModelRegistry } = await library();
      const registry = new ModelRegistry(place);
      if (folder !== undefined) return console.log(await registry.export(reference, folder));
      console.log(`${reference}: ${await (mlflow === undefined ? toWandb : toMLflow)(registry, reference, flags)}`);
    });
}

async function toMLflow(registry: ModelRegistry, reference: string, { mlflow }: ExportFlags): Promise<string> {
  const { publishToMLflow } = await library();
  const options = typeof mlflow === 'string' ? { experiment: mlflow } : {};
  const { version, isNew } = await publishToMLflow(registry, reference, options);
  return `version ${version} of MLflow${isNew ? '' : ', which was there already'}`;
}

async function toWandb(registry: ModelRegistry, reference: string, { wandb }: ExportFlags): Promise<string> {
  const { publishToWandb } = await library();
  const { url, folder } = await publishToWandb(
    registry,
    reference,
    typeof wandb === 'string' ? { project: wandb } : {},
  );
  return url ?? `an offline run; \`wandb sync ${folder}\` sends it`;
}

function removeCommand(): Command {
  return command('remove', 'remove a version that no alias points at, for good')
    .argument('<version>', 'as in digits@v3')
    .action(async (reference: string, { registry: place }: RegistryOptions) => {
      if (!reference.includes('@'))
        throw new Error(`Cannot remove "${reference}": expected a version, as in ${reference}@v3`);
      const { ModelRegistry, referenceTo } = await library();
      const registry = new ModelRegistry(place);
      const version = referenceTo(await registry.get(reference));
      await registry.remove(version);
      console.log(`Removed ${version}`);
    });
}

const encodable = (version: ModelVersion): object => ({ ...version, metrics: encodeValues(version.metrics) });

const print = (value: unknown): void => console.log(JSON.stringify(value, null, 2));
