# Trains, with the fused optimizer whose bits ours has, as the checkpoint says that it was trained, with torch.optim.swa_utils beside it, and says what is not the same to the bit.
import sys

import torch
from torch.optim.swa_utils import SWALR, AveragedModel, get_ema_multi_avg_fn

path = sys.argv[1]
checkpoint = torch.load(path, weights_only=True)
extra, ema = checkpoint["extra"], checkpoint["ema"]
x, y = extra["x"], extra["y"]
torch.manual_seed(7)
model = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.2, momentum=0.9, fused=True)
is_ema = ema["kind"] == "ema"
average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9) if is_ema else None)
scheduler = None if is_ema else SWALR(optimizer, swa_lr=0.05, anneal_epochs=3)
for _ in range(extra["epochs"]):
    for start in range(0, len(x), 4):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(x[start : start + 4]), y[start : start + 4]).backward()
        optimizer.step()
        if is_ema:
            average.update_parameters(model)
    if not is_ema:
        average.update_parameters(model)
        scheduler.step()
for name, value in model.state_dict().items():
    if not torch.equal(value, checkpoint["model_state_dict"][name]):
        print("weights differ:", name)
for name, value in average.module.state_dict().items():
    if not torch.equal(value, ema["averages"][name]):
        print("averages differ:", name, (value - ema["averages"][name]).abs().max().item())
if int(average.n_averaged) != ema["num_updates"]:
    print("updates differ:", int(average.n_averaged), ema["num_updates"])
model.load_state_dict({**checkpoint["model_state_dict"], **ema["averages"]})
print("compared", len(ema["averages"]))
