"""Writes src/tensor/operators.facts.json: which operators PyTorch makes public, in which order their overloads are tried, and libtorch's schemas.

Run it with a Python that has the torch that the facts are for:  python scripts/operator-facts.py
Names and the order of overloads come from the wheel's type stubs, everything else from the schemas. A Python signature stands for every schema that has its
argument names and whose types it admits. scripts/generate-operators.mjs makes TypeScript of the result; what is left out is listed there with its reason.
"""

import ast
import json
import re
from collections import defaultdict
from pathlib import Path

import torch

TORCH = Path(torch.__file__).parent
TARGET = Path(__file__).parent.parent / "src" / "tensor" / "operators.facts.json"

# What a Python annotation admits, in schema types without `?` and without a list's length.
ADMITS = {
    "Tensor": "Tensor",
    "Number": "Scalar",
    "_complex": "Scalar",
    "_int": "int",
    "int": "int",
    "SymInt": "int",
    "torch.SymInt": "int",
    "_float": "float",
    "float": "float",
    "_bool": "bool",
    "bool": "bool",
    "Literal[False]": "bool",
    "str": "str",
    "_dtype": "ScalarType",
    "_layout": "Layout",
    "_device": "Device",
    "DeviceLikeType": "Device",
    "memory_format": "MemoryFormat",
    "torch.memory_format": "MemoryFormat",
    "Generator": "Generator",
    "_size": "int[]",
    "_symsize": "int[]",
    "tuple[_int, ...]": "int[]",
    "Sequence[int]": "int[]",
    "Sequence[_int | SymInt]": "int[]",
    "Sequence[float]": "float[]",
    "Sequence[_float]": "float[]",
    "Sequence[Number | _complex]": "Scalar[]",
    "list[Tensor]": "Tensor[]",
    "tuple[Tensor, ...]": "Tensor[]",
    "list[Tensor | None]": "Tensor?[]",
    "tuple[Tensor | None, ...]": "Tensor?[]",
}
KNOWN = set(ADMITS.values()) | {"bool[]"}
# Arguments that Python adds and no schema has.
PYTHON_ONLY = {"out", "requires_grad", "as_tuple"}
TENSOR_OPTIONS = {"dtype", "layout", "device", "pin_memory"}
# Public, but wrapped in Python (torch/functional.py, torch/_tensor.py), so that the stubs lack them; the operator has the wrapper's arguments.
WRAPPED = {
    "function": "atleast_1d atleast_2d atleast_3d block_diag broadcast_tensors cartesian_prod cdist chain_matmul einsum meshgrid norm split stft "
    "tensordot unique_consecutive".split(),
    "method": "norm stft unique_consecutive".split(),
}
# Attributes of torch.Tensor that an operator computes.
PROPERTIES = {"H": "matrix_H", "T": "numpy_T", "imag": "imag", "mH": "mH", "mT": "mT", "real": "real"}
# Not public, but called by the library's own layers.
INTERNAL = re.compile(
    r"_foreach_\w+|_fused_(adam|adamw|sgd|adagrad)_|_amp_\w+_|_nnz|_indices|_values|_log_softmax|_softmax|_embedding_bag|_to_copy|_unique2|"
    r"_pack_padded_sequence|_pad_packed_sequence|_weight_norm|"
    r"_upsample_(nearest_exact[123]|bilinear2d_aa|bicubic2d_aa)d?|to|index|slice|alias"
)


def base_type(kind):
    """A schema's type as ADMITS spells it: `Optional[List[int]]` is `int[]`."""
    kind = re.sub(r"^Optional\[(.*)\]$", r"\1", str(kind)).replace("number", "Scalar")
    return re.sub(r"^List\[(.*)\]$", lambda m: re.sub(r"^Optional\[(.*)\]$", r"\1?", m[1]) + "[]", kind)


