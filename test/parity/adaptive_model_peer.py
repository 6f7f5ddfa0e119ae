"""The adaptive network's equations in PyTorch, node by node: 200 training steps for each way of choosing phases. Writes what our network is held against.

  python adaptive_model_peer.py OUT.safetensors
"""
import math
import sys

import torch
from safetensors.torch import save_file
from torch import nn

N, D, S, INPUTS, OUTPUTS, STEPS, PERIOD, SEED = 12, 6, 2, 5, 3, 200, 20, 7
THRESHOLD, STRENGTH, TEMPERATURE, EXPLORATION, RATE, DECAY = 5.0, 0.1, 1.0, 0.1, 0.1, 0.01
ACTIVE, SLEEP, INTERACTIVE, INSPIRED = range(4)
WEIGHTS = [0.6, 0.1, 0.25, 0.05]
MATRIX = [[0.8, 0.04, 0.15, 0.01], [0.15, 0.8, 0.04, 0.01], [0.15, 0.04, 0.8, 0.01], [0.1, 0.05, 0.05, 0.8]]
SIZES = [5, 5, 3, 6, 6, 1, 4, 2, 2]  # growing, shrinking and staying
WORD = 2**64


def fork(seed, epoch, index=0):
    """The generator that our library makes of these three numbers."""
    value = 0
    for number in (seed, epoch, index):
        value = (value + number + 0x9E3779B97F4A7C15) % WORD
        value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) % WORD
        value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) % WORD
        value ^= value >> 31
    return torch.Generator().manual_seed(value)


class Scheduler:
    def __init__(self, drawn, aliased):
        self.drawn, self.aliased, self.steps = drawn, aliased, 0
        self.phases = [ACTIVE] * N
        self.anxiety = torch.zeros(N, dtype=torch.float64)
        self.history = torch.zeros(N, 10, dtype=torch.float64)
        self.needs, self.quality = [0.0] * N, [1.0] * N
        self.fired = [0] * 8

    def pick(self, weights, u, soft=True):
        """The inverse of the cumulative distribution."""
        if soft:
            powers = [math.exp(weight / TEMPERATURE) for weight in weights]
            weights = [power / sum(powers) for power in powers]
        else:
            weights = [weight / sum(weights) for weight in weights]
        total = 0.0
        for phase in range(3):
            total += weights[phase]
            if u < total:
                return phase
        return INSPIRED

    def rule(self, number, drawn, decided, u):
        self.fired[number] += 1
        return self.pick(drawn, u) if self.drawn else decided

    def next_phase(self, phase, node, energy, activity, explore, u, day):
        anxiety, need = self.anxiety[node].item(), self.needs[node]
        if self.drawn and explore < torch.tensor(EXPLORATION).item():
            return self.rule(0, WEIGHTS, None, u)
        if anxiety > THRESHOLD:
            s = min(1.0, anxiety / (2 * THRESHOLD))
            return self.rule(1, [0.1 * (1 - s), 0.6 * s, 0.3 * s, 0], SLEEP if s > 0.7 else INTERACTIVE, u)
        if need > 0.6 and phase != SLEEP:
            return self.rule(2, [0, 0.8, 0.2, 0], SLEEP, u)
        if energy < 2:
            p = 0.9 if anxiety > 0.5 * THRESHOLD else 0.7
            return self.rule(3, [0, p, 1 - p, 0], SLEEP, u)
        if energy > 20 and activity < 0.3:
            if anxiety < 0.3 * THRESHOLD and day > 0.5:
                return self.rule(4, [0.1, 0, 0.3, 0.6], INSPIRED, u)
            return self.rule(5, [0.3, 0, 0.7, 0], INTERACTIVE, u)
        if activity > 0.7:
            if anxiety > 0.4 * THRESHOLD:
                return self.rule(6, [0.2, 0, 0.8, 0], INTERACTIVE, u)
            return self.rule(6, [0.7, 0, 0.3, 0], ACTIVE if u < 0.7 else INTERACTIVE, u)
        self.fired[7] += 1
        weights = list(MATRIX[phase])
        if anxiety > 0.5 * THRESHOLD:
            weights[SLEEP] *= 1.5
            weights[INTERACTIVE] *= 1.3
            weights[ACTIVE] *= 0.7
        if need > 0.4:
            weights[SLEEP] *= 1.4
            weights[INSPIRED] *= 0.6
        return self.pick(weights, u, soft=self.drawn)

    def step(self, energy, activity, anxiety):
        self.steps += 1
        last = anxiety[-1, :, 0]
        self.history = torch.cat([last[:, None], self.history[:, :-1]], dim=1)
        self.anxiety = 0.3 * last + 0.7 * self.anxiety
        day = math.sin(2 * math.pi * (self.steps % PERIOD) / PERIOD)
        samples = energy.shape[0]
        draws = torch.rand(2, samples, N, generator=fork(SEED, self.steps)).tolist()
        rows, row = [], list(self.phases)
        for b in range(samples):
            from_ = row if self.aliased else self.phases
            row = [
                self.next_phase(
                    from_[n], n, energy[b, n, 0].item(), activity[b, n, 0].item(), draws[0][b][n], draws[1][b][n], day
                )
                for n in range(N)
            ]
            rows.append(row)
        self.phases = row
        self.rest()
        return torch.tensor([row] * samples if self.aliased else rows)

    def rest(self):
        for n, phase in enumerate(self.phases):
            effect = 0.7 if self.anxiety[n].item() > THRESHOLD else 1.0
            if phase == SLEEP:
                self.needs[n] -= STRENGTH * effect
                self.quality[n] = min(1.0, max(0.0, self.quality[n] + 0.02 * effect))
            else:
                self.needs[n] += {ACTIVE: 0.05, INTERACTIVE: 0.03, INSPIRED: 0.0}[phase]
                self.quality[n] *= 0.995
            self.needs[n] = min(1.0, max(0.0, self.needs[n]))


