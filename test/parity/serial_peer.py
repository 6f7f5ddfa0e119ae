"""PyTorch's side of serial.test.ts.

write FOLDER SEED COUNT   torch.save of random values, as 0.pt, 1.pt, …
compare FOLDER COUNT      torch.load of 0.pt and of 0.ours.pt, which must be equal up to the kinds that our reader merges
write-kinds FOLDER        torch.save of every kind of value that the fixtures have, each in a file of its own
compare-kinds FOLDER      torch.load of each and of what was written of it: the same types and values, and weights_only where that opens the first
"""

import collections
import os
import pathlib
import random
import sys

import numpy
import torch

DTYPES = (
    "float32 float64 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64 complex128 complex32 uint16 uint32 uint64 "
    "float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu"
).split()
DTYPES = [name for name in DTYPES if hasattr(torch, name)]  # the later ones came one after the other


def random_tensor(rng, storages):
    dtype = getattr(torch, rng.choice(DTYPES))
    if storages and rng.random() < 0.3:
        base = rng.choice(storages)
    else:
        base = (torch.rand(rng.randint(0, 40)) * 5).to(dtype)
        storages.append(base)
    if base.numel() >= 12 and rng.random() < 0.5:
        base = base[rng.randint(0, 2) :][: 2 * rng.randint(1, 5)].view(2, -1).t()
    if base.numel() > 0 and rng.random() < 0.2:
        base = base.flatten()[0] if rng.random() < 0.5 else base.flatten()[:1].expand(3)
    if base.is_floating_point() and rng.random() < 0.3:
        base = torch.nn.Parameter(base, requires_grad=rng.random() < 0.5)
    return base


def random_value(rng, storages, shared, depth):
    if depth == 0 or rng.random() < 0.3:
        leaves = [
            lambda: None,
            lambda: rng.random() < 0.5,
            lambda: rng.choice([0, 255, 256, -1, 2**31, -(2**31), 2**53, 2**63, -(2**90)]),
            lambda: rng.randint(-(2**40), 2**40),
            lambda: rng.choice([1.0, -0.0, 1e300, float("inf"), rng.random()]),
            lambda: "".join(chr(rng.choice([0, 65, 233, 0x20AC, 0x1F600])) for _ in range(rng.randint(0, 5))),
            lambda: rng.randbytes(rng.randint(0, 5)),
            lambda: random_tensor(rng, storages),
            lambda: torch.device("cuda", rng.randint(0, 3)),
            lambda: getattr(torch, rng.choice(DTYPES)),
            lambda: numpy.float64(rng.random()),
            lambda: numpy.arange(rng.randint(1, 6), dtype=rng.choice(["f4", "i8", "u1"])),
            lambda: pathlib.PurePosixPath("/a/b"),
        ]
        return rng.choice(leaves)()
    if shared and rng.random() < 0.1:
        return rng.choice(shared)
    items = [random_value(rng, storages, shared, depth - 1) for _ in range(rng.randint(0, 5))]
    kinds = [
        lambda: items,
        lambda: tuple(items),
        lambda: {f"key.{i}": item for i, item in enumerate(items)},
        lambda: collections.OrderedDict((rng.randint(0, 99), item) for item in items),
        lambda: {(i, "x"): item for i, item in enumerate(items)},
        lambda: collections.Counter("abcab"),
        lambda: collections.defaultdict(list, enumerate(items)),
        lambda: {rng.randint(0, 9) for _ in items},
    ]
    made = rng.choice(kinds)()
    shared.append(made)
    return made


def plain(value):
    """A value as our reader gives it back: kinds merged, everything comparable with ==."""
    if isinstance(value, torch.Tensor):
        layout = (tuple(value.shape), value.stride(), value.storage_offset(), value.requires_grad)
        memory = bytes(value.detach().untyped_storage())
        return ("tensor", type(value).__name__, str(value.dtype), layout, memory)
    if isinstance(value, numpy.ndarray):
        return plain(torch.from_numpy(value.copy()))
    if isinstance(value, numpy.generic):
        return plain(value.item())
    if isinstance(value, dict):
        return ("dict", [(plain(key), plain(item)) for key, item in value.items()])
    if isinstance(value, (list, tuple)):
        return ("list" if isinstance(value, list) else "tuple", [plain(item) for item in value])
    if isinstance(value, (set, frozenset)):
        return ("set", sorted(map(repr, value)))
    if isinstance(value, pathlib.PurePath):
        return plain(str(value))
    return (type(value).__name__, repr(value))


