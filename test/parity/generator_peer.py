"""PyTorch's side of generator.test.ts: prints, for each kind of draw, a state in the middle of a stream, what is drawn next, and the state after.

Standard input: {"kind": state in base64}, where our generators stand. Each answer is two of these triples: one from our state, one from a state of
PyTorch's own.
"""

import base64
import json
import sys

import torch

DRAWS = {
    "rand": lambda g: torch.rand(7, generator=g),
    "rand float64": lambda g: torch.rand(7, generator=g, dtype=torch.float64),
    "randn": lambda g: torch.randn(5, generator=g),
    "randn of 20": lambda g: torch.randn(20, generator=g),
    "randn float64": lambda g: torch.randn(3, generator=g, dtype=torch.float64),
    "randint": lambda g: torch.randint(0, 1000, (9,), generator=g),
    "randint beyond 2^32": lambda g: torch.randint(0, 2**40, (9,), generator=g),
    "randperm": lambda g: torch.randperm(30, generator=g),
    "normal_": lambda g: torch.empty(3).normal_(1, 2, generator=g),
    "uniform_": lambda g: torch.empty(9).uniform_(-1, 1, generator=g),
    "bernoulli": lambda g: torch.full((40,), 0.3).bernoulli(generator=g),
    "bernoulli_": lambda g: torch.empty(40).bernoulli_(0.6, generator=g),
    "exponential_": lambda g: torch.empty(9).exponential_(2, generator=g),
    "geometric_": lambda g: torch.empty(9).geometric_(0.4, generator=g),
    "logNormal_": lambda g: torch.empty(9).log_normal_(0.5, 0.25, generator=g),
    "cauchy_": lambda g: torch.empty(9).cauchy_(0, 1, generator=g),
    "random_": lambda g: torch.empty(9).random_(generator=g),
    "multinomial": lambda g: torch.ones(6).multinomial(4, generator=g),
    "poisson": lambda g: torch.poisson(torch.full((9,), 3.0), generator=g),
}


def encode(tensor):
    return base64.b64encode(tensor.contiguous().view(torch.uint8).numpy().tobytes()).decode()


def play(generator, draw):
    before = generator.get_state()
    drawn = draw(generator)
    return {"before": encode(before), "drawn": encode(drawn), "after": encode(generator.get_state())}


states = json.load(sys.stdin)
answers = {}
for kind, state in states.items():
    theirs = torch.Generator()
    theirs.set_state(torch.frombuffer(bytearray(base64.b64decode(state)), dtype=torch.uint8))
    own = torch.Generator().manual_seed(2**33 + 7)
    torch.randn(1, generator=own)
    DRAWS[kind](own)
    answers[kind] = [play(theirs, DRAWS[kind]), play(own, DRAWS[kind])]
print(json.dumps(answers))
