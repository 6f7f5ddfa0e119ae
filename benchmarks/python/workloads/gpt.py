"""The model of ../../workloads/gpt.mjs."""
import torch
import torch.nn.functional as F
from torch import nn

VOCABULARY = 256


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.width, self.heads = width, heads
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.act = nn.GELU()
        self.down = nn.Linear(4 * width, width)

    def forward(self, x):
        batch, length, _ = x.shape
        parts = self.qkv(self.norm1(x)).split(self.width, dim=2)
        q, k, v = (part.view(batch, length, self.heads, self.width // self.heads).transpose(1, 2) for part in parts)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        attended = x + self.proj(mixed.transpose(1, 2).reshape(batch, length, self.width))
        return attended + self.down(self.act(self.up(self.norm2(attended))))


class Gpt(nn.Module):
    def __init__(self, width, heads, layers, length):
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, width)
        self.places = nn.Embedding(length, width)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, VOCABULARY, bias=False)

    def forward(self, tokens):
        places = self.places(torch.arange(tokens.shape[1]))
        return self.head(self.norm(self.blocks(self.tokens(tokens) + places)))


class Workload:
    """The functions that ../worker.py asks of a workload, for one size."""

    def __init__(self, width, heads, layers, length):
        self.size = (width, heads, layers, length)
        self.length = length

    def make_model(self):
        return Gpt(*self.size)

    def make_inputs(self, count):
        return torch.randint(VOCABULARY, (count, self.length))

    def make_targets(self, count):
        return torch.randint(VOCABULARY, (count, self.length))

    def loss(self, model, inputs, targets):
        return F.cross_entropy(model(inputs).view(-1, VOCABULARY), targets.view(-1))


workload = Workload(width=128, heads=4, layers=4, length=64)
