"""Python's side of tables.mjs: requests on standard input, as JSON, a reply each. Tables become arrays of the dtypes that Sconce gives."""

import json
import os
import sys
import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def make(folder, rows):
    rng = np.random.default_rng(0)
    floats = {f"f{i}": rng.standard_normal(rows) for i in range(8)}
    others = {"id": np.arange(rows), "k": rng.integers(0, 1000, rows)}
    words = {"city": rng.choice(["Berlin", "Paris", "London, UK", "Rome"], rows)}
    path = lambda name: os.path.join(folder, name)
    pd.DataFrame(floats | others | words).to_csv(path("mixed.csv"), index=False)
    pd.DataFrame(floats).round(4).to_csv(path("short.csv"), index=False)
    singles = {name: values.astype("f4") for name, values in floats.items()}
    table = pa.Table.from_pandas(pd.DataFrame(singles | others | words), preserve_index=False)
    pq.write_table(table, path("snappy.parquet"), compression="snappy", row_group_size=100000)
    pq.write_table(table, path("plain.parquet"), compression="none", use_dictionary=False, row_group_size=100000)
    pq.write_table(table, path("zstd.parquet"), compression="zstd", row_group_size=100000)
    return {}


def read(path):
    started, cpu = time.perf_counter(), time.process_time()
    frame = pd.read_csv(path) if path.endswith(".csv") else pd.read_parquet(path)
    numbers = frame.select_dtypes("number")
    arrays = [column.to_numpy(np.float32 if column.dtype.kind == "f" else np.int64) for _, column in numbers.items()]
    cpu_ms, ms = (time.process_time() - cpu) * 1000, (time.perf_counter() - started) * 1000
    return {"ms": ms, "cpuMs": cpu_ms, "sum": float(sum(np.abs(array.astype("f8")).sum() for array in arrays))}


for line in sys.stdin:
    request = json.loads(line)
    action = request.pop("action")
    print(json.dumps(make(**request) if action == "make" else read(**request)), flush=True)
