"""Python's side of adaptive.mjs: the adaptive network in PyTorch in two forms. In both, a loop over samples and nodes chooses each phase by itself, as in
adaptiveneuralnetwork; the states then move on as whole tensors, as there, or in that loop too.

Requests on standard input, as JSON, a reply each."""

import json
import math
import sys
import time

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
ACTIVE, SLEEP, INTERACTIVE, INSPIRED = range(4)
MATRIX = torch.tensor([[0.8, 0.04, 0.15, 0.01], [0.15, 0.8, 0.04, 0.01], [0.15, 0.04, 0.8, 0.01], [0.1, 0.05, 0.05, 0.8]])
WEIGHTS = torch.tensor([0.6, 0.1, 0.25, 0.05])


def draw(weights):
    return torch.multinomial(torch.softmax(weights, dim=0), 1).item()


def draw_of(pairs):
    weights = torch.zeros(4)
    for phase, weight in pairs:
        weights[phase] = weight
    return draw(weights)


class Scheduler:
    def __init__(self, nodes):
        self.nodes, self.steps = nodes, 0
        self.phases = torch.zeros(nodes, dtype=torch.long)
        self.anxiety, self.needs, self.quality = torch.zeros(nodes), torch.zeros(nodes), torch.ones(nodes)
        self.history = torch.zeros(nodes, 10)

    def choose(self, phase, node, energy, activity, day):
        anxiety, need = self.anxiety[node].item(), self.needs[node].item()
        if np.random.random() < 0.1:
            return draw(WEIGHTS.clone())
        if anxiety > 5:
            s = min(1.0, anxiety / 10)
            return draw_of([(SLEEP, s * 0.6), (INTERACTIVE, s * 0.3), (ACTIVE, (1 - s) * 0.1)])
        if need > 0.6 and phase != SLEEP:
            return draw_of([(SLEEP, 0.8), (INTERACTIVE, 0.2)])
        if energy < 2:
            p = 0.9 if anxiety > 2.5 else 0.7
            return draw_of([(SLEEP, p), (INTERACTIVE, 1 - p)])
        if energy > 20 and activity < 0.3:
            if anxiety < 1.5 and day > 0.5:
                return draw_of([(INSPIRED, 0.6), (INTERACTIVE, 0.3), (ACTIVE, 0.1)])
            return draw_of([(INTERACTIVE, 0.7), (ACTIVE, 0.3)])
        if activity > 0.7:
            busy = [(INTERACTIVE, 0.8), (ACTIVE, 0.2)] if anxiety > 2 else [(ACTIVE, 0.7), (INTERACTIVE, 0.3)]
            return draw_of(busy)
        weights = MATRIX[phase].clone()
        if anxiety > 2.5:
            weights[SLEEP] *= 1.5
            weights[INTERACTIVE] *= 1.3
            weights[ACTIVE] *= 0.7
        if need > 0.4:
            weights[SLEEP] *= 1.4
            weights[INSPIRED] *= 0.6
        return draw(weights)

    def step(self, energy, activity, anxiety):
        self.steps += 1
        last = anxiety[-1, :, 0].detach()
        self.history = torch.cat([last[:, None], self.history[:, :-1]], dim=1)
        self.anxiety = 0.3 * last + 0.7 * self.anxiety
        day = math.sin(2 * math.pi * (self.steps % 100) / 100)
        samples = energy.shape[0]
        phases = torch.empty(samples, self.nodes, dtype=torch.long)
        for b in range(samples):
            for n in range(self.nodes):
                phases[b, n] = self.choose(self.phases[n].item(), n, energy[b, n, 0].item(), activity[b, n, 0].item(), day)
        self.phases = phases[-1].clone()
        sleeps = self.phases == SLEEP
        effect = torch.where(self.anxiety > 5, 0.7, 1.0)
        gain = 0.05 * (self.phases == ACTIVE) + 0.03 * (self.phases == INTERACTIVE) - 0.1 * effect * sleeps
        self.needs = torch.clamp(self.needs + gain, 0, 1)
        self.quality = torch.where(sleeps, torch.clamp(self.quality + 0.02 * effect, 0, 1), self.quality * 0.995)
        return phases


