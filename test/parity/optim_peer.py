"""Goes on with training from what Sconce saved: python optim_peer.py IN OUT. Prints nothing; OUT holds losses and states."""

import sys

import torch
from torch import nn

source, target = sys.argv[1:]
torch.set_num_threads(1)
start = torch.load(source, weights_only=True)
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4))
model.load_state_dict(start["model"])
optimizer = torch.optim.AdamW([{"params": model[0].parameters()}, {"params": model[2].parameters()}], lr=123.0, fused=True)
# A new schedule sets learning rates: it comes before the optimizer's state, as PyTorch's documentation says.
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + step))
optimizer.load_state_dict(start["optimizer"])
for group in optimizer.param_groups:
    group["fused"] = True  # Sconce leaves the choice of a kernel open
scheduler.load_state_dict(start["scheduler"])
losses = []
for _ in range(20):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(start["x"]), start["y"])
    loss.backward()
    optimizer.step()
    scheduler.step()
    losses.append(loss.item())
torch.save(
    {
        "losses": losses,
        "model": dict(model.state_dict()),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "rng": torch.get_rng_state(),
    },
    target,
)
