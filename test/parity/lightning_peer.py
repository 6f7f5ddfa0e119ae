"""Lightning's side of lightning.test.ts.

resume CHECKPOINT BATCHES RESULT   load_from_checkpoint, then Trainer.fit(ckpt_path=CHECKPOINT) up to epoch 2
train BATCHES CHECKPOINT RESULT    fits epoch 1, saves CHECKPOINT, fits epoch 2
"""

import logging
import sys
import warnings

import lightning
import torch

warnings.filterwarnings("ignore")
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)


class Peer(lightning.LightningModule):
    def __init__(self, lr=0.1, tag=None):
        super().__init__()
        self.save_hyperparameters()
        self.model = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.Tanh(), torch.nn.Linear(5, 1))

    def training_step(self, batch, index):
        return torch.nn.functional.mse_loss(self.model(batch["x"]), batch["y"])

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.hparams.lr, betas=(0.8, 0.95), weight_decay=0.1)
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + step))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}


def make_trainer(epochs):
    quiet = {name: False for name in ("logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary")}
    return lightning.Trainer(max_epochs=epochs, accelerator="cpu", **quiet)


def result_of(trainer, peer, path, **more):
    lr = trainer.optimizers[0].param_groups[0]["lr"]
    counts = {"global_step": trainer.global_step, "epoch": trainer.current_epoch, "lr": lr}
    torch.save({"weights": dict(peer.model.state_dict()), **counts, **more}, path)


def resume(checkpoint, batches, result):
    # Batches are kept apart, as no collation is due.
    loader = torch.utils.data.DataLoader(torch.load(batches, weights_only=True), batch_size=None)
    loaded = Peer.load_from_checkpoint(checkpoint)
    before = loaded.model(torch.ones(1, 3)).item()
    peer = Peer()
    trainer = make_trainer(2)
    trainer.fit(peer, loader, ckpt_path=checkpoint)
    result_of(trainer, peer, result, before=before, tag=loaded.hparams.tag)


def train(batches, checkpoint, result):
    loader = torch.utils.data.DataLoader(torch.load(batches, weights_only=True), batch_size=None)
    peer = Peer(tag="théo")
    trainer = make_trainer(1)
    trainer.fit(peer, loader)
    trainer.save_checkpoint(checkpoint)
    again = Peer()
    trainer = make_trainer(2)
    trainer.fit(again, loader, ckpt_path=checkpoint)
    result_of(trainer, again, result)


if __name__ == "__main__":
    command, *paths = sys.argv[1:]
    {"resume": resume, "train": train}[command](*paths)
