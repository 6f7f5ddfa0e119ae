// The records of a TensorBoard event file but those of scalars: messages of tensorboard/compat/proto (Event, Summary, SessionLog, HistogramProto) and of its plugins.
import type { Histogram, LoggedImage } from '../../data-records.ts';
import { ProtobufWriter } from '../protobuf.ts';
import type { Hyperparameters } from './hyperparameters.ts';

// Fields of Event.
export const WALL_TIME = 1;
export const STEP = 2;
const FILE_VERSION = 3;
export const SUMMARY = 5;
const SESSION_LOG = 7;
// Fields of Summary.Value.
export const TAG = 1;
const IMAGE = 4;
const HISTOGRAM = 5;
const TENSOR = 8;
const METADATA = 9;
// Types of TensorProto.
const DT_FLOAT = 1;
const DT_STRING = 7;

/** When and where something was logged: seconds since 1970, and the step. */
export interface EventPlace {
  readonly seconds: number;
  readonly step: number;
}

type Write = (fields: ProtobufWriter) => void;

/** The first record of a file. */
export const fileVersionEvent = (seconds: number): Uint8Array =>
  new ProtobufWriter().double(WALL_TIME, seconds).text(FILE_VERSION, 'brain.Event:2').finish();

/** Says that the run goes on: readers take what earlier files have from `step` on as void. */
export const sessionStartEvent = (place: EventPlace): Uint8Array =>
  eventOf(place, SESSION_LOG, (log) => log.varint(1, 1)); // SessionLog.START

export const histogramEvent = (key: string, histogram: Histogram, place: EventPlace): Uint8Array => {
  const { edges, counts, min, max, sum, sumOfSquares, count } = histogram;
  return valueEvent(place, key, (value) =>
    value.message(HISTOGRAM, (proto) =>
      proto
        .double(1, min)
        .double(2, max)
        .double(3, count)
        .double(4, sum)
        .double(5, sumOfSquares)
        // A bucket reaches from the limit before it to its own: an empty one carries the lowest edge.
        .packedDoubles(6, edges)
        .packedDoubles(7, [0, ...counts]),
    ),
  );
};

/** @param numChannels - 1 for gray, 2 with transparency, 3 for colours, 4 with transparency. */
export const imageEvent = (key: string, image: LoggedImage, numChannels: number, place: EventPlace): Uint8Array => {
  const { width, height, bytes, caption } = image;
  return valueEvent(place, key, (value) => {
    value.message(IMAGE, (proto) => proto.varint(1, height).varint(2, width).varint(3, numChannels).bytes(4, bytes));
    if (caption !== undefined) value.message(METADATA, (metadata) => metadata.text(3, caption));
  });
};

/** Text is shown as Markdown. */
export const textEvent = (key: string, text: string, place: EventPlace): Uint8Array =>
  valueEvent(place, key, (value) =>
    value
      .message(TENSOR, (tensor) =>
        tensor
          .varint(1, DT_STRING)
          .message(2, (shape) => shape.message(2, (dimension) => dimension.varint(1, 1)))
          .text(8, text),
      )
      .message(METADATA, plugin('text')),
  );

/** What the run was asked to do, for the plugin that compares runs. */
export const sessionInfoEvent = (hyperparameters: Hyperparameters, group: string, place: EventPlace): Uint8Array =>
  hparamsEvent('_hparams_/session_start_info', place, (data) =>
    data.message(3, (info) => {
      for (const [name, value] of Object.entries(hyperparameters))
        info.message(1, (entry) => entry.text(1, name).message(2, plainValue(value)));
      info.text(4, group).double(5, place.seconds);
    }),
  );

/** How it ended. */
export const sessionEndEvent = (isSuccess: boolean, place: EventPlace): Uint8Array =>
  hparamsEvent('_hparams_/session_end_info', place, (data) =>
    data.message(4, (info) => info.varint(1, isSuccess ? 1 : 2).double(2, place.seconds)),
  );

const hparamsEvent = (tag: string, place: EventPlace, data: Write): Uint8Array =>
  valueEvent(place, tag, (value) =>
    value
      .message(TENSOR, (tensor) => tensor.varint(1, DT_FLOAT).message(2, (shape) => shape.message(2, () => {})))
      .message(METADATA, plugin('hparams', data)),
  );

/** The metadata by which a plugin knows its values. */
const plugin =
  (name: string, content?: Write): Write =>
  (metadata) =>
    metadata.message(1, (data) => {
      data.text(1, name);
      if (content) data.message(2, content);
    });

/** A `google.protobuf.Value`. */
const plainValue =
  (value: number | string | boolean): Write =>
  (fields) => {
    if (typeof value === 'number') fields.double(2, value);
    else if (typeof value === 'string') fields.text(3, value);
    else fields.varint(4, value ? 1 : 0);
  };

const valueEvent = (place: EventPlace, tag: string, write: Write): Uint8Array =>
  eventOf(place, SUMMARY, (summary) => summary.message(1, (value) => write(value.text(TAG, tag))));

const eventOf = ({ seconds, step }: EventPlace, field: number, write: Write): Uint8Array =>
  new ProtobufWriter().double(WALL_TIME, seconds).varint(STEP, step).message(field, write).finish();
