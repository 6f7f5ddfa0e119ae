"""Plays Python's wandb against the server of WANDB_BASE_URL, as test/parity/wandb.test.ts asks: a run, runs that go on, `wandb sync`, or reading a log."""

import importlib.abc
import importlib.machinery
import json
import os
import struct
import sys
import types


class _Anything(type):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return None


class _Module(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (), {})


class _NoTelemetry(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """wandb measures itself through a package that cannot always be had; nothing of a run goes through it."""

    def find_spec(self, name, path, target=None):
        if name.split(".")[0] == "opentelemetry":
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return _Module(spec.name)

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, _NoTelemetry())


def init(folder, **more):
    import wandb

    settings = wandb.Settings(
        x_disable_stats=True, console="off", disable_git=True, save_code=False, x_file_stream_transmit_interval=0.2
    )
    return wandb.init(project="digits", entity="anna", id="abc12345", dir=folder, settings=settings, **more)


def whole(folder, picture, model):
    import numpy as np
    import wandb

    run = init(
        folder,
        name="first",
        notes="some notes",
        tags=["a", "b"],
        config={"lr": 0.1, "layers": [1, 2], "model": {"depth": 3}, "none": None},
    )
    run.define_metric("val/loss", summary="min,last")
    run.log({"train/loss": 1.5, "train/acc": float("nan"), "epoch_summary/train/loss": 1.5}, step=1)
    run.log({"lr": 0.1, "loader_counts/a_batches": 3}, step=1)
    run.log({"train/loss": float("inf"), "val/loss": 0.25, "a.b": -1e-30}, step=2)
    run.log({"val/loss": 0.5}, step=3)
    histogram = wandb.Histogram(np_histogram=(np.array([1, 2, 3]), np.array([0.0, 0.5, 1.0, 1.5])))
    run.log({"weights/fc": histogram}, step=3)
    run.log({"val/samples": wandb.Image(picture, caption="a caption")}, step=4)
    chart = wandb.plot.confusion_matrix(y_true=[0, 1, 1], preds=[0, 1, 0], class_names=["cat", "dog"], title="val/confusion")
    run.log({"val/confusion": chart}, step=5)
    run.log({"notes": wandb.Html("<pre>1 &lt; 2</pre>")}, step=6)
    artifact = wandb.Artifact("digits-model", type="model", description="the best", metadata={"loss": 0.5})
    artifact.add_file(model, name="weights/model.txt")
    run.log_artifact(artifact, aliases=["latest", "best"])
    run.finish(exit_code=0)


def goes_on(folder, step, **more):
    run = init(folder, **more)
    run.log({"train/loss": 0.5}, step=step)
    run.finish(exit_code=1)


def read(path):
    """The records of a log as JSON, by W&B's own messages; its Python has no reader of the frames any more."""
    import zlib

    from google.protobuf.json_format import MessageToDict
    from wandb.proto import wandb_internal_pb2 as pb

    with open(path, "rb") as file:
        data = file.read()
    assert data[:7] == b":W&B\xe1\xbe\x00", data[:7]
    at, record, records = 7, b"", []
    while at + 7 <= len(data):
        left = 32768 - at % 32768
        if left < 7:
            assert data[at : at + left] == bytes(left)
            at += left
            continue
        crc, size, kind = struct.unpack("<IHB", data[at : at + 7])
        chunk = data[at + 7 : at + 7 + size]
        assert crc == zlib.crc32(chunk, zlib.crc32(bytes([kind])))
        record += chunk
        at += 7 + size
        if kind in (1, 4):
            message = pb.Record()
            message.ParseFromString(record)
            records.append(MessageToDict(message, preserving_proto_field_name=True))
            record = b""
    print(json.dumps(records))


def main():
    what, *rest = sys.argv[1:]
    if what == "probe":
        import wandb

        print(wandb.__version__)
    elif what == "runs":  # one process for all, which takes a second to start
        whole(*rest)
        goes_on(rest[0], 9, resume="must")
        goes_on(rest[0], 4, resume_from="abc12345?_step=3")
    elif what == "read":
        read(rest[0])
    elif what == "sync":
        from wandb.cli.cli import cli

        sys.argv = ["wandb", "sync", *rest]
        cli()
    sys.stdout.flush()
    os._exit(0)


main()
