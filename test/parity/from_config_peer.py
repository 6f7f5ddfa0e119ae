"""Trains by optimizers and schedules of torch by name: python from_config_peer.py IN OUT. IN is JSON: cases by name, each with classes and options; OUT has rates and weights."""

import json
import sys
import warnings

import torch
from torch.optim import lr_scheduler

warnings.simplefilter("ignore")
source, target = sys.argv[1:]
made = {}
for name, case in json.load(open(source)).items():
    kind, options = case["optimizer"]
    weight = torch.nn.Parameter(torch.arange(1.0, 7.0).reshape(2, 3))
    optimizer = getattr(torch.optim, kind)([weight], **options)
    schedulers = [getattr(lr_scheduler, kind)(optimizer, **options) for kind, options in case.get("schedulers", [])]
    scheduler = schedulers[-1] if schedulers else None
    if "milestones" in case:
        scheduler = lr_scheduler.SequentialLR(optimizer, schedulers, case["milestones"])
    rates = []
    for step in range(case["steps"]):
        optimizer.zero_grad()
        loss = (weight * torch.arange(6.0).reshape(2, 3)).sin().sum()
        loss.backward()
        optimizer.step()
        rates.append(optimizer.param_groups[0]["lr"])
        if case.get("byMetric"):
            schedulers[0].step() if len(schedulers) > 1 else None
            scheduler.step(1.0)
        elif scheduler:
            scheduler.step()
    made[name] = {"rates": rates, "weight": weight.detach().flatten().tolist()}
json.dump(made, open(target, "w"))
