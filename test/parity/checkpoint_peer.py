"""Goes on training from a checkpoint of checkpoint.test.ts: python checkpoint_peer.py CHECKPOINT BATCHES RESULT"""

import sys

import torch

checkpoint = torch.load(sys.argv[1], weights_only=True)
model = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.Tanh(), torch.nn.Linear(5, 1))
model.load_state_dict(checkpoint["model_state_dict"])
optimizer = torch.optim.AdamW(model.parameters())
# A new schedule sets learning rates: it comes before the optimizer's state.
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + step))
optimizer.load_state_dict(checkpoint["optimizer_state_dicts"][0])
scheduler.load_state_dict(checkpoint["scheduler_state_dicts"][0])
for batch in torch.load(sys.argv[2], weights_only=True):
    torch.nn.functional.mse_loss(model(batch["x"]), batch["y"]).backward()
    optimizer.step()
    optimizer.zero_grad()
    scheduler.step()
torch.save({"weights": model.state_dict(), "lr": scheduler.get_last_lr(), "keys": list(checkpoint)}, sys.argv[3])
