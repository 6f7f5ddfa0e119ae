"""Goes on from a checkpoint of our CheckpointManager, and writes one with the keys of multimodal_insight_engine: python multimodal_checkpoint_peer.py OURS THEIRS RESULT"""

import sys
from collections import OrderedDict, defaultdict

import torch


class Run:
    def __init__(self, seed: int, lr: float) -> None:
        torch.manual_seed(seed)
        self.model = torch.nn.Sequential(
            OrderedDict(first=torch.nn.Linear(3, 4), tanh=torch.nn.Tanh(), second=torch.nn.Linear(4, 1))
        )
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=lr)
        self.scheduler = torch.optim.lr_scheduler.StepLR(self.optimizer, step_size=1, gamma=0.5)

    def step(self) -> None:
        self.optimizer.zero_grad()
        x, y = torch.tensor([[1.0, 2, 3], [3, 1, 2]]), torch.tensor([[1.0], [0]])
        torch.nn.functional.mse_loss(self.model(x), y).backward()
        self.optimizer.step()
        self.scheduler.step()


ours, theirs, result = sys.argv[1:]
run = Run(seed=1, lr=1.0)
checkpoint = torch.load(ours, weights_only=True)
run.model.load_state_dict(checkpoint["model_state_dict"])
run.optimizer.load_state_dict(checkpoint["optimizer_state_dicts"][0])
run.scheduler.load_state_dict(checkpoint["scheduler_state_dicts"][0])
run.step()

other = Run(seed=0, lr=0.1)
other.step()
history = defaultdict(list)
history["train_loss"].extend([1.0, 0.5, 0.25])
history["val_recalls.t2i_R1"].append(torch.tensor(0.125))
torch.save(
    {
        "model_state_dict": other.model.state_dict(),
        "optimizer_state_dict": other.optimizer.state_dict(),
        "current_epoch": 2,
        "global_step": 7,
        "best_val_metric": 0.25,
        "patience_counter": 2,
        "history": dict(history),
        "scheduler_state_dict": other.scheduler.state_dict(),
        "custom_state": {"id": "exp123"},
    },
    theirs,
)
other.step()
torch.save(
    {"ours": run.model.state_dict(), "theirs": other.model.state_dict(), "extra": checkpoint["extra"]},
    result,
)
