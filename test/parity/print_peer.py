"""Makes random tensors and says how PyTorch prints them: python print_peer.py <seed> <count> [<most bytes of one>] writes JSON lines."""

import base64
import json
import random
import sys
import warnings

import torch

warnings.simplefilter("ignore")
FLOATS = "float32 float32 float32 float64 float16 bfloat16 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu".split()
INTEGERS = "int64 int64 int32 int16 int8 uint8 uint16 uint32 uint64".split()
COMPLEX = "complex64 complex64 complex128 complex32".split()
SPECIAL = [0.0, -0.0, float("nan"), float("inf"), float("-inf"), 1.0, -1.0, 0.5, 2.5, 0.125, 1e-4, 1e8, 0.00005, 123456.78125, 1 / 3]


def shape_of(rng):
    if rng.random() < 0.15:
        return rng.choice([[1001], [40, 30], [7, 200], [2, 3, 201], [11, 10, 12], [1, 1100], [500, 3], [3, 3, 3, 50], [1000]])
    return [rng.choice([0, 1, 1, 2, 2, 3, 3, 4, 5, 7, 12, 30]) for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 3, 4]))]


def reals(rng, shape):
    """Numbers of one kind, so that every way of writing them turns up."""
    count = torch.Size(shape).numel()
    generator = torch.Generator().manual_seed(rng.randint(0, 2**31))
    kind = rng.choice("normal whole mixed wide tiny huge halves few sixteenths constant special".split())
    normal = torch.randn(count, generator=generator, dtype=torch.float64)
    values = {
        "normal": normal,
        "whole": (normal * rng.choice([3, 100, 1e5])).round(),
        "mixed": normal * rng.choice([0.01, 10, 1000]),
        "wide": normal * torch.pow(10.0, torch.randint(-6, 6, (count,), generator=generator).double()),
        "tiny": normal * rng.choice([1e-5, 1e-10, 1e-40, 1e-310]),
        "huge": normal * rng.choice([1e5, 1e9, 1e20, 1e300]),
        "halves": (normal * 8).round() / 2,
        "few": (normal * 3).round() * (torch.rand(count, generator=generator) < 0.2),
        "sixteenths": (normal * 64).round() / 32,  # where Python rounds to even
        "constant": torch.full((count,), rng.choice(SPECIAL), dtype=torch.float64),
        "special": torch.tensor([rng.choice(SPECIAL) for _ in range(count)], dtype=torch.float64),
    }[kind]
    if rng.random() < 0.2 and count:
        values[rng.randrange(count)] = rng.choice(SPECIAL)
    return values.reshape(shape)


def tensor_of(rng):
    shape = shape_of(rng)
    name = rng.choice([rng.choice(FLOATS), rng.choice(FLOATS), rng.choice(INTEGERS), rng.choice(COMPLEX), "bool"])
    dtype = getattr(torch, name)
    if name in COMPLEX:
        value = torch.complex(reals(rng, shape), reals(rng, shape))
        return (value.to(torch.complex64) if name == "complex32" else value).to(dtype)
    if name == "bool":
        return reals(rng, shape) > 0
    if name in INTEGERS:
        info = torch.iinfo(dtype)
        limit = rng.choice([3, 100, 2**31, 2**62])
        low, high = max(info.min, -limit), min(info.max, limit)
        return torch.tensor([rng.randint(low, high) for _ in range(torch.Size(shape).numel())], dtype=dtype).reshape(shape)
    return reals(rng, shape).to(dtype) if name != "float8_e8m0fnu" else reals(rng, shape).float().abs().to(dtype)


def options_of(rng):
    if rng.random() < 0.7:
        return {}
    return {
        "precision": rng.choice([0, 1, 2, 4, 8, 17]),
        "threshold": rng.choice([0, 5, 1000]),
        "edgeitems": rng.choice([0, 1, 2, 3, 5]),
        "linewidth": rng.choice([20, 40, 80, 120]),
        "sci_mode": rng.choice([None, None, True, False]),
    }


def ways(x):
    """What can be done to it before it is printed."""
    names = ["plain"] * 6 + ["meta"]
    if x.dtype in (torch.float32, torch.float64, torch.complex64):
        names += ["leaf", "result", "view"]
    if x.is_complex() and x.dtype != torch.complex32:
        names += ["conjugated"] * 2
    if x.dim() >= 2:
        names += ["transposed"]
    if x.dtype in (torch.float32, torch.float64, torch.int64, torch.complex64, torch.bool) and x.dim() >= 1:
        names += ["coo"] * 2
        if x.dim() == 2:
            names += ["csr", "csc"]
    return names


WAYS = {
    "plain": lambda x: x,
    "meta": lambda x: x.to("meta"),
    "leaf": lambda x: x.requires_grad_(),
    "result": lambda x: -x.requires_grad_(),
    "view": lambda x: x.requires_grad_().unsqueeze(0),
    "conjugated": lambda x: x.conj(),
    "transposed": lambda x: x.transpose(0, -1),
    "coo": lambda x: x.to_sparse(),
    "csr": lambda x: x.to_sparse_csr(),
    "csc": lambda x: x.to_sparse_csc(),
}


def case(rng):
    x = tensor_of(rng)
    way = rng.choice(ways(x))
    options = options_of(rng)
    raw = x.contiguous().view(-1).view(torch.uint8) if x.numel() else torch.empty(0, dtype=torch.uint8)
    torch.set_printoptions(profile="default")
    torch.set_printoptions(**options)
    return {
        "dtype": str(x.dtype).removeprefix("torch."),
        "shape": list(x.shape),
        "bytes": base64.b64encode(raw.numpy().tobytes()).decode(),
        "way": way,
        "options": options,
        "text": str(WAYS[way](x)),
    }


if __name__ == "__main__":
    generator = random.Random(int(sys.argv[1]))
    torch.set_num_threads(1)
    max_bytes = int(sys.argv[3]) if len(sys.argv) > 3 else 2**30  # for a file of small ones
    for made in (case(generator) for _ in range(int(sys.argv[2]))):
        if len(made["bytes"]) <= max_bytes:
            print(json.dumps(made))
