// `nn.utils`: what PyTorch has under torch.nn.utils, by its names.

export * as rnn from './packed-sequence.ts';
