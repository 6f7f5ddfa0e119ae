"""Lightning's side of test/seeds/visioncore.test.ts: trains a model of VisionCore's kind, after its formulas, and saves it as VisionCore does.

python visioncore_peer.py FOLDER   reads FOLDER/start.pt (weights) and FOLDER/batches.pt, writes FOLDER/old.ckpt and FOLDER/history.json

A causal convolution, behaviour as further channels, a readout with a place for each data set; AdamW over core and heads; means over groups of masked Poisson losses.
"""

import json
import logging
import math
import sys
import warnings
from pathlib import Path

import lightning
import torch
from torch import nn
from torch.nn import functional

warnings.filterwarnings("ignore")
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)

UNITS = [2, 3]
EPOCHS, WARMUP, FIRST_LR = 3, 1, 2e-3


class Readout(nn.Module):
    def __init__(self, channels, units):
        super().__init__()
        self.features = nn.Conv2d(channels, units, 1, bias=False)
        self.mean = nn.Parameter(torch.zeros(units, 2))
        self.std = nn.Parameter(torch.ones(units, 2))
        self.theta = nn.Parameter(torch.zeros(units))
        self.bias = nn.Parameter(torch.zeros(units))

    def forward(self, features):
        values = self.features(features[:, :, -1])
        height, width = values.shape[-2:]
        rows = (torch.arange(height) - (height - 1) / 2).view(1, -1, 1) - self.mean[:, 0].view(-1, 1, 1)
        columns = (torch.arange(width) - (width - 1) / 2).view(1, 1, -1) - self.mean[:, 1].view(-1, 1, 1)
        cosine, sine = self.theta.cos().view(-1, 1, 1), self.theta.sin().view(-1, 1, 1)
        std = self.std.clamp(min=1e-3)
        along = (rows * cosine + columns * sine) / std[:, 0].view(-1, 1, 1)
        across = (columns * cosine - rows * sine) / std[:, 1].view(-1, 1, 1)
        mask = torch.exp(-(along**2 + across**2) / 2)
        mask = mask / (mask.sum((-1, -2), keepdim=True) + 1e-8)
        return (values * mask).sum((-1, -2)) + self.bias


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        block = nn.ModuleDict({"conv": nn.ModuleDict({"conv": nn.Conv3d(1, 4, (2, 3, 3))})})
        self.convnet = nn.ModuleDict({"layers": nn.ModuleList([nn.ModuleDict({"components": block})])})
        self.modulator = nn.ModuleDict({"encoder": nn.ModuleDict({"mlp": nn.Sequential(nn.Linear(2, 3))})})
        self.readouts = nn.ModuleList([Readout(7, units) for units in UNITS])

    def forward(self, stim, dataset, behavior):
        stim = torch.cat([stim[:, :, :1], stim], 2)
        features = self.convnet["layers"][0]["components"]["conv"]["conv"](stim).relu()
        encoded = self.modulator["encoder"]["mlp"](behavior)[:, :, None, None, None]
        features = torch.cat([features, encoded.expand(-1, -1, *features.shape[2:])], 1)
        return functional.softplus(self.readouts[dataset](features)).clamp(min=1e-8)


def bits_per_spike(rhat, robs, dfs):
    bins, spikes = dfs.sum(0).clamp(min=1), (dfs * robs).sum(0).clamp(min=1)
    mean = spikes / bins

    def likelihood(rate):
        return robs * (rate + 1e-8).log() - rate

    return (dfs * (likelihood(rhat) - likelihood(mean))).sum(0) / spikes / math.log(2)


class MultiDatasetModel(lightning.LightningModule):
    def __init__(self, model_cfg, cfg_dir, lr, wd, max_ds, pretrained_checkpoint=None, freeze_vision=False, compile_model=False):
        super().__init__()
        self.save_hyperparameters()
        self.model = Network()
        self.history = []
        self.played = []

    def loss_of(self, group):
        rhat = self.model(group["stim"], group["datasetIdx"], group["behavior"])
        loss = functional.poisson_nll_loss(rhat, group["robs"], log_input=False, eps=1e-8, reduction="none")
        mask = group["dfs"].expand_as(loss)
        return (loss * mask).sum() / mask.sum()

    def training_step(self, groups, index):
        loss = torch.stack([self.loss_of(group) for group in groups]).mean()
        self.played.append((loss.item(), sum(len(group["robs"]) for group in groups)))
        return loss

    def validation_step(self, groups, index):
        for group in groups:
            rhat = self.model(group["stim"], group["datasetIdx"], group["behavior"])
            self.held_out[group["datasetIdx"]].append([rhat, group["robs"], group["dfs"].expand_as(rhat)])

    def on_validation_epoch_start(self):
        self.held_out = [[] for _ in UNITS]

    def on_validation_epoch_end(self):
        bits = []
        for groups in self.held_out:
            rhat, robs, dfs = (torch.cat(each).double() for each in zip(*groups))
            bits.append(bits_per_spike(rhat, robs, dfs).clamp(min=0).mean().item())
        samples = sum(size for _, size in self.played)
        self.history.append({"train_loss": sum(loss * size for loss, size in self.played) / samples, "val_bps": bits})
        self.played = []

    def configure_optimizers(self):
        groups = {}
        for name, parameter in self.named_parameters():
            core = any(part in name for part in ("frontend", "convnet", "modulator"))
            decays = name.endswith(".weight") and parameter.ndim > 1
            groups.setdefault((core, decays), []).append(parameter)
        lr, wd = self.hparams.lr, self.hparams.wd
        optimizer = torch.optim.AdamW(
            {
                "params": parameters,
                "lr": lr * (self.hparams.core_lr_scale if core else 1),
                "weight_decay": wd if decays else 0,
            }
            for (core, decays), parameters in groups.items()
        )

        def rate(base):
            def factor(epoch):
                if epoch < WARMUP:
                    return (FIRST_LR + (base - FIRST_LR) * epoch / WARMUP) / base
                return (1 + math.cos(math.pi * (epoch - WARMUP) / (EPOCHS - WARMUP))) / 2

            return factor

        factors = [rate(group["lr"]) for group in optimizer.param_groups]
        return [optimizer], [torch.optim.lr_scheduler.LambdaLR(optimizer, factors)]

    def train_dataloader(self):
        return torch.utils.data.DataLoader(self.batches["train"][self.current_epoch], batch_size=None)

    def val_dataloader(self):
        return torch.utils.data.DataLoader(self.batches["val"], batch_size=None)


def main(folder):
    peer = MultiDatasetModel(model_cfg="configs/model.yaml", cfg_dir="configs/datasets", lr=0.02, wd=0.1, max_ds=2)
    peer.hparams.core_lr_scale = 0.5
    peer.load_state_dict(torch.load(folder / "start.pt", weights_only=True))
    peer.batches = torch.load(folder / "batches.pt", weights_only=True)
    quiet = {name: False for name in ("logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary")}
    trainer = lightning.Trainer(
        max_epochs=EPOCHS,
        gradient_clip_val=0.5,
        num_sanity_val_steps=0,
        reload_dataloaders_every_n_epochs=1,
        accelerator="cpu",
        **quiet,
    )
    trainer.fit(peer)
    trainer.save_checkpoint(folder / "old.ckpt")
    (folder / "history.json").write_text(json.dumps(peer.history))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
