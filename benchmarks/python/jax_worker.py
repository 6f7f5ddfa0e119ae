"""JAX's process: the training steps of workloads/ in one jitted function each, one line of JSON a request. ../worker.mjs is our side."""
import json
import os
import sys
import time

name, num_threads = sys.argv[1:3]
if num_threads == "1":
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # reads the variables
import jax.numpy as jnp
import numpy as np
from jax import lax

NUM_BATCHES = 8
VOCABULARY, WIDTH, HEADS, LAYERS, LENGTH = 256, 128, 4, 4, 64
random = np.random.default_rng(0)


def uniform(*shape, fan_in):
    bound = fan_in**-0.5
    return jnp.asarray(random.uniform(-bound, bound, shape), jnp.float32)


def linear(inputs, outputs, has_bias=True):
    made = {"w": uniform(inputs, outputs, fan_in=inputs)}
    return {**made, "b": uniform(outputs, fan_in=inputs)} if has_bias else made


def apply(layer, x):
    return x @ layer["w"] + layer["b"] if "b" in layer else x @ layer["w"]


def cross_entropy(logits, targets):
    picked = jnp.take_along_axis(jax.nn.log_softmax(logits), targets[..., None], -1)
    return -picked.mean()


def perceptron(hidden):
    sizes = [784, hidden, hidden, 10]
    params = [linear(a, b) for a, b in zip(sizes, sizes[1:])]

    def loss(params, state, x, y):
        for layer in params[:-1]:
            x = jax.nn.relu(apply(layer, x))
        return cross_entropy(apply(params[-1], x), y), state

    return params, (), loss


def perceptron_batch(size):
    return random.standard_normal((size, 784), np.float32), random.integers(10, size=size)


def cnn():
    channels = [3, 32, 64, 128]
    stages = [
        {"w": uniform(b, a, 3, 3, fan_in=9 * a), "b": uniform(b, fan_in=9 * a), "scale": jnp.ones(b), "shift": jnp.zeros(b)}
        for a, b in zip(channels, channels[1:])
    ]
    params = {"stages": stages, "head": linear(128, 10)}
    state = [{"mean": jnp.zeros(b), "var": jnp.ones(b)} for b in channels[1:]]

    def loss(params, state, x, y):
        kept = []
        for i, (stage, old) in enumerate(zip(params["stages"], state)):
            x = lax.conv_general_dilated(x, stage["w"], (1, 1), "SAME", dimension_numbers=("NCHW", "OIHW", "NCHW"))
            x = x + stage["b"][:, None, None]
            mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
            count = x.size / x.shape[1]
            kept.append({"mean": 0.9 * old["mean"] + 0.1 * mean, "var": 0.9 * old["var"] + 0.1 * var * count / (count - 1)})
            x = (x - mean[:, None, None]) * lax.rsqrt(var + 1e-5)[:, None, None]
            x = jax.nn.relu(x * stage["scale"][:, None, None] + stage["shift"][:, None, None])
            if i < 2:
                x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
        return cross_entropy(apply(params["head"], x.mean((2, 3))), y), kept

    return params, state, loss


def cnn_batch(size):
    return random.standard_normal((size, 3, 32, 32), np.float32), random.integers(10, size=size)


def norm(layer, x):
    mean, var = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    return (x - mean) * lax.rsqrt(var + 1e-5) * layer["scale"] + layer["shift"]


