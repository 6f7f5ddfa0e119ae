import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseExtendedJson, toExtendedJson } from './extended-json.ts';
import { findApiKey, runUrl, wandbProblems, wandbSettings } from './options.ts';

test('wandbProblems() says everything that is wrong with the options at once', () => {
  const options = {
    projekt: 'digits',
    tags: 'a',
    mode: 'on',
    resume: 'auto',
    id: 'a/b',
    best: { loss: 'low' },
    timeoutMs: -1,
    name: '',
  };
  expect(wandbProblems(options as never, { WANDB_BASE_URL: 'ftp' })).toEqual([
    'projekt: expected no such option, got "one"',
    'name: expected a text, got ""',
    'timeoutMs: expected milliseconds, at least 0, got -1',
    'mode: expected one of online, offline, disabled, got "on"',
    'resume: expected one of allow, must, never, got "auto"',
    'tags: expected texts, got "a"',
    'id: expected at most 128 characters, none of /\\#?%:, got "a/b"',
    'best["loss"]: expected "min" or "max", got "low"',
    'project: expected the name of a project, got none; pass one, or set WANDB_PROJECT',
    'WANDB_BASE_URL: expected the address of a server, as in https://api.wandb.ai, got "ftp"',
  ]);
  expect(() => wandbSettings({}, {})).toThrow(/^Cannot log to W&B: project: expected the name of a project, got none/);
  expect(wandbProblems({ mode: 'disabled' }, {})).toEqual([]);
});

test('wandbSettings() takes from the environment what the options leave open', () => {
  const env = {
    WANDB_PROJECT: 'digits',
    WANDB_ENTITY: 'anna',
    WANDB_MODE: 'offline',
    WANDB_BASE_URL: 'http://here:8080/',
  };
  expect(wandbSettings({}, env)).toEqual({
    project: 'digits',
    entity: 'anna',
    mode: 'offline',
    baseUrl: 'http://here:8080',
  });
  expect(wandbSettings({ project: 'own', mode: 'online' }, env)).toMatchObject({ project: 'own', mode: 'online' });
  expect(wandbSettings({ project: 'own' }, {}).baseUrl).toBe('https://api.wandb.ai');
});

test('findApiKey() looks into the environment, then for the host in ~/.netrc', () => {
  const HOME = mkdtempSync(join(tmpdir(), 'sconce-netrc-'));
  expect(findApiKey('https://api.wandb.ai', { HOME })).toBeUndefined();
  const netrc =
    'machine other login user password wrong\n# machine api.wandb.ai password no\nmachine api.wandb.ai\n  login user\n  password k3y\nmachine here:8080 password own\n';
  writeFileSync(join(HOME, '.netrc'), netrc);
  expect(findApiKey('https://api.wandb.ai', { HOME })).toBe('k3y');
  expect(findApiKey('http://here:8080', { HOME })).toBe('own');
  expect(findApiKey('http://nowhere', { HOME })).toBeUndefined();
  expect(findApiKey('https://api.wandb.ai', { HOME, WANDB_API_KEY: 'first' })).toBe('first');
  expect(findApiKey('https://api.wandb.ai', { HOME: '/', NETRC: join(HOME, '.netrc') })).toBe('k3y');
});

test('runUrl() leads to the site of the server', () => {
  expect(runUrl('https://api.wandb.ai', 'anna', 'my digits', 'ab')).toBe('https://wandb.ai/anna/my%20digits/runs/ab');
  expect(runUrl('http://here:8080', 'anna', 'digits', 'ab')).toBe('http://here:8080/anna/digits/runs/ab');
});

test('JSON has numbers that are none, beside texts that look like them', () => {
  const value = {
    a: Number.NaN,
    b: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0.5],
    c: 'NaN and "Infinity"',
    d: null,
  };
  const text = toExtendedJson({ ...value, left: undefined });
  expect(text).toBe('{"a":NaN,"b":[Infinity,-Infinity,-0.5],"c":"NaN and \\"Infinity\\"","d":null}');
  expect(parseExtendedJson(text)).toEqual(value);
  expect(() => parseExtendedJson('{"a":Nan}')).toThrow(SyntaxError);
});
