"""Python's side of files.mjs: one request on standard input, as JSON, one reply."""

import json
import os
import re
import sys
import time

import torch
from safetensors.torch import load_file, save_file

FORMATS = {
    "pt": (torch.save, torch.load),
    "mmap": (None, lambda path: torch.load(path, mmap=True)),
    "legacy": (lambda state, path: torch.save(state, path, _use_new_zipfile_serialization=False), torch.load),
    "safetensors": (save_file, lambda path: load_file(path, backend="pread")),
    "safetensors-mmap": (save_file, load_file),
}


def make_state(total):
    """The same tensors as files/worker.mjs makes."""
    large, small = int(total * 0.9 / 4 / 40), int(total * 0.1 / 4 / 1000)
    state = {f"large.{i}": torch.full((large,), i + 0.5) for i in range(40)}
    state.update({f"small.{i}": torch.full((small,), i + 0.25) for i in range(1000)})
    return state


def resident(field):
    with open("/proc/self/status") as status:
        return int(re.search(rf"{field}:\s+(\d+) kB", status.read())[1]) * 1024


def reset_peak():
    with open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")
    return resident("VmRSS")


def warm_up(format, path):
    save, load = FORMATS[format]
    small = f"{path}.small"
    (save or torch.save)({"a": torch.ones(1000)}, small)
    load(small)["a"].sum().item()
    os.remove(small)


def run(format, action, path, bytes):
    warm_up(format, path)
    save, load = FORMATS[format]
    state = make_state(bytes) if action == "save" else None
    before = reset_peak()
    started = time.perf_counter()
    total = 0
    if action == "save":
        save(state, path)
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.close(file)
    else:
        total = sum(tensor.sum().item() for tensor in load(path).values())
    ms = (time.perf_counter() - started) * 1000
    return {"ms": ms, "extraBytes": resident("VmHWM") - before - (0 if action == "save" else bytes), "sum": total}


for line in sys.stdin:
    print(json.dumps(run(**json.loads(line))), flush=True)
