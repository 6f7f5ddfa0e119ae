// Models that a Python beside us made, saved and trained: they load here, give the same, learn the same; and the way back, from folders and checkpoints of ours.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keep, libtorchVersion, load, manualSeed, noGrad, save, setNumThreads, type Tensor } from '../../src/index.ts';
import {
  BertForMaskedLM,
  BertModel,
  GPT2LMHeadModel,
  loadPretrained,
  type PretrainedModel,
  PretrainedTokenizer,
} from '../../src/models/index.ts';
import type { StateDict } from '../../src/nn/module.ts';
import { findPythonTorch, runPython } from '../parity/python.ts';
import { expectClose, expectSame } from '../parity/reference.ts';
import {
  type Batch,
  headed,
  logitsOf,
  makeBatches,
  makeOptimizer,
  NETWORKS,
  type Network,
  range,
  train,
} from './networks.ts';

interface Trained {
  readonly start?: StateDict;
  readonly before: Tensor;
  readonly losses: number[];
  readonly end: StateDict;
  readonly after: Tensor;
}

interface Encoded {
  readonly ids: number[][];
  readonly text: string[];
  readonly pair?: { readonly input_ids: number[]; readonly token_type_ids: number[] };
  readonly batch?: { readonly input_ids: Tensor; readonly attention_mask: Tensor; readonly token_type_ids: Tensor };
}

type Expected = Readonly<Record<string, Trained>> & {
  readonly generated: { readonly greedy: Tensor; readonly sampled: Tensor; readonly padded: Tensor };
  readonly pickled: StateDict;
  readonly tokenizers: { readonly gpt2: Encoded; readonly bert: Encoded };
};

const fixtures = fileURLToPath(new URL('../fixtures/models/', import.meta.url));

/** The Python to compare with, or what it lacks. */
function findPeer(): ReturnType<typeof findPythonTorch> {
  const python = findPythonTorch({ oldest: 2 });
  if ('missing' in python) return python;
  const ask =
    "import networks; networks.import_torchvision(); from importlib.util import find_spec; assert find_spec('transformers'), 'no transformers'";
  const { status, stderr } = spawnSync(python.command, ['-B', '-c', ask], { cwd: fixtures, encoding: 'utf8' });
  return status === 0 ? python : { missing: `${python.command}: ${stderr.trim().split('\n').at(-1)}` };
}

const python = findPeer();
if ('missing' in python) console.log(`skipped, models against live torchvision and transformers: ${python.missing}`);

const isBare = (name: string): boolean => ['resnet18', 'vit', 'tagger'].includes(name);
const TEXTS = ['The quick brown fox', "don't  jump over the café, 東京!", 'x', '', '  the lazy\tdog\nsleeps 12345 '];

