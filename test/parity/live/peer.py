"""The other side of the live comparison: takes programs as JSON lines on its input, runs them with PyTorch, and writes what they show.

A line is {"programs": [...], "share": PATH} for the first steps of a batch, or {"states": PATH} for their second steps with the states that the other side
has shared.
"""

import base64
import json
import math
import sys
import warnings

import torch
from torch import nn
from torch.nn.utils import parametrizations, parametrize, prune, rnn  # noqa: F401  (found as attributes)

DTYPES = {name: getattr(torch, name) for name in ["float32", "float64", "bfloat16", "float16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex64", "complex128"]}
KERNELS = ["foreach", "fused"]
NAMES = {dtype: name for name, dtype in DTYPES.items()}


def generator(seed):
    return torch.Generator().manual_seed(seed)


def draw(step):
    shape, fill = step["shape"], step["fill"]
    scale, shift = step.get("scale", 1), step.get("shift", 0)
    source = generator(step["seed"])
    if fill == "normal":
        return torch.randn(shape, dtype=torch.float64, generator=source) * scale + shift
    if fill == "uniform":
        return torch.rand(shape, dtype=torch.float64, generator=source) * scale + shift
    if fill == "positive":
        return torch.randn(shape, dtype=torch.float64, generator=source).abs() * scale + shift
    if fill == "integers":
        return torch.randint(step.get("low", 0), step["high"], shape, generator=source)
    if fill == "bits":
        return torch.randint(0, 2, shape, generator=source)
    if fill == "signs":
        return torch.randint(0, 2, shape, generator=source) * 2 - 1
    choice = torch.randint(0, 8, shape, generator=source)
    values = torch.tensor([math.inf, -math.inf, math.nan, 0.0, -0.0], dtype=torch.float64)
    special = values.take(choice.clamp(max=4))
    return torch.where(choice < 5, special, torch.randn(shape, dtype=torch.float64, generator=source))


def lay_out(values, memory):
    order = list(range(values.dim()))[::-1]
    if memory == "transposed":
        return values.permute(order).contiguous().permute(order)
    if memory == "strided":
        return torch.stack([values, values], dim=-1).select(-1, 0)
    if memory == "expanded":
        return values.narrow(0, 0, 1).expand(values.shape)
    if memory == "channels_last":
        return values.contiguous(memory_format=torch.channels_last if values.dim() == 4 else torch.channels_last_3d)
    return values


def resolve(path):
    home = torch
    for part in path.split("."):
        home = getattr(home, part)
    return home


class Run:
    def __init__(self, program):
        self.program = program
        self.variables = {}
        self.shared = {}

    def value(self, value):
        if isinstance(value, list):
            return tuple(self.value(each) for each in value)
        if not isinstance(value, dict):
            return value
        if "var" in value:
            found = self.variables[value["var"]]
            for index in value.get("at", []):
                found = found[index]
            return found
        if "dtype" in value:
            return DTYPES[value["dtype"]]
        if "float" in value:
            return float(value["float"])
        if "name" in value:
            return resolve(value["name"])
        if "dict" in value:
            return {name: self.value(each) for name, each in value["dict"].items()}
        return eval(value["python"], {"torch": torch, "math": math})

    def call(self, step):
        args = [self.value(each) for each in step["args"]]
        options = {name: self.value(each) for name, each in step["options"].items()}
        on = step.get("on")
        target = resolve(step["name"]) if on is None else getattr(self.variables[on], step["name"])
        result = target(*args, **options)
        if step.get("out") is not None:
            self.variables[step["out"]] = result

    def steps(self, steps, states):
        shown = []
        for index, step in enumerate(steps):
            try:
                leaves = self.step(step, states)
                if leaves is not None:
                    shown.append({"step": index, "leaves": leaves})
            except Exception as error:
                return {"shown": shown, "error": {"step": index, "type": type(error).__name__, "message": str(error)}}
        return {"shown": shown}

    def step(self, step, states):
        kind = step["kind"]
        if kind == "seed":
            torch.manual_seed(step["seed"])
        elif kind == "tensor":
            made = lay_out(draw(step).to(DTYPES[step["dtype"]]), step.get("memory")).detach()
            self.variables[step["out"]] = made.requires_grad_() if step.get("requiresGrad") else made
        elif kind == "literal":
            self.variables[step["out"]] = torch.tensor(step["values"], dtype=DTYPES[step["dtype"]], requires_grad=step.get("requiresGrad", False))
        elif kind == "call":
            self.call(step)
        elif kind == "backward":
            backward([self.variables[name] for name in step["of"]])
        elif kind == "grad":
            self.variables[step["of"]].grad = None if step["from"] is None else self.variables[step["from"]]
        elif kind == "minimise":
            self.variables[step["out"]] = minimise(self.variables[step["on"]], [self.variables[name] for name in step["of"]])
        elif kind == "show":
            return show(step["what"], self.variables[step["of"]])
        elif kind == "share":
            self.shared[f"{self.program['id']}.{step['of']}"] = self.variables[step["of"]].state_dict()
        elif kind == "take":
            load(self.variables[step["on"]], states[f"{self.program['id']}.{step['from']}"])
        return None


