"""Makes random index expressions and says what PyTorch does with each: python indexing_peer.py <seed> <count> writes JSON lines.

A case is a tensor's shape, an index in a notation that both sides read, and what came of it: the result's values and whether it shares memory, what
an assignment left behind, gradients, or an error.
"""

import json
import random
import sys
import warnings

import torch

warnings.simplefilter("ignore")
SIZES = [0, 1, 2, 2, 3, 3, 4]


def integers(rng, shape, size):
    """Nested lists of valid indices of a dimension, now and then of one that is not."""
    if not shape:
        low, high = (-size, size - 1) if size else (0, 0)
        return rng.randint(low, high) if rng.random() < 0.995 else high + 2
    return [integers(rng, shape[1:], size) for _ in range(shape[0])]


def booleans(rng, shape):
    if not shape:
        return rng.random() < 0.5
    return [booleans(rng, shape[1:]) for _ in range(shape[0])]


def pick_shape(rng, broadcast):
    """A shape that most other picked shapes of the expression broadcast with."""
    if rng.random() < 0.05:
        return [rng.choice(SIZES)]
    shape = broadcast[rng.randint(0, len(broadcast)) :]
    return [1 if rng.random() < 0.2 else size for size in shape]


def make_index(rng, shape):
    """A list of [kind, …] entries."""
    broadcast = [rng.choice([1, 2, 3]) for _ in range(2)]
    entries, dim, has_dots = [], 0, False
    for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 3, 4])):
        size = shape[dim] if dim < len(shape) else rng.choice(SIZES)
        kind = rng.choice("int int slice slice none dots bool ints ints tensor tensor mask masktensor scalar uint8".split())
        if dim >= len(shape) and kind not in ("none", "dots", "bool") and rng.random() < 0.9:
            continue
        if kind == "int":
            entries.append(["int", integers(rng, [], size)])
        elif kind == "slice":
            bound = lambda: rng.choice([None, None, rng.randint(-5, 5)])
            entries.append(["slice", bound(), bound(), rng.choice([None, 1, 1, 2, 3])])
        elif kind == "none":
            entries.append(["none"])
            continue
        elif kind == "dots":
            if not has_dots:
                entries.append(["dots"])
                has_dots = True
                dim = max(dim, len(shape) - rng.randint(0, 2))
            continue
        elif kind == "bool":
            if rng.random() < 0.4:
                entries.append(["bool", rng.random() < 0.7] if rng.random() < 0.7 else ["tensor", "bool", [], rng.random() < 0.7])
            continue
        elif kind == "ints":
            entries.append(["array", integers(rng, pick_shape(rng, broadcast), size)])
        elif kind == "tensor":
            picked = pick_shape(rng, broadcast)
            entries.append(["tensor", rng.choice(["int64", "int64", "int32"]), picked, integers(rng, picked, size)])
        elif kind == "scalar":
            entries.append(["tensor", rng.choice(["int64", "int32", "int16"]), [], integers(rng, [], size)])
        else:
            # PyTorch counts nested lists as one dimension, and so finds no place for what follows an ellipsis.
            span = 1 if kind == "mask" else rng.choice([1, 1, 2])
            masked = list(shape[dim : dim + span]) or [size]
            if rng.random() < 0.03:
                masked[-1] += 1
            if kind == "mask" and 0 not in masked:
                entries.append(["array", booleans(rng, masked)])
            else:
                values = booleans(rng, masked)
                entries.append(["tensor", "uint8" if kind == "uint8" else "bool", masked, values])
            dim += len(masked) - 1
        dim += 1
    return entries


def read(entry):
    kind, *rest = entry
    if kind == "none":
        return None
    if kind == "dots":
        return Ellipsis
    if kind == "slice":
        return slice(*rest)
    if kind == "tensor":
        dtype, shape, values = rest
        return torch.tensor(values, dtype=getattr(torch, dtype)).reshape(shape)
    return rest[0]