class Network(nn.Module):
    def __init__(self, nodes, hidden, inputs, outputs, samples):
        super().__init__()
        self.nodes = nodes
        self.state_update, self.energy_update = nn.Linear(hidden, hidden), nn.Linear(hidden, 1)
        self.activity_update, self.phase_scales = nn.Linear(2, 1), nn.Parameter(torch.ones(4))
        self.input_projection, self.output_projection = nn.Linear(inputs, hidden), nn.Linear(nodes, outputs)
        self.h = torch.zeros(samples, nodes, hidden)
        self.energy, self.activity = torch.full((samples, nodes, 1), 10.0), torch.zeros(samples, nodes, 1)
        self.scheduler = Scheduler(nodes)

    def forward(self, x):
        h, energy, activity = self.h.detach(), self.energy.detach(), self.activity.detach()
        u = self.input_projection(x).unsqueeze(1).expand(-1, self.nodes, -1)
        anxiety = torch.clamp(5 - energy, min=0) + 2 * activity + h.var(dim=-1, keepdim=True)
        phases = self.scheduler.step(energy, activity, anxiety)
        awake = (phases != SLEEP).unsqueeze(-1).float()
        if self.node_by_node:
            states = [self.move(b, n, u[b, n], anxiety, phases, awake) for b in range(len(x)) for n in range(self.nodes)]
            self.h, self.energy, self.activity = (torch.stack(part).view(len(x), self.nodes, -1) for part in zip(*states))
            return self.output_projection(self.activity.squeeze(-1))
        delta = self.state_update(h) * (1 + self.phase_scales[phases].unsqueeze(-1))
        self.h = torch.tanh(h + awake * (delta + 0.1 * u))
        gain = self.energy_update(self.h) * (1 - 0.1 * torch.clamp(anxiety / 10, 0, 1)) * awake
        self.energy = torch.clamp(energy * 0.99 + gain, 0, 50)
        means = torch.cat([self.h.mean(dim=-1, keepdim=True), u.mean(dim=-1, keepdim=True)], dim=-1)
        self.activity = torch.sigmoid(self.activity_update(means))
        return self.output_projection(self.activity.squeeze(-1))

    def move(self, b, n, u, anxiety, phases, awake):
        """One node of one sample."""
        before, energy, m = self.h[b, n].detach(), self.energy[b, n].detach(), awake[b, n]
        delta = self.state_update(before) * (1 + self.phase_scales[phases[b, n]])
        h = torch.tanh(before + m * (delta + 0.1 * u))
        gain = self.energy_update(h) * (1 - 0.1 * torch.clamp(anxiety[b, n] / 10, 0, 1)) * m
        activity = torch.sigmoid(self.activity_update(torch.stack([h.mean(), u.mean()])))
        return h, torch.clamp(energy * 0.99 + gain, 0, 50), activity


network = x = target = None
for line in sys.stdin:
    request = json.loads(line)
    if request["action"] == "make":
        sizes = request["sizes"]
        torch.manual_seed(0)
        network = Network(sizes["nodes"], sizes["hidden"], sizes["inputs"], sizes["outputs"], sizes["samples"])
        x = torch.rand(sizes["samples"], sizes["inputs"])
        target = torch.randint(sizes["outputs"], (sizes["samples"],))
        print("{}", flush=True)
        continue
    network.node_by_node = request["form"] == "nodes"
    started, cpu = time.perf_counter(), time.process_time()
    for _ in range(request["steps"]):
        network.zero_grad()
        loss = nn.functional.cross_entropy(network(x), target)
        loss.backward()
    ms, cpu_ms = (time.perf_counter() - started) * 1000, (time.process_time() - cpu) * 1000
    print(json.dumps({"ms": ms / request["steps"], "cpuMs": cpu_ms / request["steps"]}), flush=True)
