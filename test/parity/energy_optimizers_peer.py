"""Optimizers that look at the energies and phases of nodes, in PyTorch: 50 steps each. Writes what ours are held against.

  python energy_optimizers_peer.py OUT.safetensors
"""
import math
import sys

import torch
from safetensors.torch import save_file

NODES, SAMPLES, STEPS = 5, 3, 50
FACTORS = torch.tensor([1.0, 0.5, 1.5, 2.0], dtype=torch.float64)


def nodes_at(step):
    """Energies on both sides of the threshold, and phases."""
    grid = torch.arange(SAMPLES * NODES, dtype=torch.float64).view(SAMPLES, NODES)
    return 0.15 + 0.14 * torch.sin(grid * 1.7 + step), torch.tensor([(n * 3 + step // 4) % 4 for n in range(NODES)])


def rate_of(step, s=1.0, k=1.0, q=1.0):
    energy, phases = nodes_at(step)
    return (s * torch.clamp(energy / 0.1, 0.1, 2) ** k * (1 + (FACTORS[phases] - 1) * q)).mean()


def start():
    return [
        torch.sin(torch.arange(6, dtype=torch.float64)).view(2, 3).requires_grad_(),
        torch.cos(torch.arange(4, dtype=torch.float64)).requires_grad_(),
    ]


def gradients(params, step):
    a, b = params
    loss = ((a * (1 + 0.1 * math.sin(step)) - 0.3) ** 2).sum() + (b.sin() * a.sum()).sum() * 0.1
    return torch.autograd.grad(loss, params)


class Moments:
    def __init__(self, like):
        self.m, self.v, self.t = torch.zeros_like(like), torch.zeros_like(like), 0

    def direction(self, g, beta1=0.9, beta2=0.999, eps=1e-8):
        self.t += 1
        self.m = beta1 * self.m + (1 - beta1) * g
        self.v = beta2 * self.v + (1 - beta2) * g * g
        return math.sqrt(1 - beta2**self.t) / (1 - beta1**self.t) * self.m / (self.v.sqrt() + eps)


def adam():
    params = start()
    moments, rates = [Moments(p) for p in params], torch.zeros((), dtype=torch.float32)
    for step in range(STEPS):
        grads = gradients(params, step)
        rates = 0.9 * rates + 0.1 * 0.05 * rate_of(step).float()
        with torch.no_grad():
            for p, g, moment in zip(params, grads, moments):
                p -= rates.double() * moment.direction(g + 0.01 * p)
    return params


def sgd():
    params = start()
    velocities = [None, None]
    for step in range(STEPS):
        grads = gradients(params, step)
        with torch.no_grad():
            for i, (p, g) in enumerate(zip(params, grads)):
                g = g + 0.01 * p
                velocities[i] = g if velocities[i] is None else 0.8 * velocities[i] + g
                p -= 0.02 * rate_of(step) * (g + 0.8 * velocities[i])
    return params


def meta():
    params, window, lr, meta_lr = start(), 4, 0.03, 0.05
    moments = [Moments(p) for p in params]
    learned = [torch.ones(3, dtype=torch.float64) for _ in params]
    learned_moments = [Moments(each) for each in learned]
    sums, before = [torch.zeros(3, dtype=torch.float64) for _ in params], [None, None]
    for step in range(STEPS):
        grads = gradients(params, step)
        for i, (p, g) in enumerate(zip(params, grads)):
            if before[i] is not None:
                direction, slope = before[i]
                sums[i] -= (g * direction).sum() * slope
            if (step + 1) % window == 0:
                learned[i] = learned[i] - meta_lr * learned_moments[i].direction(sums[i] / window)
                learned[i] = torch.stack([learned[i][0].clamp(0.1, 10), learned[i][1].clamp(0.1, 3), learned[i][2].clamp(0, 2)])
                sums[i] = torch.zeros(3, dtype=torch.float64)
            leaf = learned[i].clone().requires_grad_()
            rate = lr * rate_of(step, *leaf)
            (slope,) = torch.autograd.grad(rate, leaf)
            direction = moments[i].direction(g)
            before[i] = (direction, slope)
            with torch.no_grad():
                p -= rate.detach() * direction
    return params + learned


RUNS = {"adam": adam(), "sgd": sgd(), "meta": meta()}
save_file({f"{name}/{i}": value.detach() for name, run in RUNS.items() for i, value in enumerate(run)}, sys.argv[1])
