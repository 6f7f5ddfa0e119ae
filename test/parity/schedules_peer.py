"""Goes on with the schedules that Sconce saved in their middle: python schedules_peer.py IN OUT. OUT holds what they then do, and their states."""

import sys
import warnings
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent.parent / "fixtures" / "parity"))
import schedules  # noqa: E402

warnings.simplefilter("ignore")
source, target = sys.argv[1:]
made = {}
for name, saved in torch.load(source, weights_only=True).items():
    case, kind = schedules.CASES[name], saved["optimizer"]
    optimizer = schedules.make_optimizer(kind)
    scheduler = schedules.make_scheduler(case, optimizer)
    before = {key: type(value) for key, value in scheduler.state_dict().items()}
    optimizer.load_state_dict(saved["groups"])
    scheduler.load_state_dict(saved["scheduler"])
    after = {key: type(value) for key, value in scheduler.state_dict().items()}
    # A minimum of 0 is an int by default, a plateau's best value a float from its first step on.
    others = {key: str(kind) for key, kind in after.items() if kind is not before[key] and key not in {"default_min_lr", "best"}}
    values = [schedules.values(optimizer)]
    for step in range(schedules.MIDDLE, schedules.NUM_STEPS):
        schedules.step_once(scheduler, step)
        values.append(schedules.values(optimizer))
    made[name] = {"rates": schedules.by_kind(values)[0], "scheduler": scheduler.state_dict(), "groups": optimizer.state_dict(), "other types": others}
torch.save(made, target)
