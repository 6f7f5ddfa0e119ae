// Models without a Python beside them: sizes, refusals, masks, caches, copies, formats.
import { describe, expect, it } from 'vitest';
import {
  arange,
  manualSeed,
  noGrad,
  ones,
  randint,
  randn,
  scope,
  type Tensor,
  tensor,
  trackTensors,
  zeros,
} from '../tensor/index.ts';
import { allclose } from '../tensor/ops.generated.ts';
import * as models from './index.ts';

const GPT2 = { vocab_size: 50, n_positions: 24, n_embd: 16, n_layer: 2, n_head: 2, eos_token_id: null };
const DROPLESS = { resid_pdrop: 0, embd_pdrop: 0, attn_pdrop: 0 };
const BERT = {
  ...{ vocab_size: 50, hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 32 },
  max_position_embeddings: 24,
};

const expectClose = (a: Tensor, b: Tensor, tolerance = 1e-5): void =>
  expect(allclose(a, b, { rtol: tolerance, atol: tolerance }) || `${a} is not ${b}`).toBe(true);

function makeGpt2(fields: object = {}): models.GPT2LMHeadModel {
  manualSeed(1);
  const model = new models.GPT2LMHeadModel({ ...GPT2, ...DROPLESS, ...fields });
  // Larger weights, so that tokens differ.
  noGrad(() => {
    for (const parameter of model.parameters()) if (parameter.ndim === 2) parameter.mul_(5);
  });
  return model.eval();
}

const numParameters = (model: { parameters(): { numel: number }[] }): number =>
  model.parameters().reduce((sum, { numel }) => sum + numel, 0);

describe('named models', () => {
  it.each([
    ['resnet18', models.resnet18, 11_689_512],
    ['resnet50', models.resnet50, 25_557_032],
    ['resnext50_32x4d', models.resnext50_32x4d, 25_028_904],
    ['wideResnet50_2', models.wideResnet50_2, 68_883_240],
    ['vitB16', models.vitB16, 86_567_656],
  ] as const)('%s has as many parameters as in torchvision', (_name, make, count) => {
    scope(() => expect(numParameters(make())).toBe(count));
  });

  it('resnet dilates stages instead of making pictures smaller', () => {
    manualSeed(0);
    const dilated = { numClasses: 3, replaceStrideWithDilation: [false, true, true] } as const;
    const model = new models.ResNet(models.Bottleneck, [1, 1, 1, 1], dilated).eval();
    expect(model.layer4.forward(model.layer3.forward(zeros([1, 512, 4, 4]))).shape).toEqual([1, 2048, 4, 4]);
    expect(model.forward(zeros([2, 3, 33, 47])).shape).toEqual([2, 3]);
  });

  it('resnet starts residual branches at zero where asked to', () => {
    const model = new models.ResNet(models.BasicBlock, [1, 1, 1, 1], { numClasses: 3, zeroInitResidual: true });
    const block = model.layer1.at(0) as models.BasicBlock;
    expect((block.bn2 as unknown as { weight: Tensor }).weight.sum().item()).toBe(0);
    expect((block.bn1 as unknown as { weight: Tensor }).weight.sum().item()).toBe(64);
  });

  it('resnet gives the same in channels_last', () => {
    manualSeed(0);
    const model = new models.ResNet(models.BasicBlock, [1, 1, 1, 1], { numClasses: 3 }).eval();
    const x = randn([2, 3, 32, 32]);
    const plain = noGrad(() => model.forward(x));
    model.to({ memoryFormat: 'channels_last' });
    expect(model.conv1.weight.stride[1]).toBe(1);
    expectClose(
      noGrad(() => model.forward(x.contiguous({ memoryFormat: 'channels_last' }))),
      plain,
      1e-4,
    );
  });

  it('are copied with everything in them', () => {
    manualSeed(0);
    const ids = randint(0, 50, [2, 6]);
    const gpt2 = makeGpt2();
    const copy = gpt2.deepCopy();
    expect(copy.lm_head.weight === copy.transformer.wte.weight).toBe(true);
    expect(copy.lm_head.weight === gpt2.lm_head.weight).toBe(false);
    expectClose(copy.forward(ids).logits, gpt2.forward(ids).logits, 0);
    const bert = new models.BertForSequenceClassification(BERT).eval();
    expectClose(bert.deepCopy().forward(ids).logits, bert.forward(ids).logits, 0);
    const sizes = { imageSize: 8, patchSize: 4, numLayers: 1, numHeads: 2, hiddenDim: 8, mlpDim: 8, numClasses: 3 };
    const vit = new models.VisionTransformer({ ...sizes, representationSize: 4 }).eval();
    expectClose(vit.deepCopy().forward(ones([1, 3, 8, 8])), vit.forward(ones([1, 3, 8, 8])), 0);
  });
});

