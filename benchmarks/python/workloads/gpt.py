"""The model of ../../workloads/gpt.mjs."""
import torch
import torch.nn.functional as F
from torch import nn

VOCABULARY = 256
LENGTH = 64
WIDTH = 128
HEADS = 4
LAYERS = 4


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH)
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.proj = nn.Linear(WIDTH, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH)
        self.up = nn.Linear(WIDTH, 4 * WIDTH)
        self.act = nn.GELU()
        self.down = nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        batch, length, _ = x.shape
        parts = self.qkv(self.norm1(x)).split(WIDTH, dim=2)
        q, k, v = (part.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2) for part in parts)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        attended = x + self.proj(mixed.transpose(1, 2).reshape(batch, length, WIDTH))
        return attended + self.down(self.act(self.up(self.norm2(attended))))


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, WIDTH)
        self.places = nn.Embedding(LENGTH, WIDTH)
        self.blocks = nn.Sequential(*(Block() for _ in range(LAYERS)))
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, VOCABULARY, bias=False)

    def forward(self, tokens):
        places = self.places(torch.arange(tokens.shape[1]))
        return self.head(self.norm(self.blocks(self.tokens(tokens) + places)))


def make_model():
    return Gpt()


def make_inputs(count):
    return torch.randint(VOCABULARY, (count, LENGTH))


def make_targets(count):
    return torch.randint(VOCABULARY, (count, LENGTH))


def loss(model, inputs, targets):
    return F.cross_entropy(model(inputs).view(-1, VOCABULARY), targets.view(-1))
