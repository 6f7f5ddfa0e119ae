"""What one small call costs: the operators of ../../workloads/calls.mjs."""
import torch
import torch.nn.functional as F


def make_calls():
    torch.manual_seed(0)
    x = torch.randn(8, 8)
    y = torch.randn(8, 8)
    bias = torch.randn(8)
    tensors = [torch.randn(8, 8) for _ in range(8)]
    return {
        "add": lambda: x.add(y),
        "matmul": lambda: x.matmul(y),
        "sum": lambda: x.sum(dim=1),
        "softmax": lambda: x.softmax(1),
        "view": lambda: x.view(64),
        "index": lambda: x[3],
        "cat": lambda: torch.cat(tensors),
        "linear": lambda: F.linear(x, y, bias),
        "layer_norm": lambda: F.layer_norm(x, [8], bias, bias),
    }
