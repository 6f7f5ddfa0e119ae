"""Training steps by Lightning's Trainer: with its defaults, or with everything off."""
import os
import tempfile
import time
import warnings

import lightning
import torch


class Batches(torch.utils.data.Dataset):
    """Views of batches that lie ready, as in ../harness/fit.mjs."""

    def __init__(self, batches, length):
        self.batches = batches
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        return [column.narrow(0, 0, column.shape[0]) for column in self.batches[index % len(self.batches)]]


class Task(lightning.LightningModule):
    def __init__(self, workload, loop, is_bare):
        super().__init__()
        self.model = loop.model
        self.loop = loop
        self.workload = workload
        self.is_bare = is_bare
        self.marks = []

    def training_step(self, batch, batch_idx):
        self.marks.append(time.perf_counter())
        inputs, targets = batch
        loss = self.workload.loss(self.model, inputs, targets)
        if not self.is_bare:
            self.log("train/loss", loss)
        return loss

    def configure_optimizers(self):
        return self.loop.optimizer


class FirstStep(lightning.Callback):
    def __init__(self, call):
        self.call = call

    def on_train_batch_end(self, trainer, module, outputs, batch, batch_idx):
        if batch_idx == 0:
            self.call()


def fit_steps(workload, loop, request, on_first_step=None):
    """Microseconds a step, of pieces of one epoch: from the beginning of one training step to that of a later one."""
    warnings.filterwarnings("ignore")
    size = request["stepsPerPiece"]
    warm_steps = request["warmSteps"]
    length = warm_steps + size * request["pieces"] + 1
    loader = torch.utils.data.DataLoader(Batches(loop.batches, length), batch_size=None)
    task = Task(workload, loop, request["isBare"])
    settings = {"barebones": True} if request["isBare"] else {
        "default_root_dir": tempfile.mkdtemp(dir=os.environ.get("SCONCE_BENCH_FOLDER")),
        "callbacks": [FirstStep(on_first_step)] if on_first_step else [],
    }
    trainer = lightning.Trainer(accelerator="cpu", devices=1, max_epochs=1, **settings)
    trainer.fit(task, loader)
    marks = task.marks[warm_steps:]
    return [(marks[i] - marks[i - size]) * 1e6 / size for i in range(size, len(marks), size)]