describe('what is refused', () => {
  const vit = { imageSize: 32, patchSize: 8, numLayers: 1, numHeads: 2, hiddenDim: 8, mlpDim: 8 };
  it.each([
    [() => models.resnet18({ classes: 3 } as object), 'got "classes"'],
    [() => models.resnet18({ numClasses: 0 }), 'expected numClasses of at least 1, got 0'],
    [
      () => models.resnet18({ groups: 2 }),
      'expected groups 1, width 64 and dilation 1, got 2, 64 and 1; use Bottleneck',
    ],
    [() => models.resnet50({ replaceStrideWithDilation: [true] as never }), '3 booleans'],
    [
      () => new models.VisionTransformer({ ...vit, patchSize: 7 }),
      'expected patches that divide the picture, got 7 and 32',
    ],
    [
      () => new models.VisionTransformer(vit).forward(zeros([1, 3, 16, 32])),
      'expected [N, 3, 32, 32], got [1, 3, 16, 32]',
    ],
    [() => models.gpt2Config({ n_layer: 0 }), 'expected n_layer to be a positive integer, got 0'],
    [() => models.gpt2Config({ activation_function: 'maxout' }), 'expected activation_function to be one of gelu, '],
    [
      () => models.gpt2Config({ add_cross_attention: true } as object),
      'expected add_cross_attention of false, the one that is supported, got true',
    ],
    [() => models.gpt2Config({ toString: 1 } as object), 'got the unknown "toString"'],
    [() => models.gpt2Config(JSON.parse('{"__proto__": 1, "constructor": 2}') as object), '2 problems'],
    [
      () => models.gpt2Config({ rope_theta: 1e4 } as object),
      'got the unknown "rope_theta"; list it in ignoreConfigFields',
    ],
    [
      () => models.bertConfig({ position_embedding_type: 'relative_key' } as object),
      'expected position_embedding_type of "absolute"',
    ],
    [() => models.bertConfig({ is_decoder: true } as object), 'expected is_decoder of false'],
    [() => new models.GPT2Model({ ...GPT2, n_head: 3 }), 'expected n_head to divide n_embd, got 3 and 16'],
    [() => new models.BertModel({ ...BERT, num_attention_heads: 3 }), 'to divide hidden_size, got 3 and 16'],
    [() => makeGpt2().forward(randint(0, 50, [1, 25])), 'expected at most 24 tokens, got 25'],
    [() => makeGpt2().forward(undefined), 'expected either inputIds or inputsEmbeds, got neither'],
    [() => makeGpt2().forward(tensor([1n])), 'expected inputIds [B, T], got [1]'],
    [() => makeGpt2().forward(tensor([[1n]]), { mask: 1 } as object), 'got "mask"'],
    [
      () => makeGpt2().forward(tensor([[1n]]), { attentionMask: ones([1, 2]) }),
      'expected attentionMask of shape [1, 1], got [1, 2]',
    ],
    [() => makeGpt2().generate(tensor([[1n]]), { temperature: 2 }), 'expected doSample with temperature, got none'],
    [
      () => makeGpt2().generate(tensor([[1n]]), { doSample: true, topP: 0 }),
      'expected topP above 0 and up to 1, got 0',
    ],
    [
      () => makeGpt2().generate(tensor([[1n]]), { maxNewTokens: 24 }),
      'expected at most 24 tokens, got 1 and 24 new ones',
    ],
    [() => makeGpt2().generate(tensor([[1n]]), { numBeams: 2 } as object), 'got "numBeams"'],
    [
      () => makeGpt2().generate(tensor([[1n]]), { eosTokenId: 50 }),
      'expected eosTokenId of a vocabulary of 50, got 50',
    ],
    [
      () => new models.GPT2ForSequenceClassification(GPT2).forward(randint(0, 50, [2, 3])),
      'expected pad_token_id in the configuration, got null',
    ],
    [() => new models.BertModel(BERT).forward(randint(0, 50, [1, 25])), 'expected at most 24 tokens, got 25'],
    [() => models.activation('toString'), 'expected one of gelu, '],
  ])('%# %s', (call, message) => {
    expect(call).toThrow(message);
  });

  it('lists every problem of a configuration at once', () => {
    const fields = { n_layer: -1, resid_pdrop: 2, is_decoder: true } as object;
    expect(() => models.gpt2Config(fields)).toThrow(/3 problems\n.*n_layer.*\n.*resid_pdrop.*\n.*is_decoder/);
  });
});

