"""The model of ../../workloads/cnn.mjs."""
import torch
import torch.nn.functional as F
from torch import nn


def block(in_channels, out_channels):
    return [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU()]


def make_model():
    return nn.Sequential(
        *block(3, 32),
        nn.MaxPool2d(2),
        *block(32, 64),
        nn.MaxPool2d(2),
        *block(64, 128),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(128, 10),
    )


def make_inputs(count):
    return torch.randn(count, 3, 32, 32)


def make_targets(count):
    return torch.randint(10, (count,))


def loss(model, inputs, targets):
    return F.cross_entropy(model(inputs), targets)