def first_difference(left, right):
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)) and len(left) == len(right):
        return next(first_difference(a, b) for a, b in zip(left, right) if a != b)
    return f"{left} != {right}"


def storages_of(value, found):
    """Which tensors share memory, in the order in which they are met."""
    if isinstance(value, torch.Tensor) and value.untyped_storage().nbytes() > 0:
        found.append(value.untyped_storage().data_ptr())
    if isinstance(value, numpy.ndarray) and value.nbytes > 0:
        found.append(value.ctypes.data)
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else []:
        storages_of(item, found)
    return [found.index(pointer) for pointer in found]


def write(folder, seed, count):
    torch.manual_seed(seed)
    for index in range(count):
        rng = random.Random(1000 * seed + index)
        torch.save(random_value(rng, [], [], 4), os.path.join(folder, f"{index}.pt"))


def compare(folder, count):
    for index in range(count):
        theirs = torch.load(os.path.join(folder, f"{index}.pt"), weights_only=False)
        ours = torch.load(os.path.join(folder, f"{index}.ours.pt"), weights_only=False)
        assert plain(theirs) == plain(ours), f"{index}: {first_difference(plain(theirs), plain(ours))}"
        assert storages_of(theirs, []) == storages_of(ours, []), f"{index}: other tensors share memory"


def kinds():
    """Every kind of value of the fixtures, by name."""
    sys.path.append(os.path.join(os.path.dirname(__file__), "..", "fixtures", "serial"))
    import make

    groups = {"kinds": make.kinds(), "python": make.python_kinds(), "values": make.values(), "shared": make.shared()}
    return {f"{group}.{key}": value for group, values in groups.items() for key, value in values.items()}


def exact(value):
    """A value with all its types, comparable with ==."""
    if isinstance(value, torch.Tensor) and value.layout != torch.strided:
        coalesced = value.is_coalesced() if value.layout == torch.sparse_coo else None
        return ("sparse", str(value.layout), coalesced, exact(value.to_dense()))
    if isinstance(value, torch.Tensor):
        layout = (tuple(value.shape), value.stride(), value.storage_offset(), value.requires_grad, value.is_conj(), value.is_neg())
        return ("tensor", type(value).__name__, str(value.dtype), layout, bytes(value.detach().untyped_storage()))
    if isinstance(value, numpy.ndarray):
        native = value.astype(value.dtype.newbyteorder("="))
        return ("array", str(native.dtype), value.shape, value.flags.f_contiguous, native.tobytes())
    if isinstance(value, dict):
        extra = exact(vars(value)) if type(value) is collections.OrderedDict else getattr(value, "default_factory", None)
        return (type(value), extra, [(exact(key), exact(item)) for key, item in value.items()])
    if isinstance(value, (list, tuple)):
        return (type(value), [exact(item) for item in value])
    return (type(value), repr(value))


def opens_safely(path):
    try:
        torch.load(path, weights_only=True)
        return True
    except Exception:
        return False


def write_kinds(folder):
    for name, value in kinds().items():
        torch.save(value, os.path.join(folder, f"{name}.pt"))


def compare_kinds(folder):
    for name in kinds():
        paths = [os.path.join(folder, f"{name}{ending}") for ending in (".pt", ".ours.pt")]
        theirs, ours = (exact(torch.load(path, weights_only=False)) for path in paths)
        assert theirs == ours, f"{name}: {first_difference(theirs, ours)}"
        if opens_safely(paths[0]):
            assert exact(torch.load(paths[1], weights_only=True)) == theirs, f"{name}: another value by weights_only"


if __name__ == "__main__":
    command, folder, *numbers = sys.argv[1:]
    {"write": write, "compare": compare, "write-kinds": write_kinds, "compare-kinds": compare_kinds}[command](folder, *map(int, numbers))
    print("ok")
