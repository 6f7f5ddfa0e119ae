"""Python's side of ../overhead.mjs: one run, which stops before every block of steps until it is asked for.

Arguments: pytorch, lightning-bare, lightning or accelerate; steps a block; blocks; clock or cpu.
"""
import os
import sys
import tempfile
import time
import warnings

import torch

sys.path.insert(0, os.path.dirname(__file__))
from workloads import mlp_small as workload  # noqa: E402

NUM_BATCHES = 8
BATCH_SIZE = 8
STEPS_PER_SAVE = 5000
STEPS_PER_LOG = 50

mode = sys.argv[1]
steps_per_block, num_blocks = int(sys.argv[2]), int(sys.argv[3])
now = time.process_time if sys.argv[4] == "cpu" else time.perf_counter
# Lightning prints to standard output, which is for replies here.
replies = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
warnings.filterwarnings("ignore")
torch.set_num_threads(1)
torch.manual_seed(0)
model = workload.make_model()
batches = [(workload.make_inputs(BATCH_SIZE), workload.make_targets(BATCH_SIZE)) for _ in range(NUM_BATCHES)]
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True)
started = None


def take_turn():
    """Between two blocks: tells how long the last one took, and waits until the next one is wanted."""
    global started
    if started is not None:
        replies.write(f"{(now() - started) * 1e6 / steps_per_block}\n")
        replies.flush()
    sys.stdin.readline()
    started = now()


def views_of(batch):
    return [column.narrow(0, 0, column.shape[0]) for column in batch]


class Batches(torch.utils.data.Dataset):
    """Views of batches that lie ready; one more than the blocks have: where it begins, the last block is over."""

    def __len__(self):
        return steps_per_block * num_blocks + 1

    def __getitem__(self, step):
        if step % steps_per_block == 0:
            take_turn()
        return views_of(batches[step % NUM_BATCHES])


def loader():
    return torch.utils.data.DataLoader(Batches(), batch_size=None)


def play_raw():
    for step in range(steps_per_block * num_blocks):
        if step % steps_per_block == 0:
            take_turn()
        inputs, targets = views_of(batches[step % NUM_BATCHES])
        loss = workload.loss(model, inputs, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    take_turn()


def play_lightning():
    import lightning
    from lightning.pytorch.callbacks import ModelCheckpoint
    from lightning.pytorch.loggers import CSVLogger

    is_bare = mode == "lightning-bare"

    class Task(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.model = model

        def training_step(self, batch, batch_idx):
            inputs, targets = batch
            loss = workload.loss(self.model, inputs, targets)
            if not is_bare:
                self.log("train/loss", loss)
                self.log("train/samples", float(BATCH_SIZE))
            return loss

        def configure_optimizers(self):
            return optimizer

    folder = tempfile.mkdtemp(dir=os.environ.get("SCONCE_BENCH_FOLDER"))
    settings = {"barebones": True} if is_bare else {
        "logger": CSVLogger(folder),
        "log_every_n_steps": STEPS_PER_LOG,
        "profiler": "simple",
        "callbacks": [ModelCheckpoint(dirpath=folder, every_n_train_steps=STEPS_PER_SAVE)],
        "default_root_dir": folder,
    }
    lightning.Trainer(accelerator="cpu", devices=1, max_epochs=1, **settings).fit(Task(), loader())


def play_accelerate():
    from accelerate import Accelerator

    accelerator = Accelerator(cpu=True)
    prepared, stepper, given = accelerator.prepare(model, optimizer, loader())
    for inputs, targets in given:
        with accelerator.accumulate(prepared):
            loss = workload.loss(prepared, inputs, targets)
            stepper.zero_grad()
            accelerator.backward(loss)
            stepper.step()


{"pytorch": play_raw, "accelerate": play_accelerate}.get(mode, play_lightning)()