def load(target, state):
    """The kernel stays as it was chosen: Sconce takes libtorch's fused one where it fits, and leaves that out of its states."""
    groups = getattr(target, "param_groups", [])
    kernels = [{name: group[name] for name in KERNELS if name in group} for group in groups]
    target.load_state_dict(state)
    for group, kernel in zip(target.param_groups if groups else [], kernels):
        group.update(kernel)


def tensors_in(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (list, tuple)):
        return [each for part in value for each in tensors_in(part)]
    return []


def backward(values):
    outputs = [each for each in tensors_in(values) if each.requires_grad]
    total = None
    for i, output in enumerate(outputs):
        start = torch.randn(output.shape, dtype=torch.float64, generator=generator(i)).to(output.dtype)
        product = (output * start).sum()
        total = product if total is None else total + product
    if total is not None:
        total.backward()


def minimise(optimizer, parameters):
    def closure():
        for parameter in parameters:
            parameter.grad = None
        loss = 0
        for i, p in enumerate(parameters):
            each = ((p - 0.5).pow(2) * (p + 1).pow(2)).sum()
            loss = each if i == 0 else loss + each
        loss.backward()
        return loss

    return optimizer.step(closure)


def leaf_of(value):
    if value is None:
        return {"none": True}
    if isinstance(value, str):
        return {"text": value}
    if isinstance(value, (bool, int, float)):
        value = float(value)
        if math.isfinite(value):
            return {"number": value}
        return {"number": "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"}
    if isinstance(value, torch.Tensor):
        data = torch.empty(value.shape, dtype=value.dtype).copy_(value.detach()).reshape(-1).view(torch.uint8).numpy().tobytes()
        return {"dtype": NAMES[value.dtype], "shape": list(value.shape), "stride": list(value.stride()), "bytes": base64.b64encode(data).decode()}
    raise TypeError(f"Cannot show {type(value)}")


def flatten(value, path):
    def under(key):
        return str(key) if path == "" else f"{path}.{key}"

    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in flatten(each, under(key))]
    if isinstance(value, (list, tuple)):
        return [leaf for i, each in enumerate(value) for leaf in flatten(each, under(i))]
    return [[path, leaf_of(value)]]


def show(what, value):
    if what == "text":
        return [["", {"text": repr(value)}]]
    if what == "state":
        return flatten(value.state_dict(), "")
    if what == "sorted state":
        leaves = [leaf for leaf in flatten(value.state_dict(), "") if leaf[0].split(".")[-1] not in KERNELS and ".al." not in leaf[0]]
        return sorted([path, {**leaf, "stride": []} if "stride" in leaf else leaf] for path, leaf in leaves)
    if what == "gradients":
        if isinstance(value, nn.Module):
            return [[name, leaf_of(each.grad)] for name, each in value.named_parameters()]
        return [["", leaf_of(value.grad)]]
    if what == "next draw":
        return [["", leaf_of(torch.randn(3))]]
    return flatten(value, "")


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    runs = []
    for line in sys.stdin:
        task = json.loads(line)
        if "programs" in task:
            runs = [Run(program) for program in task["programs"]]
            outcomes = [run.steps(run.program["steps"], {}) for run in runs]
            shared = {name: state for run in runs for name, state in run.shared.items()}
            torch.save(shared, task["share"])
        else:
            states = torch.load(task["states"], weights_only=True)
            outcomes = [run.steps(run.program["second"], states) for run in runs]
        print(json.dumps(outcomes), flush=True)


if __name__ == "__main__":
    main()
