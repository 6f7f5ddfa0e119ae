# Retrieval, alignment and zero-shot classification as their formulas are written, of the tensors in a file; prints the values as JSON.
import json
import sys

import torch

given = torch.load(sys.argv[1], weights_only=True)


def places(similarity, strangers):
    """Of each row: strangers that are not less similar than the best partner, those level with it half."""
    best = similarity.masked_fill(strangers, -torch.inf).amax(1, keepdim=True)
    above = (~(similarity <= best) & strangers).sum(1).double()
    found = above + 0.5 * ((similarity == best) & strangers).sum(1)
    return found.masked_fill(strangers.all(1), torch.inf)


def summary(similarity, strangers):
    values = {}
    for way, table, mask in [("a_to_b", similarity, strangers), ("b_to_a", similarity.T, strangers.T)]:
        place = places(table, mask)
        for k in [1, 10]:
            values[f"{way}_r{k}"] = (place < k).double().mean().item()
        values[f"{way}_mrr"] = (1 / (place + 1)).mean().item()
        values[f"{way}_median_rank"] = place.quantile(0.5).item() + 1
    return values


def strangers_of(case):
    left = case.get("left_ids", torch.arange(len(case["left"])))
    return left[:, None] != case.get("right_ids", left)[None, :]


def in_batches(case, size):
    found = {"a_to_b": [], "b_to_a": []}
    strangers = strangers_of(case)
    for start in range(0, len(case["left"]), size):
        part = slice(start, start + size)
        similarity = case["left"][part] @ case["right"][part].T
        found["a_to_b"].append(places(similarity, strangers[part, part]))
        found["b_to_a"].append(places(similarity.T, strangers[part, part].T))
    return {f"in_batch_{way}_r{k}": (torch.cat(place) < k).double().mean().item() for way, place in found.items() for k in [1, 10]}


def alignment(case):
    left = torch.nn.functional.normalize(case["left"].double())
    right = torch.nn.functional.normalize(case["right"].double())
    similarity = left @ right.T
    diag_mean = similarity[~strangers_of(case)].mean()
    gap = diag_mean - similarity.mean()
    values = {"diag_mean": diag_mean, "sim_mean": similarity.mean(), "alignment_gap": gap}
    values["alignment_snr"] = gap.abs() / (similarity.std() + 1e-6)
    return {name: value.item() for name, value in values.items()}


def zero_shot(case):
    prompts = torch.nn.functional.normalize(case["prompts"], dim=-1)  # [C, P, D]
    classes = torch.nn.functional.normalize(prompts.mean(1))
    scores = torch.nn.functional.normalize(case["images"]) @ classes.T
    order = scores.argsort(1, descending=True)
    values = {f"top{k}": (order[:, :k] == case["target"][:, None]).any(1).double().mean().item() for k in [1, 3]}
    confusion = torch.zeros(len(classes), len(classes), dtype=torch.int64)
    for target, found in zip(case["target"], order[:, 0]):
        confusion[target, found] += 1
    return {**values, "confusion": confusion.tolist()}


print(
    json.dumps(
        {
            "whole": {name: summary(case["left"] @ case["right"].T, strangers_of(case)) for name, case in given["cases"].items()},
            "inBatches": {name: in_batches(given["cases"][name], 250) for name in ["continuous", "ties"]},
            "alignment": {name: alignment(given["cases"][name]) for name in ["continuous", "lengths"]},
            "zeroShot": zero_shot(given["zeroShot"]),
        }
    )
)
