# Reads what loggers wrote with the tools that people read it with, and prints it as JSON.
# tensorboard FOLDER | hparams FOLDER | record | csv FILE
import base64
import dataclasses
import json
import logging
import math
import sys

logging.disable(logging.CRITICAL)


def plain(value):
    """JSON has no NaN."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def tensorboard(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(folder, size_guidance={name: 0 for name in ("scalars", "histograms", "images", "tensors")})
    events.Reload()
    tags = events.Tags()
    return {
        "scalars": {tag: [[e.step, plain(e.value)] for e in events.Scalars(tag)] for tag in tags["scalars"]},
        "histograms": {
            tag: [
                [e.step, {name: [plain(v) for v in x] if isinstance(x, (list, tuple)) else plain(x) for name, x in dataclasses.asdict(e.histogram_value).items()}]
                for e in events.Histograms(tag)
            ]
            for tag in tags["histograms"]
        },
        "images": {
            tag: [[e.step, e.width, e.height, base64.b64encode(e.encoded_image_string).decode()] for e in events.Images(tag)]
            for tag in tags["images"]
        },
        "texts": {
            tag: [[e.step, e.tensor_proto.string_val[0].decode()] for e in events.Tensors(tag)]
            for tag in tags["tensors"]
            if events.SummaryMetadata(tag).plugin_data.plugin_name == "text"
        },
    }


def hparams(folder):
    """What the table of runs shows, by the plugin's own back end."""
    from google.protobuf import json_format
    from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
    from tensorboard.context import RequestContext
    from tensorboard.plugins import base_plugin
    from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups

    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    multiplexer.AddRunsFromDirectory(folder)
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, folder)
    context = backend_context.Context(base_plugin.TBContext(logdir=folder, data_provider=provider))
    request = RequestContext()
    metadata = context.hparams_metadata(request, "")
    experiment = context.experiment_from_metadata(request, "", True, metadata, context.hparams_from_data_provider(request, "", None))
    wanted = api_pb2.ListSessionGroupsRequest(
        allowed_statuses=[api_pb2.STATUS_UNKNOWN, api_pb2.STATUS_SUCCESS, api_pb2.STATUS_FAILURE, api_pb2.STATUS_RUNNING], slice_size=100
    )
    for info in experiment.metric_infos:
        wanted.col_params.add(metric=info.name)
    groups = list_session_groups.Handler(request, context, "", wanted).run()
    return {
        "hparams": sorted(info.name for info in experiment.hparam_infos),
        "metrics": sorted({info.name.tag for info in experiment.metric_infos}),
        "groups": [json_format.MessageToDict(group) for group in groups.session_groups],
    }


def record():
    """The bytes of events, for machines without TensorBoard."""
    from tensorboard.compat.proto import event_pb2, summary_pb2
    from tensorboard.plugins.hparams import plugin_data_pb2
    from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

    def event(*values):
        return event_pb2.Event(wall_time=1234.5, step=300, summary=summary_pb2.Summary(value=values))

    Value = summary_pb2.Summary.Value
    scalars = event(Value(tag="train/loss", simple_value=0.1), Value(tag="größe/\U0001f600", simple_value=float("inf")))
    histogram = summary_pb2.HistogramProto(min=-1, max=2.5, num=6, sum=3.25, sum_squares=9.5, bucket_limit=[-1, 0, 1, 2.5], bucket=[0, 1, 2, 3])
    image = Value(tag="picture", image=summary_pb2.Summary.Image(height=2, width=300, colorspace=3, encoded_image_string=bytes(range(200))))
    image.metadata.summary_description = "what it is"
    text = Value(tag="notes")
    text.metadata.plugin_data.plugin_name = "text"
    text.tensor.dtype = 7
    text.tensor.tensor_shape.dim.add(size=1)
    text.tensor.string_val.append("two\nlines ü".encode())
    start = Value(tag="_hparams_/session_start_info")
    info = plugin_data_pb2.HParamsPluginData()
    info.session_start_info.hparams["lr"].number_value = 0.5
    info.session_start_info.group_name = "g"
    info.session_start_info.start_time_secs = 1234.5
    start.metadata.plugin_data.plugin_name = "hparams"
    start.metadata.plugin_data.content = info.SerializeToString()
    start.tensor.dtype = 1
    start.tensor.tensor_shape.dim.add()
    end = Value()
    end.CopyFrom(start)
    end.tag = "_hparams_/session_end_info"
    info = plugin_data_pb2.HParamsPluginData()
    info.session_end_info.status = 1
    info.session_end_info.end_time_secs = 1234.5
    end.metadata.plugin_data.content = info.SerializeToString()
    begun = event_pb2.Event(wall_time=1234.5, step=300)
    begun.session_log.status = event_pb2.SessionLog.START
    messages = {
        "fileVersion": event_pb2.Event(wall_time=1234.5, file_version="brain.Event:2"),
        "sessionStart": begun,
        "scalars": scalars,
        "histogram": event(Value(tag="weights", histo=histogram)),
        "image": event(image),
        "text": event(text),
        "sessionInfo": event(start),
        "sessionEnd": event(end),
    }
    return {
        "events": {name: message.SerializeToString().hex() for name, message in messages.items()},
        "maskedCrcs": {text: masked_crc32c(text.encode()) for text in ("", "a", "123456789", "sconce" * 50)},
    }


def csv(path):
    import pandas

    # The default reader may be off by the last bit.
    table = pandas.read_csv(path, float_precision="round_trip")
    return {"columns": list(table.columns), "types": [str(t) for t in table.dtypes], "rows": [[plain(v) for v in row] for row in table.values.tolist()]}


print(json.dumps({"tensorboard": tensorboard, "hparams": hparams, "record": record, "csv": csv}[sys.argv[1]](*sys.argv[2:])))
