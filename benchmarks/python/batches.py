"""Python's side of batches.mjs: one request on standard input, as JSON, one reply. Loaders and their workers are kept from one request to the next."""

import json
import os
import sys
import time

import torch

NUM_ROWS = 60_000
BATCH_SIZE = 64
torch.set_num_threads(1)
images = torch.ones(NUM_ROWS, 784)
labels = torch.zeros(NUM_ROWS, dtype=torch.int64)
loaders = {}


def loader(numWorkers, hasLabels):
    """An epoch of `DataLoader` over a `TensorDataset`, as PyTorch's documentation has it."""
    key = (numWorkers, hasLabels)
    if key not in loaders:
        columns = (images, labels) if hasLabels else (images,)
        loaders[key] = torch.utils.data.DataLoader(
            torch.utils.data.TensorDataset(*columns),
            batch_size=BATCH_SIZE,
            shuffle=True,
            num_workers=numWorkers,
            persistent_workers=numWorkers > 0,
        )
    started = time.perf_counter()
    count = sum(1 for _ in loaders[key])
    return {"us": (time.perf_counter() - started) * 1e6 / count}


def gather(hasLabels):
    """The same rows by nothing but the gather."""
    order = torch.randperm(NUM_ROWS)
    spent = 0.0
    count = NUM_ROWS // BATCH_SIZE
    for batch in range(count):
        indices = order[batch * BATCH_SIZE : (batch + 1) * BATCH_SIZE]
        started = time.perf_counter()
        images.index_select(0, indices)
        if hasLabels:
            labels.index_select(0, indices)
        spent += time.perf_counter() - started
    return {"us": spent * 1e6 / count}


RUNS = {"loader": loader, "gather": gather}
replies = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
for line in sys.stdin:
    request = json.loads(line)
    replies.write(json.dumps(RUNS[request.pop("run")](**request)) + "\n")
    replies.flush()
