// The facade over configuration files: what is found, read and refused.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../trainer/testing/tiny.ts';
import {
  createExperiment,
  createParameterGrid,
  listConfigurations,
  loadExperimentConfig,
  validateExperimentConfig,
} from './framework.ts';

test('configuration files are listed, read, checked, and changed by parameters', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'more'));
  const base = join(folder, 'base.yaml');
  writeFileSync(base, 'experiment_name: base\nseed: 3\n');
  writeFileSync(join(folder, 'more', 'wrong.json'), '{"seed": "x", "sede": 1}');
  writeFileSync(join(folder, 'notes.txt'), '');
  expect(await listConfigurations(folder)).toEqual([base, join(folder, 'more', 'wrong.json')]);
  expect((await loadExperimentConfig(base)).config).toMatchObject({ experimentName: 'base', seed: 3 });
  expect((await createExperiment(base, { seed: 4 })).config).toMatchObject({ experimentName: 'base', seed: 4 });
  expect(await validateExperimentConfig(base)).toMatchObject({ isValid: true, problems: [] });
  const wrong = await validateExperimentConfig(join(folder, 'more', 'wrong.json'));
  expect([wrong.isValid, wrong.problems.length]).toEqual([false, 2]);
  expect(wrong.problems[0]).toMatch(/wrong\.json:1:\d+/);
  expect(createParameterGrid('g').addParameter('a', [1]).length).toBe(1);
});
