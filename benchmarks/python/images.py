"""Python's side of images.mjs: one request on standard input, as JSON, one reply. A loader and its workers are kept from one request to the next."""

import json
import os
import pathlib
import sys
import time

import torch

sys.path.append(str(pathlib.Path(__file__).parents[2] / "test/fixtures/models"))
from networks import import_torchvision

import_torchvision()
from torchvision import transforms
from torchvision.datasets import ImageFolder

torch.set_num_threads(1)
ENDING = [
    transforms.RandomHorizontalFlip(),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
]
TRANSFORMS = {
    "png": transforms.Compose([transforms.Resize(56), transforms.RandomCrop(48), *ENDING]),
    "jpeg": transforms.Compose([transforms.RandomResizedCrop(224), *ENDING]),
}
loaders = {}


def run(kind, folder, batchSize, numWorkers):
    if (kind, numWorkers) not in loaders:
        loaders[kind, numWorkers] = torch.utils.data.DataLoader(
            ImageFolder(folder, TRANSFORMS[kind]),
            batch_size=batchSize,
            shuffle=True,
            num_workers=numWorkers,
            persistent_workers=numWorkers > 0,
        )
    before = time.process_time()
    started = time.perf_counter()
    count = sum(len(images) for images, _ in loaders[kind, numWorkers])
    ms = (time.perf_counter() - started) * 1000
    return {"ms": ms, "count": count, "cpuMs": (time.process_time() - before) * 1000}


replies = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
for line in sys.stdin:
    replies.write(json.dumps(run(**json.loads(line))) + "\n")
    replies.flush()
