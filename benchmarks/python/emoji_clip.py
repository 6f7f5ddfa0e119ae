"""PyTorch's side of emoji-clip.mjs and of test/examples/emoji-clip-pytorch.test.ts: the model, loss, optimizer and schedule of examples/emoji-clip.
One request on standard input, as JSON, one reply. Tensors come in files that Sconce has written."""

import json
import math
import os
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


def block(inputs, outputs, stride):
    conv = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class ImageTower(nn.Module):
    def __init__(self, dim):
        super().__init__()
        widths = [(3, 48, 2), (48, 48, 1), (48, 96, 2), (96, 96, 1), (96, 192, 2), (192, 192, 1)]
        self.features = nn.Sequential(*(block(*each) for each in widths))
        self.pool = nn.AdaptiveAvgPool2d(3)
        self.head = nn.Linear(192 * 3 * 3, dim)

    def forward(self, images):
        features = self.features(images.contiguous(memory_format=torch.channels_last))
        return self.head(self.pool(features).flatten(1))


class TextTower(nn.Module):
    def __init__(self, words, dim):
        super().__init__()
        self.words = nn.Embedding(words, dim)

    def forward(self, words):
        is_word = words.ne(0).float()
        return (self.words(words) * is_word.unsqueeze(-1)).sum(1) / is_word.sum(1, keepdim=True).clamp_min(1)


class EmojiClip(nn.Module):
    def __init__(self, words, dim):
        super().__init__()
        self.image = ImageTower(dim)
        self.text = TextTower(words, dim)
        self.logit_scale = nn.Parameter(torch.zeros(()))

    def forward(self, images, words):
        return F.normalize(self.image(images)), F.normalize(self.text(words))


def clip_loss(image, text, match, logit_scale):
    with torch.no_grad():
        logit_scale.clamp_(max=math.log(100))
    logits = image @ text.t() * logit_scale.exp()
    pairs = (match.unsqueeze(1) == match.unsqueeze(0)).float()
    target = pairs / pairs.sum(1, keepdim=True)
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.t(), target)) / 2


def warmup_cosine(warmup, total):
    def factor(step):
        if step < warmup:
            return (step + 1) / warmup
        return (1 + math.cos(math.pi * min(1, (step - warmup) / (total - warmup)))) / 2

    return factor


class Training:
    def start(self, path, totalSteps, warmupSteps, lr, weightDecay, threads):
        torch.set_num_threads(threads)
        state = torch.load(path, weights_only=True)["state"]
        self.model = EmojiClip(*state["text.words.weight"].shape).to(memory_format=torch.channels_last)
        self.model.load_state_dict(state)
        parameters = list(self.model.parameters())
        groups = [
            {"params": [each for each in parameters if each.ndim > 1], "weight_decay": weightDecay},
            {"params": [each for each in parameters if each.ndim <= 1], "weight_decay": 0.0},
        ]
        self.optimizer = torch.optim.AdamW(groups, lr=lr, fused=True)
        factor = warmup_cosine(warmupSteps, totalSteps)
        self.scheduler = torch.optim.lr_scheduler.LambdaLR(self.optimizer, factor)
        return {}

    def train(self, path):
        """Trains on the batches of a file. Milliseconds from one step's beginning to its end, the first of the file left out."""
        batches = torch.load(path, weights_only=True)["batches"]
        losses, ms = [], []
        self.model.train()
        for batch in batches:
            started = time.perf_counter()
            loss = clip_loss(*self.model(batch["images"], batch["textData"]), batch["matchIds"], self.model.logit_scale)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            self.scheduler.step()
            ms.append((time.perf_counter() - started) * 1000)
            losses.append(loss.detach())
        return {"losses": torch.stack(losses).tolist(), "ms": ms[1:]}

    def evaluate(self, path):
        """Recall at 1, 5 and 10: fewer than k others are as similar as the best partner."""
        batch = torch.load(path, weights_only=True)
        self.model.eval()
        with torch.no_grad():
            image, text = self.model(batch["images"], batch["textData"])
        partners = batch["matchIds"].unsqueeze(1) == batch["matchIds"].unsqueeze(0)
        found = {}
        for name, similarity in ("image_to_text", image @ text.t()), ("text_to_image", text @ image.t()):
            best = similarity.masked_fill(~partners, -math.inf).amax(1, keepdim=True)
            place = (similarity.masked_fill(partners, -math.inf) >= best).sum(1)
            found |= {f"{name}_r{k}": (place < k).float().mean().item() for k in (1, 5, 10)}
        return found


training = Training()
replies = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
for line in sys.stdin:
    request = json.loads(line)
    replies.write(json.dumps(getattr(training, request.pop("run"))(**request)) + "\n")
    replies.flush()
