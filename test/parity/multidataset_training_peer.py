"""Trains what Sconce saved: python multidataset_training_peer.py IN OUT. A model of two data sets, written down from its formulas, in double precision: masked Poisson losses as a mean over the data sets of a batch,
a penalty, a clamp behind each step, gradients clipped and gathered over two batches, AdamW over core and heads, a warm-up and half a cosine by epochs. OUT holds losses and weights."""

import math
import sys

import torch
import torch.nn.functional as F

source, target = sys.argv[1:]
torch.set_num_threads(1)
start = torch.load(source, weights_only=True)
settings = start["settings"]
weights = {name: value.double().requires_grad_() for name, value in start["weights"].items()}
CONV, ENCODER = "model.convnet.layers.0.components.conv.conv.", "model.modulator.encoder.mlp.0."


def predict(group):
    index = int(group["datasetIdx"])
    seen = F.conv3d(group["stim"].double(), weights[CONV + "weight"], weights[CONV + "bias"]).relu()
    told = F.linear(group["behavior"].double(), weights[ENCODER + "weight"], weights[ENCODER + "bias"])
    told = told[:, :, None, None, None].expand(-1, -1, *seen.shape[2:])
    features = torch.cat([seen, told], dim=1)[:, :, -1].mean(dim=(2, 3))
    head = f"model.readouts.{index}."
    return F.softplus(F.linear(features, weights[head + "fc.weight"], weights[head + "bias"])).clamp(min=1e-8)


def loss_of(batch):
    losses = []
    for group in batch:
        rate, counts, mask = predict(group), group["robs"].double(), group["dfs"].double()
        loss = (F.poisson_nll_loss(rate, counts, log_input=False, reduction="none") * mask).sum() / mask.sum()
        if torch.isfinite(loss):
            losses.append(loss)
    return torch.stack(losses).mean()


def is_core(name):
    return "convnet" in name or "modulator" in name


lr, scale = settings["lr"], settings["core_lr_scale"]
groups = []
for core in (True, False):
    for decayed in (True, False):
        own = [w for n, w in weights.items() if is_core(n) == core and (n.endswith(".weight") and w.ndim > 1) == decayed]
        groups.append({"params": own, "lr": lr * (scale if core else 1), "weight_decay": settings["wd"] if decayed else 0.0})
optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.999), eps=1e-8)
bases = [group["lr"] for group in groups]
warmup, epochs = settings["warmup"], settings["epochs"]
first = min(bases) / (warmup + 1)
history = []
for epoch in range(epochs):
    for group, base in zip(optimizer.param_groups, bases):
        if epoch < warmup:
            group["lr"] = first + (base - first) * epoch / warmup
        else:
            group["lr"] = base * (1 + math.cos(math.pi * (epoch - warmup) / (epochs - warmup))) / 2
    order = start["batches"][epoch]
    for at, batch in enumerate(order):
        base = loss_of(batch)
        penalty = sum(settings["l1"] * w.abs().sum() for n, w in weights.items() if "readouts" in n and "fc" in n)
        history.append([base.item(), penalty.item()])
        ((base + penalty) / 2).backward()
        if at % 2 == 1:
            torch.nn.utils.clip_grad_norm_(list(weights.values()), settings["clip"])
            optimizer.step()
            optimizer.zero_grad()
            with torch.no_grad():
                weights[CONV + "weight"].clamp_(-settings["clamp"], settings["clamp"])
torch.save({"losses": torch.tensor(history, dtype=torch.float64), "weights": {n: w.detach() for n, w in weights.items()}}, target)