class Network(nn.Module):
    def __init__(self, drawn, aliased):
        super().__init__()
        torch.manual_seed(SEED)
        position = torch.randn(1, N, S)
        self.state_update, self.energy_update, self.activity_update = nn.Linear(D, D), nn.Linear(D, 1), nn.Linear(2, 1)
        self.input_projection, self.output_projection = nn.Linear(INPUTS, D), nn.Linear(N, OUTPUTS)
        self.phase_scales = nn.Parameter(torch.ones(4))
        self.double()
        self.h = torch.zeros(1, N, D, dtype=torch.float64)
        self.energy = torch.full((1, N, 1), 10.0, dtype=torch.float64)
        self.activity = torch.zeros(1, N, 1, dtype=torch.float64)
        self.position, self.awake = position.double(), torch.zeros(1, N, 1, dtype=torch.bool)
        self.scheduler = Scheduler(drawn, aliased)

    def resize(self, samples):
        for name in ("h", "energy", "activity", "position", "awake"):
            value = getattr(self, name).detach()
            while len(value) < samples:
                value = torch.cat([value, value[:1]])
            setattr(self, name, value[:samples])

    def forward(self, x):
        self.resize(len(x))
        u = self.input_projection(x)[:, None, :].repeat(1, N, 1)
        anxiety = torch.relu(5 - self.energy) + 2 * self.activity + self.h.var(dim=-1, keepdim=True)
        phases = self.scheduler.step(self.energy, self.activity, anxiety)
        m = (phases != SLEEP)[:, :, None].double()
        delta = self.state_update(self.h) * (1 + self.phase_scales[phases][:, :, None])
        self.h = torch.tanh(self.h + m * (delta + RATE * u))
        gain = self.energy_update(self.h) * (1 - 0.1 * torch.clamp(anxiety / 10, 0, 1)) * m
        self.energy = torch.clamp(self.energy * (1 - DECAY) + gain, 0, 50)
        means = torch.stack([self.h.mean(dim=-1), u.mean(dim=-1)], dim=-1)
        self.activity = torch.clamp(torch.sigmoid(self.activity_update(means)), 0, 1)
        self.awake = m.bool()
        return self.output_projection(self.activity[:, :, 0]), phases

    def own_loss(self, target):
        surplus = torch.relu(self.energy - 10)
        distance = (self.activity.mean(dim=1)[:, 0] - target) ** 2
        return distance.mean() + 0.01 * (surplus**2).mean() + 0.001 * (self.activity**2).mean()