describe('GPT-2', () => {
  it('sees nothing of what comes after a token', () => {
    const model = makeGpt2();
    const ids = randint(0, 50, [1, 8]);
    const whole = model.forward(ids).logits;
    expectClose(model.forward(ids.narrow(1, 0, 5)).logits, whole.narrow(1, 0, 5));
  });

  it.each(['token by token', 'in pieces'])('gives the same with a cache, %s', (how) => {
    const model = makeGpt2();
    const ids = randint(0, 50, [2, 8]);
    const whole = model.forward(ids).logits;
    const cache = new models.KeyValueCache();
    const pieces = how === 'in pieces' ? [3, 4, 1] : [1, 1, 1, 1, 1, 1, 1, 1];
    noGrad(() => {
      let start = 0;
      for (const length of pieces) {
        const { logits } = model.forward(ids.narrow(1, start, length), { cache });
        expectClose(logits, whole.narrow(1, start, length));
        start += length;
        expect(cache.length).toBe(start);
      }
    });
  });

  it('lets gradients through a cache', () => {
    const model = makeGpt2();
    const ids = randint(0, 50, [1, 6]);
    const gradientOf = (logits: Tensor): Tensor => {
      model.zeroGrad();
      logits.select(1, -1).square().sum().backward();
      return model.transformer.wte.weight.grad!.clone();
    };
    const whole = gradientOf(model.forward(ids).logits);
    const cache = new models.KeyValueCache();
    model.forward(ids.narrow(1, 0, 4), { cache });
    expectClose(gradientOf(model.forward(ids.narrow(1, 4, 2), { cache }).logits), whole, 1e-4);
  });

  it('refuses a cache of another batch', () => {
    const cache = new models.KeyValueCache();
    makeGpt2().forward(randint(0, 50, [2, 3]), { cache });
    expect(() => makeGpt2().forward(randint(0, 50, [1, 1]), { cache })).toThrow('expected keys of shape [2, 2, T, 8]');
  });

  it('gives numbers, and the same ones, whatever padding in front holds', () => {
    const model = makeGpt2();
    const attentionMask = tensor([[0, 0, 1, 1, 1]], { dtype: 'int64' });
    const positionIds = tensor([[0, 0, 0, 1, 2]], { dtype: 'int64' });
    const run = (first: number): Tensor =>
      model.forward(tensor([[first, first, 4, 5, 6]], { dtype: 'int64' }), { attentionMask, positionIds }).logits;
    expect(run(0).isfinite().all().item()).toBe(1);
    expectClose(run(0).narrow(1, 2, 3), run(9).narrow(1, 2, 3), 0);
    expectClose(run(0).narrow(1, 2, 3), model.forward(tensor([[4n, 5n, 6n]])).logits);
  });

  it('trains with padding in front: gradients are numbers', () => {
    const model = makeGpt2().train();
    const attentionMask = tensor([[0, 0, 1, 1, 1]], { dtype: 'int64' });
    const labels = tensor([[-100, -100, 4, 5, 6]], { dtype: 'int64' });
    model.forward(tensor([[0n, 0n, 4n, 5n, 6n]]), { attentionMask, labels }).loss!.backward();
    for (const { grad } of model.parameters()) expect(grad!.isfinite().all().item()).toBe(1);
  });

  it('divides by the layer number, or not at all, as the configuration says', () => {
    const ids = randint(0, 50, [1, 6]);
    const plain = makeGpt2().forward(ids).logits;
    for (const fields of [{ scale_attn_weights: false }, { scale_attn_by_inverse_layer_idx: true }])
      expect(allclose(makeGpt2(fields).forward(ids).logits, plain)).toBe(false);
    expectClose(makeGpt2({ reorder_and_upcast_attn: true }).forward(ids).logits, plain);
  });

  it('takes vectors instead of tokens, and gives the outputs of layers', () => {
    const { transformer } = makeGpt2();
    const ids = randint(0, 50, [2, 4]);
    const { lastHiddenState, hiddenStates } = transformer.forward(ids, { outputHiddenStates: true });
    expect(hiddenStates!.length).toBe(3);
    expectClose(hiddenStates![2]!, lastHiddenState, 0);
    const inputsEmbeds = transformer.wte.forward(ids);
    expectClose(transformer.forward(undefined, { inputsEmbeds }).lastHiddenState, lastHiddenState, 0);
  });

  it('classifies a sequence by its last token that is no padding', () => {
    manualSeed(0);
    const model = new models.GPT2ForSequenceClassification({ ...GPT2, pad_token_id: 0, num_labels: 3 }).eval();
    const ids = tensor([[5n, 6n, 7n], [8n, 0n, 0n]]); // biome-ignore format: rows
    const { logits } = model.forward(ids);
    expectClose(logits.select(0, 1).unsqueeze(0), model.forward(tensor([[8n]])).logits);
  });
});

