"""The model of ../../workloads/mlp-small.mjs."""
import torch
import torch.nn.functional as F
from torch import nn


def make_model():
    return nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 10))


def make_inputs(count):
    return torch.randn(count, 784)


def make_targets(count):
    return torch.randint(10, (count,))


def loss(model, inputs, targets):
    return F.cross_entropy(model(inputs), targets)