def gpt():
    def norm_of():
        return {"scale": jnp.ones(WIDTH), "shift": jnp.zeros(WIDTH)}

    def block():
        return {
            **{"norm1": norm_of(), "qkv": linear(WIDTH, 3 * WIDTH), "proj": linear(WIDTH, WIDTH)},
            **{"norm2": norm_of(), "up": linear(WIDTH, 4 * WIDTH), "down": linear(4 * WIDTH, WIDTH)},
        }

    def embedding(count):
        return jnp.asarray(random.standard_normal((count, WIDTH)), jnp.float32)

    params = {
        **{"tokens": embedding(VOCABULARY), "places": embedding(LENGTH), "blocks": [block() for _ in range(LAYERS)]},
        **{"norm": norm_of(), "head": linear(WIDTH, VOCABULARY, has_bias=False)},
    }
    mask = jnp.tril(jnp.ones((LENGTH, LENGTH), bool))

    def attend(block, x):
        split = apply(block["qkv"], norm(block["norm1"], x)).reshape(*x.shape[:2], 3, HEADS, WIDTH // HEADS)
        q, k, v = (split[:, :, i].transpose(0, 2, 1, 3) for i in range(3))
        scores = q @ k.transpose(0, 1, 3, 2) * (WIDTH // HEADS) ** -0.5
        mixed = jax.nn.softmax(jnp.where(mask, scores, -jnp.inf)) @ v
        return apply(block["proj"], mixed.transpose(0, 2, 1, 3).reshape(x.shape))

    def loss(params, state, x, y):
        x = params["tokens"][x] + params["places"]
        for block in params["blocks"]:
            x = x + attend(block, x)
            x = x + apply(block["down"], jax.nn.gelu(apply(block["up"], norm(block["norm2"], x)), approximate=False))
        return cross_entropy(apply(params["head"], norm(params["norm"], x)), y), state

    return params, (), loss


def gpt_batch(size):
    return random.integers(VOCABULARY, size=(size, LENGTH)), random.integers(VOCABULARY, size=(size, LENGTH))


WORKLOADS = {
    "mlp-small": (lambda: perceptron(32), perceptron_batch),
    "mlp": (lambda: perceptron(128), perceptron_batch),
    "cnn": (cnn, cnn_batch),
    "gpt": (gpt, gpt_batch),
}
make, make_batch = WORKLOADS[name]


class Loop:
    """AdamW with PyTorch's defaults, in one function with forward and backward; what it changes is given to it."""

    def __init__(self, batch_size):
        params, state, loss = make()
        zeros = jax.tree.map(jnp.zeros_like, params)
        self.all = (params, state, zeros, jax.tree.map(jnp.zeros_like, params), jnp.zeros((), jnp.float32))
        pairs = (make_batch(batch_size) for _ in range(NUM_BATCHES))
        self.batches = [tuple(jnp.asarray(each, jnp.int32 if each.dtype == np.int64 else None) for each in pair) for pair in pairs]
        self.position = 0

        def step(all, x, y):
            params, state, m, v, count = all
            (value, state), grads = jax.value_and_grad(loss, has_aux=True)(params, state, x, y)
            count = count + 1
            m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, grads)
            v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, grads)
            scale, root = 1e-3 / (1 - 0.9**count), jnp.sqrt(1 - 0.999**count)
            params = jax.tree.map(lambda p, m, v: p * (1 - 1e-5) - scale * m / (jnp.sqrt(v) / root + 1e-8), params, m, v)
            return (params, state, m, v, count), value

        self.jitted = jax.jit(step, donate_argnums=0)

    def step(self):
        x, y = self.batches[self.position % NUM_BATCHES]
        self.position += 1
        self.all, loss = self.jitted(self.all, x, y)
        return loss


loop = None


def steps(request):
    """Microseconds a step; the last of a piece is waited for."""
    global loop
    if loop is None:
        loop = Loop(request["batchSize"])
        for _ in range(request["warmSteps"]):
            loop.step()
    times = []
    for _ in range(request["pieces"]):
        started = time.perf_counter()
        for _ in range(request["stepsPerPiece"]):
            loss = loop.step()
        loss.block_until_ready()
        times.append((time.perf_counter() - started) * 1e6 / request["stepsPerPiece"])
    return times


def losses(request):
    """First and last: that they fall says that this trains."""
    fresh = Loop(request["batchSize"])
    found = [float(fresh.step()) for _ in range(request["numSteps"])]
    return [found[0], found[-1]]


answers = {"steps": steps, "losses": losses}
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(answers[request["run"]](request)), flush=True)
