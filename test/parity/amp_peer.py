"""Trains under autocast what Sconce saved: python amp_peer.py IN OUT. OUT holds, by the name of each case, losses, weights and loss scales."""

import sys

import torch
from torch import nn

source, target = sys.argv[1:]
torch.set_num_threads(1)
start = torch.load(source, weights_only=True)


class Net(nn.Module):
    """Operators of every kind of autocast: half, float32, widest type, and those that follow their input."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.layer_norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 5)

    def forward(self, x):
        x = torch.nn.functional.gelu(self.norm(self.conv(x)))
        tokens = x.flatten(2).transpose(1, 2)
        mixed, _ = self.attention(tokens, tokens, tokens, need_weights=False)
        return self.head(self.layer_norm(tokens + mixed).mean(dim=1))


def train(dtype, scale, initial, factor):
    model = Net()
    model.load_state_dict(start["model"])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    scaler = torch.amp.GradScaler("cpu", init_scale=initial, growth_interval=3, enabled=scale)
    losses, scales = [], []
    for step in range(8):
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=dtype):
            loss = nn.functional.cross_entropy(model(start["x"]), start["y"]) * factor
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_value_(model.parameters(), 0.05)
        scaler.step(optimizer)
        scaler.update()
        losses.append(loss.item())
        scales.append(scaler.get_scale())
    return {"losses": losses, "scales": scales, "scaler": scaler.state_dict(), "model": dict(model.state_dict())}


half, brain = torch.float16, torch.bfloat16
torch.save(
    {
        "bfloat16": train(brain, False, 1.0, 1.0),
        "float16": train(half, True, 2.0**16, 1.0),
        "float16, overflowing": train(half, True, 2.0**26, 16.0),
    },
    target,
)
