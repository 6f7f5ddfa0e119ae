"""PyTorch's rank of ../distributed.mjs: the same model, data and requests as ../distributed/worker.mjs."""
import datetime
import importlib
import json
import os
import sys
import time

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

NUM_BATCHES = 8
name, bucket_cap_mb = sys.argv[1], float(sys.argv[2])
replies = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
torch.set_num_threads(1)
module = importlib.import_module("workloads." + name.replace("-", "_"))
workload = getattr(module, "workload", module)
dist.init_process_group("gloo", timeout=datetime.timedelta(seconds=120))
rank = dist.get_rank()
batch_size = int(sys.argv[3])

torch.manual_seed(0)
plain = workload.make_model()
model = DistributedDataParallel(plain, bucket_cap_mb=bucket_cap_mb)
torch.manual_seed(1 + rank)
batches = [(workload.make_inputs(batch_size), workload.make_targets(batch_size)) for _ in range(NUM_BATCHES)]
optimizer = torch.optim.AdamW(plain.parameters(), lr=1e-3, fused=True)
position = 0


def step():
    global position
    inputs, targets = batches[position % NUM_BATCHES]
    position += 1
    loss = workload.loss(model, inputs, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


def play(num_steps):
    for _ in range(num_steps):
        step()


def written():
    with open("/proc/self/io") as counts:
        return next(int(line.split()[1]) for line in counts if line.startswith("wchar:"))


def steps(request):
    play(request["warmSteps"])
    times = []
    for _ in range(request["pieces"]):
        started = time.perf_counter()
        play(request["stepsPerPiece"])
        times.append((time.perf_counter() - started) * 1e6 / request["stepsPerPiece"])
    return times


def sent_bytes(request):
    play(3)
    before = written()
    play(request["numSteps"])
    gradients = sum(p.numel() * p.element_size() for p in plain.parameters() if p.requires_grad)
    return {"sent": (written() - before) / request["numSteps"], "gradients": gradients}


def losses(request):
    return [step().item() for _ in range(request["numSteps"])]


answers = {"steps": steps, "bytes": sent_bytes, "losses": losses}
for line in sys.stdin:
    request = json.loads(line)
    dist.barrier()
    replies.write(json.dumps(answers[request["run"]](request)) + "\n")
    replies.flush()
dist.destroy_process_group()
