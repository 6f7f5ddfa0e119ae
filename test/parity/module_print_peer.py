"""Makes random trees of modules and says how PyTorch prints them, names what is in them, and what it misses in a state: python module_print_peer.py <seed> <count> writes JSON lines.

A tree is [kind, extra, children]: a leaf of LEAVES, or a container of CONTAINERS over [name, tree] pairs. A pair whose tree is a number is the child of
that position once more, the same object.
"""

import json
import random
import sys

import torch
from torch import nn


class Stack(nn.ModuleList):
    """A subclass: its own name is printed."""


class Block(nn.Module):
    """Children in properties, and whatever extra_repr is told."""

    def __init__(self, extra, children):
        super().__init__()
        self.extra = extra
        for name, child in children:
            setattr(self, name, child)

    def extra_repr(self):
        return self.extra


def encoder_layer(**options):
    return nn.TransformerEncoderLayer(4, 2, dim_feedforward=6, **options)


def weight(dtype, *shape):
    return nn.Parameter(torch.zeros(shape, dtype=dtype), requires_grad=False)


LEAVES = {
    "linear": lambda: nn.Linear(3, 2),
    "linear without bias": lambda: nn.Linear(3, 2, bias=False),
    "identity": nn.Identity,
    "relu": nn.ReLU,
    "gelu": lambda: nn.GELU(approximate="tanh"),
    "dropout": lambda: nn.Dropout(0.25),
    "conv": lambda: nn.Conv2d(3, 4, 3, stride=2, padding=1, bias=False),
    "conv of groups": lambda: nn.Conv1d(4, 4, (3,), groups=2, dilation=2, padding="same", padding_mode="circular"),
    "transposed": lambda: nn.ConvTranspose2d(4, 2, (2, 3), stride=(1, 2), output_padding=(0, 1)),
    "batch norm": lambda: nn.BatchNorm2d(4),
    "batch norm, own": lambda: nn.BatchNorm1d(4, eps=1e-3, momentum=None, affine=False),
    "layer norm": lambda: nn.LayerNorm([3, 4], eps=1e-6),
    "group norm": lambda: nn.GroupNorm(2, 4),
    "pool": lambda: nn.MaxPool2d(2, ceil_mode=True),
    "adaptive": lambda: nn.AdaptiveAvgPool2d((1, None)),
    "flatten": nn.Flatten,
    "embedding": lambda: nn.Embedding(5, 3, padding_idx=0),
    "lstm": lambda: nn.LSTM(3, 4, num_layers=2, batch_first=True, bidirectional=True, dropout=0.1),
    "gru": lambda: nn.GRU(3, 4, bias=False),
    "rnn": lambda: nn.RNN(3, 4, nonlinearity="relu"),
    "attention": lambda: nn.MultiheadAttention(4, 2, kdim=3, vdim=3),
    "encoder layer": lambda: encoder_layer(activation="gelu", batch_first=True),
    "encoder": lambda: nn.TransformerEncoder(encoder_layer(), 3, norm=nn.LayerNorm(4), enable_nested_tensor=False),
    "decoder": lambda: nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, dim_feedforward=6), 2),
    "loss": lambda: nn.CrossEntropyLoss(label_smoothing=0.1),
    "parameter list": lambda: nn.ParameterList([torch.zeros(2, 3), torch.zeros(()), weight(torch.int64, 4), weight(torch.bfloat16, 1, 2)]),
    "parameter dict": lambda: nn.ParameterDict({"b": torch.zeros(2), "a": weight(torch.int64, 2, 1), "c": weight(torch.bool, 3), "d": weight(torch.float64)}),
    "no parameters": nn.ParameterList,
}
EXTRAS = ["", "", "size=3", "size=3, name='x'", "size=3\nname='x'", "first\n\nthird", "  ", "\n"]

CONTAINERS = {
    "Sequential": lambda extra, children: nn.Sequential(*(child for _, child in children)),
    "Sequential by name": lambda extra, children: nn.Sequential(dict_of(children)),
    "ModuleList": lambda extra, children: nn.ModuleList(child for _, child in children),
    "Stack": lambda extra, children: Stack(child for _, child in children),
    "ModuleDict": lambda extra, children: nn.ModuleDict(dict_of(children)),
    "Block": Block,
}


def dict_of(children):
    from collections import OrderedDict

    return OrderedDict(children)


def tree(rng, depth):
    if depth == 0 or rng.random() < 0.3:
        return [rng.choice(list(LEAVES)), "", []]
    children = []
    for _ in range(rng.choice([0, 1, 2, 2, 3, 4])):
        child = tree(rng, depth - 1)
        for _ in range(rng.choice([1, 1, 1, 2, 3, 6])):  # alike, one after the other
            children.append(child)
        if rng.random() < 0.1:
            children.append(rng.randrange(len(children)))
    names = [rng.choice("abcxyz") + "_" * i for i in range(len(children))]
    return [rng.choice(list(CONTAINERS)), rng.choice(EXTRAS), list(zip(names, children))]


def build(node):
    kind, extra, pairs = node
    if kind in LEAVES:
        return LEAVES[kind]()
    children = []
    for name, child in pairs:
        if isinstance(child, int):
            while isinstance(pairs[child][1], int):
                child = pairs[child][1]
            children.append((name, children[child][1]))
        else:
            children.append((name, build(child)))
    return CONTAINERS[kind](extra, children)


def names_of(module):
    every = {"remove_duplicate": False}
    return [
        list(module.state_dict(prefix="p.")),
        *([name for name, _ in named(**options)] for named in (module.named_modules, module.named_parameters, module.named_buffers) for options in ({}, every)),
    ]


def lists_of(module, rng):
    """A state, without versions, in which names are missing, new or changed, and what does not match."""
    state = dict(module.state_dict())
    for name in list(state):
        change = rng.choice(["", "", "", "drop", "rename", "below", "beside"])
        if change in ("drop", "rename"):
            value = state.pop(name)
        if change == "rename":
            state[rng.choice(["module.", "", "x."]) + name + "_"] = value
        if change == "below":
            state[name + ".x"] = torch.zeros(1)
        if change == "beside":
            state[name.rpartition(".")[0] + "x"] = torch.zeros(1)
    given = list(state)
    result = module.load_state_dict(state, strict=False)
    return {"given": given, "missing": result.missing_keys, "unexpected": result.unexpected_keys}


if __name__ == "__main__":
    generator = random.Random(int(sys.argv[1]))
    torch.set_num_threads(1)
    every = [[kind, "", []] for kind in LEAVES]
    blocks = [["Block", "", [["conv", ["conv", "", []]], ["norm", ["batch norm", "", []]]]]] * 6
    fixed = [*every, ["ModuleList", "", [[f"b{i}", block] for i, block in enumerate(blocks)]], ["Sequential", "", [[f"b{i}", block] for i, block in enumerate(blocks)]]]
    for node in fixed + [tree(generator, generator.choice([1, 2, 3, 4])) for _ in range(int(sys.argv[2]))]:
        module = build(node)
        print(json.dumps({"tree": node, "text": repr(module), "names": names_of(module), "lists": lists_of(module, generator)}))
