"""Computes the picture embeddings again in PyTorch, from the checkpoint alone: python embed.py runs/emoji-clip-…"""
import sys, torch, torch.nn.functional as F

state = torch.load(f"{sys.argv[1]}/checkpoints/latest.ckpt", weights_only=True)["model_state_dict"]
ours = torch.load(f"{sys.argv[1]}/embeddings.pt", weights_only=True)  # pixels [N, 3, 48, 48], image and text [N, D], labels
x = ours["pixels"].float() / 255
for i, stride in enumerate([2, 1, 2, 1, 2, 1]):
    conv, norm = f"image.features.{i}.0", f"image.features.{i}.1"
    x = F.conv2d(x, state[f"{conv}.weight"], stride=stride, padding=1)
    x = F.relu(F.batch_norm(x, *(state[f"{norm}.{name}"] for name in ("running_mean", "running_var", "weight", "bias"))))
x = F.normalize(F.linear(F.adaptive_avg_pool2d(x, 3).flatten(1), state["image.head.weight"], state["image.head.bias"]))
print(f"{len(x)} embeddings, largest difference to Sconce's: {(x - ours['image']).abs().max():.1e}")
