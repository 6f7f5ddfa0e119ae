"""Python's side of logging.mjs: requests on standard input, as JSON, a reply each."""

import json
import logging
import math
import sys
import time
import warnings

warnings.filterwarnings("ignore")
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
import lightning
import torch
from lightning.pytorch.loggers import TensorBoardLogger
from torch.utils.tensorboard import SummaryWriter

torch.set_num_threads(1)


def summary_writer(folder, scalars, per_call):
    started = time.perf_counter()
    writer = SummaryWriter(folder)
    for step in range(scalars):
        writer.add_scalar("train/metric_0", math.sin(step) / 3, step)
    writer.close()
    return time.perf_counter() - started


class Module(lightning.LightningModule):
    def __init__(self, keys):
        super().__init__()
        self.layer = torch.nn.Linear(1, 1)
        self.keys = keys

    def training_step(self, batch, index):
        for key in self.keys:
            self.log(key, math.sin(index) / 3)
        return self.layer(batch).sum()

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.0)


def fit(folder, steps, keys):
    trainer = lightning.Trainer(
        max_steps=steps,
        max_epochs=-1,
        accelerator="cpu",
        logger=TensorBoardLogger(folder),
        log_every_n_steps=1,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    loader = torch.utils.data.DataLoader(torch.ones(steps, 1), batch_size=1)
    module = Module(keys)
    started = time.perf_counter()
    trainer.fit(module, loader)
    trainer.logger.finalize("success")
    return time.perf_counter() - started


def with_lightning(folder, scalars, per_call):
    # A tenth of the scalars: time for each stays the same, and the fit takes seconds.
    steps = scalars // 10 // per_call
    with_log = fit(folder, steps, [f"train/metric_{i}" for i in range(per_call)])
    return (with_log - fit(folder, steps, [])) * 10


for line in sys.stdin:
    request = json.loads(line)
    run = {"summaryWriter": summary_writer, "lightning": with_lightning}[request["logger"]]
    seconds = run(request["folder"], request["scalars"], request["perCall"])
    print(json.dumps({"ms": seconds * 1000}), flush=True)
