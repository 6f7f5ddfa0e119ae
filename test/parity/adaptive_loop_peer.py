"""Goes on from a checkpoint of our TrainingLoop, and writes some with the keys of adaptiveneuralnetwork's: python adaptive_loop_peer.py FOLDER

Reads ours.pt, writes theirs.pt (a plain model), adaptive.pt (an adaptive one), evil.pt and result.pt.
"""

import os
import sys

import torch
from torch import nn

folder = sys.argv[1]
X = torch.arange(12, dtype=torch.float32).reshape(6, 2).mul(0.7).sin()
Y = torch.tensor([0, 1, 1, 0, 1, 0])
CONFIG = {"num_nodes": 5, "learning_rate": 0.05, "phase_weights": {"active": 0.6, "sleep": 0.1}, "metrics_file": None}


def at(name):
    return os.path.join(folder, name)


class Run:
    def __init__(self):
        self.model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2))
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=0.05)

    def epoch(self):
        total = 0.0
        for start in range(0, 6, 2):
            self.optimizer.zero_grad()
            loss = nn.functional.cross_entropy(self.model(X[start : start + 2]), Y[start : start + 2])
            loss.backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            total += loss.item() / 3
        return total


def write(path, model_state, optimizer, history):
    torch.save(
        {
            "epoch": len(history) - 1,
            "model_state_dict": model_state,
            "optimizer_state_dict": optimizer.state_dict(),
            "config": CONFIG,
            "metrics_history": history,
        },
        at(path),
    )


ours = torch.load(at("ours.pt"), weights_only=True)
run = Run()
run.model.load_state_dict(ours["model_state_dict"])
run.optimizer.load_state_dict(ours["optimizer_state_dict"])
result = {
    "epoch": ours["epoch"],
    "config": ours["config"],
    "is_float": isinstance(ours["metrics_history"][0]["train_accuracy"], float),
    "ours_loss": run.epoch(),
    "ours": run.model.state_dict(),
}

torch.manual_seed(0)
run = Run()
losses = [run.epoch() for _ in range(3)]
history = [
    {"epoch": i, "timestamp": 1.7e9 + i, "train_loss": loss, "train_accuracy": 50.0, "epoch_time": 0.5, "mean_energy": 9.5}
    for i, loss in enumerate(losses)
]
write("theirs.pt", run.model.state_dict(), run.optimizer, history)
result["losses"] = losses + [run.epoch() for _ in range(2)]
result["theirs"] = run.model.state_dict()

# The names, shapes and order of an AdaptiveModel with 5 nodes of width 3, from 4 inputs to 2 outputs, after batches of 3.
layers = nn.ModuleDict(
    {
        "dynamics": nn.ModuleDict(
            {"state_update": nn.Linear(3, 3), "energy_update": nn.Linear(3, 1), "activity_update": nn.Linear(2, 1)}
        ),
        "input_projection": nn.Linear(4, 3),
        "output_projection": nn.Linear(5, 2),
    }
)
scales = nn.Parameter(torch.ones(4) * 1.5)
layers["dynamics"].register_parameter("phase_scales", scales)
optimizer = torch.optim.Adam(layers.parameters(), lr=0.05)
for parameter in layers.parameters():
    parameter.grad = torch.randn_like(parameter)
optimizer.step()
state = dict(layers.state_dict())
state["node_state"] = {
    "hidden_state": torch.randn(3, 5, 3),
    "energy": torch.rand(3, 5, 1) * 20,
    "activity": torch.rand(3, 5, 1),
    "position": torch.randn(3, 5, 2),
    "phase_mask": torch.rand(3, 5, 1) > 0.5,
}
state["scheduler_state"] = {"current_step": 7, "node_phases": torch.tensor([0, 1, 2, 3, 0])}
write("adaptive.pt", state, optimizer, history)
result["energy"] = state["node_state"]["energy"]


class Evil:
    def __reduce__(self):
        return os.mkdir, (at("executed"),)


torch.save({"epoch": 0, "model_state_dict": state, "optimizer_state_dict": {}, "config": Evil(), "metrics_history": []}, at("evil.pt"))
torch.save(result, at("result.pt"))
