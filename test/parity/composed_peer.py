"""What PyTorch makes of calls of torch.norm and torch.tensordot: python composed_peer.py writes JSON lines, an input and a result or null for an error."""

import itertools
import json

import torch


def numbers(*shape):
    count = torch.Size(shape).numel()
    return ((torch.arange(count) * 7919 % 31) - 15).reshape(shape).double() / 4


def try_call(call):
    try:
        result = call()
        return {"dtype": str(result.dtype).removeprefix("torch."), "shape": list(result.shape), "values": result.double().flatten().tolist()}
    except (RuntimeError, ValueError, IndexError, TypeError):
        return None


def norms():
    orders = [None, "fro", "nuc", 0, 1, 2, 3, 0.5, -1, float("inf"), float("-inf"), "two"]
    dims = [None, 0, -1, [], [1], [0, 1], [-1, 0], [0, 1, 2], [0, 0], 5]
    for shape, dtype, layout in [([3, 4], "float32", "strided"), ([2, 3, 4], "float64", "strided"), ([5], "float32", "strided"), ([], "float32", "strided"), ([0, 3], "float32", "strided"), ([2, 3], "int64", "strided"), ([3, 4], "float32", "sparse_coo")]:
        for p, dim, keepdim, to in itertools.product(orders, dims, [False, True], [None, "float64"]):
            x = numbers(*shape).to(getattr(torch, dtype))
            x = x.to_sparse() if layout == "sparse_coo" else x
            options = {} if p is None else {"p": p}
            options |= {} if dim is None else {"dim": dim}
            options |= {"keepdim": keepdim} | ({} if to is None else {"dtype": getattr(torch, to)})
            shown = {**options, **({} if to is None else {"dtype": to})}
            yield {"name": "norm", "shape": shape, "dtype": dtype, "layout": layout, "options": {**shown, "p": str(p)}, "result": try_call(lambda: torch.norm(x, **options))}


def tensordots():
    for a, b in [([2, 3, 4], [3, 4, 5]), ([2, 3], [3, 2]), ([3], [3]), ([2, 3, 4], [4, 3, 2]), ([], [2]), ([2, 1], [3, 2])]:
        for dims in [None, 0, 1, 2, 3, -1, [[0], [0]], [[-1], [0]], [[1, 2], [1, 0]], [[0, 1], [1, 0]], [[], []], [[0], [0, 1]], [[0, 0], [0, 1]]]:
            options = {} if dims is None else {"dims": dims}
            yield {"name": "tensordot", "shape": a, "other": b, "options": options, "result": try_call(lambda: torch.tensordot(numbers(*a), numbers(*b), **options))}


if __name__ == "__main__":
    torch.set_num_threads(1)
    for case in itertools.chain(norms(), tensordots()):
        print(json.dumps(case))