describe.skipIf('missing' in python)('models of a live Python', () => {
  let folder: string;
  let expected: Expected;
  let isSame: boolean;

  const peer = (script: string, ...args: string[]): string => {
    if ('missing' in python) throw new Error(python.missing);
    return runPython(python, ['-B', join(fixtures, script), ...args]);
  };

  beforeAll(async () => {
    if ('missing' in python) return;
    setNumThreads(1);
    folder = mkdtempSync(join(tmpdir(), 'sconce-models-'));
    peer('peer.py', 'make', folder);
    expected = (await load(join(folder, 'expected.pt'))) as Expected;
    isSame = python.torchVersion.startsWith(libtorchVersion());
  }, 120_000);

  afterAll(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  /** The network as Python saved it. */
  async function fromPython(name: string): Promise<Network> {
    const made = NETWORKS[name]!(0);
    if (isBare(name)) {
      made.model.loadStateDict(expected[name]!.start!);
      return made;
    }
    return headed((await loadPretrained(join(folder, name))) as never);
  }

  function expectWeights(state: StateDict, wanted: StateDict): void {
    expect(Object.keys(state)).toEqual(Object.keys(wanted));
    for (const [key, value] of Object.entries(wanted)) {
      if (isSame) expectSame(state[key]!, value, key);
      else expectClose(state[key]!, value, 1e-3, key);
    }
  }

  describe.each(Object.keys(NETWORKS))('%s', (name) => {
    it('loads, gives the same, and learns the same weights in 20 steps', { timeout: 60_000 }, async () => {
      const network = await fromPython(name);
      expect(network.model.training).toBe(isBare(name));
      const batches = makeBatches(name);
      const wanted = expected[name]!;
      // PyTorch evaluates attention of a MultiheadAttention by another kernel.
      expectClose(logitsOf(network, batches[0]!), wanted.before, 1e-6);
      const losses = train(network, makeOptimizer(network.model), batches, range(0, 20));
      if (isSame) expect(losses).toEqual(wanted.losses);
      expectWeights(network.model.stateDict(), wanted.end);
      expectClose(logitsOf(network, batches[0]!), wanted.after, 1e-6);
    });
  });

  describe('the way back', () => {
    beforeAll(async () => {
      const halfway: Record<string, unknown> = {};
      for (const name of Object.keys(NETWORKS)) {
        const network = await fromPython(name);
        const batches = makeBatches(name);
        const { optimizer, scheduler } = makeOptimizer(network.model);
        train(network, { optimizer, scheduler }, batches, range(0, 10));
        const states = { model: network.model.stateDict(), optimizer: optimizer.stateDict() };
        halfway[name] = { ...states, scheduler: scheduler.stateDict(), batches: batches.map(inPython) };
      }
      await save(halfway, join(folder, 'halfway.pt'));
      peer('continue.py', join(folder, 'halfway.pt'), join(folder, 'continued.pt'));
      continued = (await load(join(folder, 'continued.pt'))) as Record<string, StateDict>;
    }, 120_000);

    let continued: Readonly<Record<string, StateDict>>;

    it.each(Object.keys(NETWORKS))('%s: Python goes on to the weights that it would get here', (name) => {
      expectWeights(continued[name]!, expected[name]!.end);
    });
  });

  it('folders that are written here are opened by transformers, without a word, and give the same', async () => {
    const names = Object.keys(NETWORKS).filter((name) => !isBare(name));
    const given: Record<string, Batch> = {};
    const logits: Record<string, Tensor> = {};
    for (const name of names) {
      manualSeed(names.indexOf(name));
      const network = NETWORKS[name]!(0.1);
      const batch = makeBatches(name)[0]!;
      given[name] = inPython(batch);
      logits[name] = keep(logitsOf(network, batch));
      const maxShardBytes = name === 'gpt2' ? 40_000 : undefined;
      await (network.model as PretrainedModel).savePretrained(
        join(folder, 'ours', name),
        maxShardBytes === undefined ? {} : { maxShardBytes },
      );
    }
    await save(given, join(folder, 'ours', 'batches.pt'));
    peer('peer.py', 'open', join(folder, 'ours'));
    const theirs = (await load(join(folder, 'ours', 'logits.pt'))) as StateDict;
    expect(Object.keys(theirs)).toEqual(names);
    for (const name of names) expectClose(theirs[name]!, logits[name]!, 1e-6, name);
  }, 60_000);

  it('generates the same tokens: greedy, drawn, and after prompts of two lengths', async () => {
    const model = await GPT2LMHeadModel.fromPretrained(join(folder, 'sharded'));
    const { greedy, sampled, padded } = expected.generated;
    const prompt = greedy.narrow(1, 0, 4);
    expectSame(model.generate(prompt, { maxNewTokens: 12 }), greedy);
    manualSeed(3);
    const options = { maxNewTokens: 12, doSample: true, temperature: 0.8, topK: 20, topP: 0.9 };
    expectSame(model.generate(prompt, options), sampled);
    const attentionMask = padded.narrow(1, 0, 4).ne(0).to('int64');
    const ours = model.generate(padded.narrow(1, 0, 4), { maxNewTokens: 8, attentionMask, padTokenId: 0 });
    expectSame(ours, padded);
  });

  it('reads pytorch_model.bin, with tied weights under both of their names', async () => {
    const model = await BertForMaskedLM.fromPretrained(join(folder, 'pickled'));
    expectWeights(model.stateDict(), expected.pickled);
    expect(model.cls.predictions.decoder.weight).toBe(model.bert.embeddings.word_embeddings.weight);
  });

  it('loads a model without its head, in the dtype that the folder says or another', async () => {
    const half = await BertModel.fromPretrained(join(folder, 'bfloat16'), { fresh: ['pooler'] });
    expect(half.embeddings.word_embeddings.weight.dtype).toBe('bfloat16');
    const single = await BertModel.fromPretrained(join(folder, 'pickled'), {
      drop: ['cls'],
      fresh: ['pooler'],
      dtype: 'float64',
    });
    const weight = single.encoder.layer.at(0).intermediate.dense.weight;
    expectSame(weight.detach(), expected.pickled['bert.encoder.layer.0.intermediate.dense.weight']!.to('float64'));
    noGrad(() => expect(half.forward(makeBatches('bert, tokens')[0]!.inputIds).lastHiddenState.dtype).toBe('bfloat16'));
  });

  it.each(['gpt2', 'bert'] as const)('tokenizes as the tokenizer of %s', async (name) => {
    const tokenizer = await PretrainedTokenizer.fromPretrained(join(folder, 'tokenizers', name));
    const wanted = expected.tokenizers[name];
    expect(TEXTS.map((text) => [...tokenizer.encode(text).ids])).toEqual(wanted.ids);
    expect(wanted.ids.map((ids) => tokenizer.decode(ids))).toEqual(wanted.text);
    if (!wanted.pair || !wanted.batch) return;
    const pair = tokenizer.encode(TEXTS[0]!, { textPair: TEXTS[1]! });
    expect([pair.ids, pair.tokenTypeIds]).toEqual([wanted.pair.input_ids, wanted.pair.token_type_ids]);
    const batch = tokenizer.batch(TEXTS, { maxLength: 6 });
    expectSame(batch.inputIds, wanted.batch.input_ids);
    expectSame(batch.attentionMask, wanted.batch.attention_mask);
    expectSame(batch.tokenTypeIds, wanted.batch.token_type_ids);
  });
});

/** A batch in Python's names. */
function inPython(batch: Batch): Batch {
  const names: Readonly<Record<string, string>> = {
    inputIds: 'input_ids',
    pixelValues: 'pixel_values',
    attentionMask: 'attention_mask',
    tokenTypeIds: 'token_type_ids',
  };
  return Object.fromEntries(Object.entries(batch).map(([key, value]) => [names[key] ?? key, value]));
}
