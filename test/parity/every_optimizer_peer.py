"""Goes on with every optimizer from what Sconce saved: python every_optimizer_peer.py IN OUT STEPS. The problem is that of every-optimizer.ts."""

import sys
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parent.parent / "fixtures" / "parity"))
from optimizers import PaperLion  # noqa: E402

source, target, num_steps = sys.argv[1:]
torch.set_num_threads(1)
HAVE_FUSED = ["Adagrad", "Adam", "AdamW", "SGD"]


def rows_of(gradient):
    rows = torch.tensor([1, 3])
    return torch.sparse_coo_tensor(rows[None], gradient[rows], gradient.shape, check_invariants=True)


def go_on(name, start):
    params = [nn.Parameter(value) for value in start["values"]]
    numbers = [torch.arange(param.numel(), dtype=torch.float32).reshape(param.shape) for param in params]
    make = PaperLion if name == "Lion" else getattr(torch.optim, name)
    named = [(f"x{i}", param) for i, param in enumerate(params)]
    optimizer = make(named, lr=0.5)
    optimizer.load_state_dict(start["optimizer"])
    if name in HAVE_FUSED:
        for group in optimizer.param_groups:
            group["fused"] = True  # Sconce leaves the choice of a kernel open

    @torch.no_grad()
    def evaluate():
        losses = []
        for param, number in zip(params, numbers):
            distance, slopes = param - number, (number + 1) * 0.0625
            gradient = distance * slopes
            param.grad = rows_of(gradient) if name == "SparseAdam" else gradient
            losses.append((distance.square() * slopes).sum() * 0.5)
        return sum(losses[1:], losses[0])

    for _ in range(int(num_steps)):
        if name == "LBFGS":
            optimizer.step(evaluate)
        else:
            evaluate()
            optimizer.step()
    return {"values": [param.detach() for param in params], "optimizer": optimizer.state_dict()}


given = torch.load(source, weights_only=True)
torch.save({name: go_on(name, start) for name, start in given.items()}, target)