def read_schemas():
    """name -> [(key, types by argument name, text)] of what the dispatcher has, without `out=` forms and backward operators."""
    schemas = defaultdict(list)
    for schema in torch._C._jit_get_all_schemas():
        space, _, name = schema.name.partition("::")
        if space != "aten" or name.endswith("_backward") or "hacked_twin" in schema.overload_name:
            continue
        if any(a.kwarg_only and a.alias_info is not None and a.alias_info.is_write for a in schema.arguments):
            continue
        try:
            torch._C._dispatch_find_schema_or_throw(schema.name, schema.overload_name)
        except RuntimeError:
            continue  # an operator of TorchScript, such as aten::add.int
        key = name + ("." + schema.overload_name if schema.overload_name else "")
        types = {a.name: base_type(a.real_type) for a in schema.arguments}
        if not set(types.values()) <= KNOWN:
            continue  # storages, streams, quantized parameters
        schemas[name].append((key, types, str(schema).removeprefix("aten::").replace("SymInt", "int")))
    return schemas


def read_stub(file, class_name=None):
    """name -> its signatures in the file's order."""
    body = ast.parse((TORCH / "_C" / file).read_text()).body
    if class_name is not None:
        body = next(node for node in body if isinstance(node, ast.ClassDef) and node.name == class_name).body
    signatures = defaultdict(list)
    for node in body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            signatures[node.name].append(node)
    return signatures


def admitted(annotation):
    """The schema types that an annotation admits."""
    if isinstance(annotation, ast.BinOp):
        return admitted(annotation.left) | admitted(annotation.right)
    return {ADMITS.get(ast.unparse(annotation), "")}


def fitting(signature, schemas, is_method, exact=True):
    """The schemas that a Python signature stands for, tensors before numbers, with the arguments whose number has to become a tensor.

    Not `exact`: an argument that has a default in Python may be absent, as `rounding_mode` is from div.Tensor.
    """
    if signature.args.vararg is not None or any(ast.unparse(a.annotation) == "Literal[True]" for a in signature.args.kwonlyargs):
        return []  # `view(*size)`, where `view(size)` stands beside it; nonzero(as_tuple=True)
    positional = [a for a in signature.args.args if not (is_method and a.arg == "self") and a.arg not in PYTHON_ONLY]
    keywords = [a for a in signature.args.kwonlyargs if a.arg not in PYTHON_ONLY]
    defaults = signature.args.defaults
    optional = {a.arg for a in signature.args.args[len(signature.args.args) - len(defaults) :]}
    optional |= {a.arg for a, default in zip(signature.args.kwonlyargs, signature.args.kw_defaults) if default is not None}
    found = []
    for schema in schemas:
        types = schema[1]
        rename = {"from_": "from", **({"input": "self"} if "self" in types and "input" not in types else {})}
        accepts = {rename.get(a.arg, a.arg): admitted(a.annotation) for a in positional + keywords}
        if is_method:
            accepts["self"] = {"Tensor"}
        if not exact:
            accepts = {name: kinds for name, kinds in accepts.items() if name in types or name not in optional}
        order = [rename.get(a.arg, a.arg) for a in positional]
        if not set(accepts) <= set(types) or set(types) - set(accepts) - TENSOR_OPTIONS:
            continue  # other arguments
        if any(types[name] not in kinds for name, kinds in accepts.items()):
            continue  # other types
        if [name for name in order if name in types] != [name for name in types if name in order]:
            continue  # a deprecated order, such as add(input, alpha, other)
        found.append((schema, [name for name, kinds in accepts.items() if {"Tensor", "Scalar"} <= kinds]))
    found.sort(key=lambda match: sum(match[0][1][name] == "Scalar" for name in match[1]))
    matches = []
    for (key, types, _), both in found:
        wrapped = [name for name in both if all(other[1][name] == "Tensor" for other, _ in found)]
        has_other_tensor = any(kind == "Tensor" for name, kind in types.items() if name not in wrapped)
        matches.append((key, wrapped if has_other_tensor else []))
    return matches