describe('generate()', () => {
  it('takes the most likely token, one after the other', () => {
    const model = makeGpt2();
    let ids = tensor([[3n, 4n], [7n, 8n]]); // biome-ignore format: rows
    const made = model.generate(ids, { maxNewTokens: 5 });
    for (let i = 0; i < 5; i++) {
      const next = model.forward(ids).logits.select(1, -1).argmax({ dim: -1, keepdim: true });
      ids = joined(ids, next);
    }
    expect(made.toArray()).toEqual(ids.toArray());
  });

  it('ends a sequence at its end token, fills up, and stops when all have ended', () => {
    const model = makeGpt2();
    const ids = tensor([[3n, 4n], [7n, 8n]]); // biome-ignore format: rows
    const free = model.generate(ids, { maxNewTokens: 8 }).toArray() as number[][];
    const end = free[0]![2]!; // the first sequence ends at once
    const made = model.generate(ids, { maxNewTokens: 8, eosTokenId: end, padTokenId: 49 }).toArray() as number[][];
    expect(free[1]).not.toContain(end);
    expect(made).toEqual([[3, 4, end, ...new Array<number>(7).fill(49)], free[1]]);
    const alone = model.generate(ids.narrow(0, 0, 1), { maxNewTokens: 8, eosTokenId: [end] });
    expect(alone.toArray()).toEqual([[3, 4, end]]);
  });

  it('draws the same from the same seed, and of topK or topP tokens alone', () => {
    const model = makeGpt2();
    const ids = tensor([[3n, 4n]]);
    const draw = (options: object): unknown => {
      manualSeed(2);
      return model.generate(ids, { maxNewTokens: 10, doSample: true, ...options }).toArray();
    };
    const greedy = model.generate(ids, { maxNewTokens: 10 }).toArray();
    expect(draw({})).toEqual(draw({}));
    expect(draw({ temperature: 3 })).not.toEqual(greedy);
    expect(draw({ topK: 1 })).toEqual(greedy);
    expect(draw({ topP: 1e-6 })).toEqual(greedy);
  });

  it('leaves the mode of every module as it was, and no tensors behind', () => {
    const model = makeGpt2().train();
    model.transformer.drop.eval();
    const ids = tensor([[3n, 4n]]);
    scope(() => {
      expect(trackTensors(() => model.generate(ids, { maxNewTokens: 3 })).left).toEqual([]);
    });
    expect(model.training).toBe(true);
    expect(model.transformer.drop.training).toBe(false);
  });
});

