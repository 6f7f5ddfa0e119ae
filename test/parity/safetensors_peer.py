"""Python's side of safetensors.test.ts.

write FOLDER SEED COUNT   save_file of random states, as 0.safetensors, 1.safetensors, …
compare FOLDER COUNT      0.pt holds the same tensors as 0.safetensors
judge FILE                for each file in FILE (its length in 4 bytes, then itself): 1 where the library takes it, else 0
load FILE                 one line a tensor of load_file: name, dtype, shape, sum of bytes
"""

import os
import random
import struct
import sys

import torch
from safetensors import deserialize
from safetensors.torch import load_file, save_file

DTYPES = (
    "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64 uint64 uint32 uint16 "
    "float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu"
).split()
DTYPES = [name for name in DTYPES if hasattr(torch, name)]
NAMES = ["weight", "bias", "größe", "a.b.c", "Z", "", "0", "10", "9", 'quo"te', "back\\slash", "tab\t", "\x1f", "\x7f", "\U0001f600", "\uffee"]


def random_state(rng):
    state = {}
    for _ in range(rng.randint(0, 12)):
        name = rng.choice(NAMES) + (str(rng.randint(0, 30)) if rng.random() < 0.7 else "")
        shape = [rng.randint(0 if rng.random() < 0.1 else 1, 5) for _ in range(rng.randint(0, 4))]
        dtype = getattr(torch, rng.choice(DTYPES))
        state[name] = (torch.rand(shape) * 100).to(dtype)
    return state


def write(folder, seed, count):
    torch.manual_seed(seed)
    for index in range(count):
        rng = random.Random(1000 * seed + index)
        # More than one entry comes out in an order that Python draws anew each time.
        metadata = rng.choice([None, {"format": "pt"}, {'k"\n': "\u00e9\\\x01"}])
        save_file(random_state(rng), os.path.join(folder, f"{index}.safetensors"), metadata=metadata)


def compare(folder, count):
    for index in range(count):
        theirs = load_file(os.path.join(folder, f"{index}.safetensors"))
        ours = torch.load(os.path.join(folder, f"{index}.pt"), weights_only=True)
        assert theirs.keys() == ours.keys(), (index, theirs.keys(), ours.keys())
        for name, tensor in theirs.items():
            assert tensor.dtype == ours[name].dtype and tensor.shape == ours[name].shape, (index, name)
            assert tensor.contiguous().view(-1).view(torch.uint8).equal(ours[name].contiguous().view(-1).view(torch.uint8)), (index, name)


def judge(path):
    with open(path, "rb") as source:
        files = source.read()
    at = 0
    verdicts = []
    while at < len(files):
        (length,) = struct.unpack_from("<I", files, at)
        file = files[at + 4 : at + 4 + length]
        at += 4 + length
        try:
            deserialize(file)
            verdicts.append("1")
        except Exception:
            verdicts.append("0")
    print("".join(verdicts))


def load(path):
    for name, tensor in sorted(load_file(path).items()):
        total = int(tensor.contiguous().view(-1).view(torch.uint8).to(torch.int64).sum())
        print(name, str(tensor.dtype).split(".")[-1], list(tensor.shape), total)


if __name__ == "__main__":
    command, target, *numbers = sys.argv[1:]
    {"write": write, "compare": compare, "judge": judge, "load": load}[command](target, *map(int, numbers))
