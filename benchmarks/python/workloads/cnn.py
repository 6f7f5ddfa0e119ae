"""The model of ../../workloads/cnn.mjs."""
import torch
import torch.nn.functional as F
from torch import nn


def block(in_channels, out_channels):
    return [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU()]


class Workload:
    """The functions that ../worker.py asks of a workload, for one size."""

    def __init__(self, channels, side):
        self.channels, self.side = channels, side

    def make_model(self):
        first, second, third = self.channels
        return nn.Sequential(
            *block(3, first),
            nn.MaxPool2d(2),
            *block(first, second),
            nn.MaxPool2d(2),
            *block(second, third),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(third, 10),
        )

    def make_inputs(self, count):
        return torch.randn(count, 3, self.side, self.side)

    def make_targets(self, count):
        return torch.randint(10, (count,))

    def loss(self, model, inputs, targets):
        return F.cross_entropy(model(inputs), targets)


workload = Workload(channels=(32, 64, 128), side=32)
