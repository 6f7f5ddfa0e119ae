"""Python's process: does what run.mjs asks, one line of JSON a request. ../worker.mjs is our side and says what each request means."""
import importlib
import json
import os
import resource
import sys
import time

import torch

NUM_BATCHES = 8
CALLS_PER_PIECE = 100
PIECES_OF_CALLS = 60

name, num_threads, mode = (sys.argv[1:] + [None])[:3]
# Lightning prints to standard output, which is for replies here.
replies = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
torch.set_num_threads(int(num_threads))
module = importlib.import_module("workloads." + name.replace("-", "_"))
workload = getattr(module, "workload", module)  # one module makes workloads of several sizes


def reply(value):
    replies.write(json.dumps(value) + "\n")
    replies.flush()


def measure_pieces(piece, num_pieces, size):
    times = []
    for _ in range(num_pieces):
        started = time.perf_counter()
        piece()
        times.append((time.perf_counter() - started) * 1e6 / size)
    return times


class Loop:
    """The training loop that a person would write, in PyTorch's fastest eager setting."""

    def __init__(self, batch_size, precision="float32", channels_last=False, is_compiled=False):
        torch.manual_seed(0)
        self.loss = torch.compile(workload.loss) if is_compiled else workload.loss
        self.is_mixed = precision == "bf16-mixed"
        self.channels_last = channels_last
        self.model = workload.make_model()
        if channels_last:
            self.model.to(memory_format=torch.channels_last)
        self.batches = [(workload.make_inputs(batch_size), workload.make_targets(batch_size)) for _ in range(NUM_BATCHES)]
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-3, fused=True)
        self.position = 0

    def step(self):
        inputs, targets = self.batches[self.position % NUM_BATCHES]
        self.position += 1
        if self.channels_last:
            inputs = inputs.contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.is_mixed):
            loss = self.loss(self.model, inputs, targets)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss


calls = None
loop = None
loops = {}


def call(request):
    global calls
    calls = calls or workload.make_calls()
    one = calls[request["operator"]]

    def piece():
        for _ in range(CALLS_PER_PIECE):
            one()

    return measure_pieces(piece, PIECES_OF_CALLS, CALLS_PER_PIECE)


def losses(request):
    fresh = Loop(request["batchSize"])
    return [fresh.step().item() for _ in range(request["numSteps"])]


def steps(request):
    global loop
    if loop is None:
        loop = Loop(request["batchSize"])
        for _ in range(request["warmSteps"]):
            loop.step()

    def piece():
        for _ in range(request["stepsPerPiece"]):
            loop.step()

    return measure_pieces(piece, request["pieces"], request["stepsPerPiece"])


compiled_loop = None


def compile_step(request):
    """Compiles forward and backward, which takes a C++ compiler. Replies why it cannot be done, or nothing."""
    global compiled_loop
    fresh = Loop(request["batchSize"], is_compiled=True)
    try:
        for _ in range(max(3, request["warmSteps"])):
            fresh.step()
    except Exception as error:  # of any kind: it calls programs of the system
        return str(error).strip().splitlines()[0]
    compiled_loop = fresh
    return None


def compiled(request):
    """The compiled loop, with the fused optimizer: us a step."""

    def piece():
        for _ in range(request["stepsPerPiece"]):
            compiled_loop.step()

    return measure_pieces(piece, request["pieces"], request["stepsPerPiece"])


def modes(request):
    """The loop by hand in a precision and a memory order: us a step."""
    key = (request["precision"], request["channelsLast"])
    if key not in loops:
        loops[key] = Loop(request["batchSize"], *key)
        for _ in range(request["warmSteps"]):
            loops[key].step()
    return measure_pieces(loops[key].step, request["pieces"], 1)


def trainer(request):
    from fit import fit_steps

    return fit_steps(workload, Loop(request["batchSize"]), request)


def memory(_request):
    """Peak resident size, MiB."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes on macOS


if mode == "first-step":
    reply(Loop(int(sys.argv[4])).step().item())
elif mode == "first-fit-step":
    from fit import fit_steps

    request = {"isBare": False, "warmSteps": 1, "stepsPerPiece": 1, "pieces": 1, "batchSize": int(sys.argv[4])}
    fit_steps(workload, Loop(request["batchSize"]), request, on_first_step=lambda: reply(True))
else:
    answers = {"call": call, "losses": losses, "steps": steps, "compile": compile_step, "compiled": compiled, "modes": modes, "trainer": trainer, "memory": memory}
    for line in sys.stdin:
        request = json.loads(line)
        reply(answers[request["run"]](request))
