"""Prints, as JSON, what torch.profiler and torch.utils.flop_counter say of the models of profiler.test.ts: calls by operator, and operations."""
import json

import torch
from torch import nn
from torch.nn import functional
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

torch.set_num_threads(1)


def perceptron():
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    x, gradient = torch.ones(5, 3), torch.ones(5, 1)
    return lambda: model(x).backward(gradient)


def convolution():
    model = nn.Sequential(nn.Conv2d(3, 6, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(6, 4, (3, 2), dilation=2), nn.Flatten())
    x, gradient = torch.ones(2, 3, 16, 16), torch.ones(2, 96)
    return lambda: model(x).backward(gradient)


def attention():
    q, k, v = (torch.ones(2, 4, n, 8, requires_grad=True) for n in (6, 10, 10))
    gradient = torch.ones(2, 4, 6, 8)
    return lambda: functional.scaled_dot_product_attention(q, k, v).backward(gradient)


def products():
    a, b = torch.ones(4, 2, 3), torch.ones(4, 3, 5)
    return lambda: (torch.bmm(a, b), torch.baddbmm(torch.ones(5), a, b), a[0] @ b[0], torch.addmm(torch.ones(5), a[0], b[0]))


def played(step):
    step()
    with profile(activities=[ProfilerActivity.CPU]) as recorded:
        step()
    with FlopCounterMode(display=False) as counter:
        step()
    return {"calls": {row.key: row.count for row in recorded.key_averages()}, "flops": counter.get_total_flops()}


print(json.dumps({step.__name__: played(step()) for step in (perceptron, convolution, attention, products)}))