def without_bytes(index):
    """Masks of bytes as booleans: PyTorch indexes by them, and refuses them in some assignments of one value; here both take them."""
    is_bytes = lambda each: isinstance(each, torch.Tensor) and each.dtype == torch.uint8
    return tuple(each.bool() if is_bytes(each) else each for each in index)


def outcome(run):
    try:
        return run()
    except Exception as error:
        return {"error": type(error).__name__}


def base(shape):
    return torch.arange(float(torch.Size(shape).numel())).reshape(shape)


def flat(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().flatten().tolist()}


def get(shape, index):
    x = base(shape).requires_grad_()
    result = x[index]
    (result * torch.arange(1.0, result.numel() + 1).reshape(result.shape)).sum().backward()
    y = base(shape)
    shares = y[index].untyped_storage().data_ptr() == y.untyped_storage().data_ptr() if y.numel() else None
    return flat(result) | {"gradient": x.grad.flatten().tolist(), "shares": shares}


def put(shape, index, value, dtype):
    x = base(shape).to(dtype)
    x[index] = value if not isinstance(value, dict) else torch.tensor(value["values"], dtype=dtype).reshape(value["shape"])
    return x.flatten().tolist()


def put_gradients(shape, index, value):
    x = base(shape).requires_grad_()
    v = torch.tensor(value["values"]).reshape(value["shape"]).requires_grad_()
    y = x * 1
    y[index] = v
    (y * torch.arange(1.0, y.numel() + 1).reshape(y.shape)).sum().backward()
    zeros = lambda leaf: (torch.zeros_like(leaf) if leaf.grad is None else leaf.grad).flatten().tolist()
    return [zeros(x), zeros(v)]


def accumulate(shape, index, value):
    """What `accumulate` is to mean: every place that the index names, as often as it names it."""
    x = base(shape)
    flat_value = torch.tensor(value["values"]).reshape(value["shape"])
    places = torch.arange(x.numel()).reshape(shape)[index]
    return x.flatten().index_add(0, places.flatten(), flat_value.expand(places.shape).flatten()).tolist()


def make_value(rng, result):
    """Something to assign to a place of the result's shape: most often it broadcasts."""
    shape = list(result.shape) if isinstance(result, torch.Tensor) else [2]
    shape = shape[rng.randint(0, len(shape)) if rng.random() < 0.4 else 0 :]
    shape = [1 if rng.random() < 0.15 else size for size in shape]
    if rng.random() < 0.1:
        shape = [1] * rng.randint(1, 2) + shape
    if rng.random() < 0.05:
        shape = shape + [5]
    count = torch.Size(shape).numel()
    return {"shape": shape, "values": [100.0 + i for i in range(count)]}


def case(rng):
    shape = [rng.choice(SIZES) for _ in range(rng.choice([0, 1, 2, 2, 3, 3, 4]))]
    entries = make_index(rng, shape)
    index = tuple(read(entry) for entry in entries)
    result = outcome(lambda: base(shape)[index])
    value = make_value(rng, result)
    number = rng.choice([7, 2.5, -1, True])
    place = without_bytes(index)
    if len(index) == 1 and not isinstance(index[0], list):  # a list on its own would be taken for the tuple
        index, place = index[0], place[0]
    return {
        "shape": shape,
        "index": entries,
        "get": outcome(lambda: get(shape, index)),
        "value": value,
        "put": outcome(lambda: put(shape, place, value, torch.float32)),
        "putInt": outcome(lambda: put(shape, place, value, torch.int64)),
        "putGradients": outcome(lambda: put_gradients(shape, place, value)),
        "accumulated": outcome(lambda: accumulate(shape, place, value)),
        "number": number,
        "putNumber": outcome(lambda: put(shape, place, number, torch.float32)),
        "putNumberInt": outcome(lambda: put(shape, place, number, torch.int64)),
    }


if __name__ == "__main__":
    generator = random.Random(int(sys.argv[1]))
    torch.set_num_threads(1)
    for _ in range(int(sys.argv[2])):
        print(json.dumps(case(generator)))