describe('BERT', () => {
  it('gives the same, whatever padding holds', () => {
    manualSeed(0);
    const model = new models.BertModel(BERT).eval();
    const attentionMask = tensor([[1, 1, 1, 0, 0]], { dtype: 'int64' });
    const run = (last: number): Tensor =>
      model.forward(tensor([[4, 5, 6, last, last]], { dtype: 'int64' }), { attentionMask }).lastHiddenState;
    expectClose(run(1).narrow(1, 0, 3), run(9).narrow(1, 0, 3), 0);
    expectClose(run(1).narrow(1, 0, 3), model.forward(tensor([[4n, 5n, 6n]])).lastHiddenState);
  });

  it('computes losses of pretraining and of answers', () => {
    manualSeed(0);
    const ids = randint(0, 50, [2, 6]);
    const pretraining = new models.BertForPreTraining(BERT).eval();
    const labels = ids.maskedFill(arange(6).lt(4), -100);
    const nextSentenceLabel = tensor([0n, 1n]);
    const { loss, predictionLogits, seqRelationshipLogits } = pretraining.forward(ids, { labels, nextSentenceLabel });
    const words = predictionLogits
      .narrow(1, 4, 2)
      .logSoftmax(-1)
      .gather(2, ids.narrow(1, 4, 2).unsqueeze(2))
      .mean()
      .neg();
    const pairs = seqRelationshipLogits.logSoftmax(-1).gather(1, nextSentenceLabel.unsqueeze(1)).mean().neg();
    expectClose(loss!, words.add(pairs));
    const answering = new models.BertForQuestionAnswering(BERT).eval();
    const answer = answering.forward(ids, { startPositions: tensor([1n, 9n]), endPositions: tensor([3n, 2n]) });
    const start = answer.startLogits.logSoftmax(-1).select(0, 0).select(0, 1).neg(); // the other lies outside and counts for nothing
    const ends = answer.endLogits.logSoftmax(-1).gather(1, tensor([[3n], [2n]])).mean().neg(); // biome-ignore format: rows
    expectClose(answer.loss!, start.add(ends).div(2));
  });

  it('takes squared errors for one class, and each class for itself for floating labels', () => {
    manualSeed(0);
    const ids = randint(0, 50, [2, 4]);
    const one = new models.BertForSequenceClassification({ ...BERT, num_labels: 1 }).eval();
    const wanted = tensor([0.5, -1]);
    const result = one.forward(ids, { labels: wanted });
    expectClose(result.loss!, result.logits.squeeze().sub(wanted).square().mean());
    const several = new models.BertForSequenceClassification({ ...BERT, num_labels: 3 }).eval();
    const each = several.forward(ids, { labels: ones([2, 3]) });
    expectClose(each.loss!, each.logits.sigmoid().log().neg().mean());
  });
});

function joined(ids: Tensor, next: Tensor): Tensor {
  return tensor(
    (ids.toArray() as number[][]).map((row, i) => [...row, (next.toArray() as number[][])[i]![0]!]),
    { dtype: 'int64' },
  );
}