def surface_entry(signatures, schemas, is_method):
    """The facts of one public name: the keys of its overloads in order, and which arguments of which overload take a number for a tensor."""
    exact = [fitting(signature, schemas, is_method) for signature in signatures]
    taken = {key for matches in exact for key, _ in matches}
    rest = [schema for schema in schemas if schema[0] not in taken]
    keys, wraps = [], {}
    for signature, matches in zip(signatures, exact):
        shorter = fitting(signature, rest, is_method, exact=False) if matches else []
        for key, wrapped in shorter + matches:
            if key not in keys:
                keys.append(key)
            if wrapped:
                wraps.setdefault(key, wrapped)
    if not keys:
        return by_schema(schemas)
    return {"overloads": keys, **({"wrapsNumber": wraps} if wraps else {})}


def by_schema(schemas):
    """The facts of a name that no stub describes: every schema, tensors before numbers."""
    return {"overloads": [key for key, types, _ in sorted(schemas, key=lambda s: list(s[1].values()).count("Scalar"))]}


def page(surface, name):
    """The page of PyTorch's documentation that describes a name, where there is one."""
    owners = {
        "method": [("torch.Tensor", torch.Tensor)],
        "function": [("torch.nn.functional", torch.nn.functional), ("torch", torch)],
        "nn": [("torch.nn.functional", torch.nn.functional)],
    }
    for path, owner in owners.get(surface) or [(f"torch.{surface}", getattr(torch, surface))]:
        if getattr(getattr(owner, name, None), "__doc__", None):
            return {"page": f"{path}.{name}"}
    return {}


def collect():
    """Everything that the facts hold: the names by surface, and the schemas that they use."""
    schemas = read_schemas()
    surfaces = {"method": {}, "function": {}, "nn": {}, "linalg": {}, "fft": {}, "special": {}, "property": {}, "internal": {}}
    for surface, stub in (("method", read_stub("__init__.pyi", "TensorBase")), ("function", read_stub("_VariableFunctions.pyi"))):
        for name, signatures in stub.items():
            surfaces[surface][name] = surface_entry(signatures, schemas[name], surface == "method") | page(surface, name)
        for name in WRAPPED[surface]:
            surfaces[surface][name] = by_schema(schemas[name]) | page(surface, name)
    # The stub of torch._C._nn is written by hand and lacks names and types; torch._C._linalg and its like have none.
    for surface, prefix in (("nn", ""), ("linalg", "linalg_"), ("fft", "fft_"), ("special", "special_")):
        names = set(dir(getattr(torch._C, "_" + surface))) | (set(read_stub("_nn.pyi")) if surface == "nn" else set())
        for full in names:
            name = full.removeprefix(prefix)
            if not name.startswith("_"):
                surfaces[surface][name] = by_schema(schemas[full]) | page(surface, name)
    for name, operator in PROPERTIES.items():
        surfaces["property"][name] = by_schema(schemas[operator]) | page("method", name)
    for name in list(schemas):
        if INTERNAL.fullmatch(name):
            surfaces["internal"][name] = by_schema(schemas[name])
    used = {key for entries in surfaces.values() for entry in entries.values() for key in entry["overloads"]}
    texts = {key: text for group in schemas.values() for key, _, text in group if key in used}
    return surfaces, texts


def write(surfaces, texts):
    """Writes the facts, one entry a line, sorted, so that two versions can be compared."""

    def lines(entries):
        return ",\n".join(f"{json.dumps(key)}: {json.dumps(entries[key], separators=(',', ':'))}" for key in sorted(entries))

    body = ",\n".join(f"{json.dumps(name)}: {{\n{lines(entries)}\n}}" for name, entries in {"schemas": texts, **surfaces}.items())
    version = torch.__version__.partition("+")[0]
    TARGET.write_text(f'{{\n"torch": {json.dumps(version)},\n{body}\n}}\n')


if __name__ == "__main__":
    write(*collect())