def train(drawn, aliased):
    network = Network(drawn, aliased)
    numbers = fork(SEED, 0, 9)
    uniform = lambda *shape: torch.rand(shape, generator=numbers, dtype=torch.float64)
    with torch.no_grad():
        for weight in (network.activity_update.weight, network.energy_update.weight):
            weight.mul_(6)
    losses, norms, chosen = [], [], []
    for step in range(STEPS):
        samples = SIZES[step % len(SIZES)]
        x, target = uniform(samples, INPUTS) * 4 - 2, uniform(samples, OUTPUTS)
        if step % 3 == 0:  # states that the network would not come to by itself: of want and of plenty, in turn
            plenty = step // 40 % 2
            energy, activity = uniform(1, N, 1) * 10 + 18 * plenty, uniform(1, N, 1) / (1 + plenty)
            network.energy = energy.repeat(len(network.h), 1, 1)
            network.activity = activity.repeat(len(network.h), 1, 1)
        output, phases = network(x)
        loss = ((output - target) ** 2).mean() + 0.1 * network.own_loss(target[:, 0])
        network.zero_grad()
        loss.backward()
        gradients = [parameter.grad for parameter in network.parameters()]
        with torch.no_grad():
            for parameter, gradient in zip(network.parameters(), gradients):
                parameter -= 0.05 * gradient
        losses.append(loss.item())
        norms.append(math.sqrt(sum((gradient**2).sum().item() for gradient in gradients)))
        chosen.append(phases.flatten().to(torch.uint8))
    scheduler = network.scheduler
    state = {
        "dynamics.phase_scales": network.phase_scales,
        **{("" if "projection" in name else "dynamics.") + name: value for name, value in network.named_parameters()},
        "node_state.hidden_state": network.h,
        "node_state.energy": network.energy,
        "node_state.activity": network.activity,
        "node_state.position": network.position,
        "node_state.phase_mask": network.awake,
        "phase_scheduler.current_step": torch.tensor(scheduler.steps),
        "phase_scheduler.node_phases": torch.tensor(scheduler.phases),
        "phase_scheduler.node_anxiety": scheduler.anxiety,
        "phase_scheduler.anxiety_history": scheduler.history,
        "phase_scheduler.restorative_needs": torch.tensor(scheduler.needs, dtype=torch.float64),
        "phase_scheduler.sleep_quality": torch.tensor(scheduler.quality, dtype=torch.float64),
    }
    return {
        "losses": torch.tensor(losses, dtype=torch.float64),
        "norms": torch.tensor(norms, dtype=torch.float64),
        "phases": torch.cat(chosen),
        "fired": torch.tensor(scheduler.fired),
        **{f"state/{name}": value.detach().clone() for name, value in state.items()},
    }


RUNS = {
    f"{'aliased' if aliased else 'samples'}-{'drawn' if drawn else 'decided'}": train(drawn, aliased)
    for aliased in (False, True)
    for drawn in (True, False)
}
for name, run in RUNS.items():
    print(name, run["losses"][-1].item(), run["fired"].tolist(), file=sys.stderr)
save_file({f"{run}/{name}": value.contiguous() for run, values in RUNS.items() for name, value in values.items()}, sys.argv[1])
