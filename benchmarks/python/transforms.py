"""torchvision's side of transforms.mjs: requests on standard input, a line of JSON each, and replies."""

import json
import os
import sys
import time

import torch

if os.environ.get("SCONCE_PYTHON_MODELS"):
    sys.path.append(os.environ["SCONCE_PYTHON_MODELS"])
try:
    import torchvision
except RuntimeError:  # built for CUDA, and its compiled operators, of which transforms need none, cannot be loaded beside a torch without
    for name in [name for name in sys.modules if name.startswith("torchvision")]:
        del sys.modules[name]
    library = torch.library.Library("torchvision", "FRAGMENT")
    for operator in ("nms", "qnms"):
        library.define(f"{operator}(Tensor boxes, Tensor scores, float threshold) -> Tensor")
from torchvision.transforms import v2 as T

torch.set_num_threads(1)
NORMAL = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
SAMPLES = {
    "flip": lambda edge: T.RandomHorizontalFlip(),
    "crop, flip, scale, normalize": lambda edge: T.Compose(
        [T.RandomCrop(edge, padding=edge // 8), T.RandomHorizontalFlip(), T.ToDtype(torch.float32, scale=True), T.Normalize(*NORMAL)]
    ),
    "RandomResizedCrop": lambda edge: T.RandomResizedCrop(edge),
    "RandomRotation": lambda edge: T.RandomRotation(30),
    "RandomAffine, bilinear": lambda edge: T.RandomAffine(20, (0.1, 0.1), (0.8, 1.2), 10, interpolation="bilinear"),
    "RandomPerspective": lambda edge: T.RandomPerspective(p=1),
    "ColorJitter": lambda edge: T.ColorJitter(0.4, 0.4, 0.4, 0.1),
    "RandomGrayscale": lambda edge: T.RandomGrayscale(0.2),
    "GaussianBlur": lambda edge: T.GaussianBlur(5),
    "RandomErasing": lambda edge: T.RandomErasing(),
    "RandAugment": lambda edge: T.RandAugment(),
    "TrivialAugmentWide": lambda edge: T.TrivialAugmentWide(),
}
BATCHES = {
    "MixUp": (T.ToDtype(torch.float32, scale=True), T.MixUp(num_classes=10)),
    "CutMix": (T.Identity(), T.CutMix(num_classes=10)),
}


def measure(name, edge, count, repeats):
    generator = torch.Generator().manual_seed(1)
    samples = [torch.randint(0, 256, (3, edge, edge), dtype=torch.uint8, generator=generator) for _ in range(count)]
    labels = torch.arange(count) % 10
    transform, mix = (SAMPLES[name](edge), None) if name in SAMPLES else BATCHES[name]
    began = time.process_time()
    for _ in range(repeats):
        batch = torch.stack([transform(sample) for sample in samples])
        if mix:
            mix(batch, labels)
    return (time.process_time() - began) * 1000 / repeats


for line in sys.stdin:
    print(json.dumps({"ms": measure(**json.loads(line))}), flush=True)
