"""Reads the tables of a FlatBuffer, each number within the file, and names what TensorFlow Lite has in them by numbers.

Tables and lists may share bytes, so that a small file could describe a large one: what is read has a limit. The format:
https://flatbuffers.dev/internals. The names: tensorflow/lite/schema/schema.fbs, version 3.
"""

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.common.records import dataclass

SHARED = 4
"""How often a file may be read: converters share few bytes."""


class DamagedError(Exception):
    """A place leads out of the file, or the file describes more than it has."""


class FlatBuffer:
    """The bytes of a file."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._left = SHARED * len(content)

    def root(self) -> "Table":
        """The table that has all others."""
        return self.table(self.target(0))

    def number(self, place: int, kind: str) -> Any:
        """The number at a place; ``kind`` is a letter of ``struct``."""
        size = struct.calcsize(kind)
        self._read(place, size)
        return struct.unpack_from(f"<{kind}", self._content, place)[0]

    def target(self, place: int) -> int:
        """Where the offset at a place leads."""
        return place + int(self.number(place, "I"))

    def table(self, place: int) -> "Table":
        """The table at a place: before it lies the list of its fields' places."""
        fields = place - int(self.number(place, "i"))
        return Table(self, place, fields, int(self.number(fields, "H")))

    def numbers(self, place: int, kind: str) -> NDArray[Any]:
        """The list of numbers at a place; it is not copied."""
        count, size = int(self.number(place, "I")), np.dtype(kind).itemsize
        self._read(place + 4, count * size)
        return np.frombuffer(self._content, kind, count, place + 4)

    def _read(self, place: int, size: int) -> None:
        if not 0 <= place <= len(self._content) - size:
            raise DamagedError("a place in it leads out of the file")
        self._left -= size
        if self._left < 0:
            raise DamagedError("its parts share so many bytes that it describes a file of another size")


@dataclass(frozen=True)
class Table:
    """A table: fields by their numbers in the schema, any of which may be left out."""

    _file: FlatBuffer
    _place: int
    _fields: int
    _size: int
    """Bytes of the list of its fields' places."""

    def number(self, field: int, kind: str, default: Any = 0) -> Any:
        """A number; ``kind`` is a letter of ``struct``."""
        place = self._at(field)
        return default if place is None else self._file.number(place, kind)

    def numbers(self, field: int, kind: str) -> NDArray[Any]:
        """A list of numbers of a type of NumPy; an empty one if it is left out."""
        place = self._at(field)
        return np.empty(0, kind) if place is None else self._file.numbers(self._file.target(place), kind)

    def text(self, field: int) -> str:
        """A text; an empty one if it is left out."""
        return self.numbers(field, "u1").tobytes().decode(errors="replace")

    def table(self, field: int) -> "Table | None":
        """A table; None if it is left out."""
        place = self._at(field)
        return None if place is None else self._file.table(self._file.target(place))

    def tables(self, field: int) -> "list[Table]":
        """A list of tables; an empty one if it is left out."""
        place = self._at(field)
        if place is None:
            return []
        start = self._file.target(place)
        count = len(self._file.numbers(start, "<u4"))
        return [self._file.table(self._file.target(start + 4 + 4 * index)) for index in range(count)]

    def _at(self, field: int) -> int | None:
        """The place of a field; None if it is left out."""
        entry = 4 + 2 * field
        offset = int(self._file.number(self._fields + entry, "H")) if entry + 2 <= self._size else 0
        return self._place + offset if offset else None


OPERATORS = """
ADD AVERAGE_POOL_2D CONCATENATION CONV_2D DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE EMBEDDING_LOOKUP FLOOR
FULLY_CONNECTED HASHTABLE_LOOKUP L2_NORMALIZATION L2_POOL_2D LOCAL_RESPONSE_NORMALIZATION LOGISTIC LSH_PROJECTION LSTM
MAX_POOL_2D MUL RELU RELU_N1_TO_1 RELU6 RESHAPE RESIZE_BILINEAR RNN SOFTMAX SPACE_TO_DEPTH SVDF TANH
CONCAT_EMBEDDINGS SKIP_GRAM CALL CUSTOM EMBEDDING_LOOKUP_SPARSE PAD UNIDIRECTIONAL_SEQUENCE_RNN GATHER
BATCH_TO_SPACE_ND SPACE_TO_BATCH_ND TRANSPOSE MEAN SUB DIV SQUEEZE UNIDIRECTIONAL_SEQUENCE_LSTM STRIDED_SLICE
BIDIRECTIONAL_SEQUENCE_RNN EXP TOPK_V2 SPLIT LOG_SOFTMAX DELEGATE BIDIRECTIONAL_SEQUENCE_LSTM CAST PRELU MAXIMUM
ARG_MAX MINIMUM LESS NEG PADV2 GREATER GREATER_EQUAL LESS_EQUAL SELECT SLICE SIN TRANSPOSE_CONV SPARSE_TO_DENSE TILE
EXPAND_DIMS EQUAL NOT_EQUAL LOG SUM SQRT RSQRT SHAPE POW ARG_MIN FAKE_QUANT REDUCE_PROD REDUCE_MAX PACK LOGICAL_OR
ONE_HOT LOGICAL_AND LOGICAL_NOT UNPACK REDUCE_MIN FLOOR_DIV REDUCE_ANY SQUARE ZEROS_LIKE FILL FLOOR_MOD RANGE
RESIZE_NEAREST_NEIGHBOR LEAKY_RELU SQUARED_DIFFERENCE MIRROR_PAD ABS SPLIT_V UNIQUE CEIL REVERSE_V2 ADD_N GATHER_ND
COS WHERE RANK ELU REVERSE_SEQUENCE MATRIX_DIAG QUANTIZE MATRIX_SET_DIAG ROUND HARD_SWISH IF WHILE
NON_MAX_SUPPRESSION_V4 NON_MAX_SUPPRESSION_V5 SCATTER_ND SELECT_V2 DENSIFY SEGMENT_SUM BATCH_MATMUL
PLACEHOLDER_FOR_GREATER_OP_CODES CUMSUM CALL_ONCE BROADCAST_TO RFFT2D CONV_3D IMAG REAL COMPLEX_ABS HASHTABLE
HASHTABLE_FIND HASHTABLE_IMPORT HASHTABLE_SIZE REDUCE_ALL CONV_3D_TRANSPOSE VAR_HANDLE READ_VARIABLE ASSIGN_VARIABLE
BROADCAST_ARGS RANDOM_STANDARD_NORMAL BUCKETIZE RANDOM_UNIFORM MULTINOMIAL GELU DYNAMIC_UPDATE_SLICE RELU_0_TO_1
UNSORTED_SEGMENT_PROD UNSORTED_SEGMENT_MAX UNSORTED_SEGMENT_SUM ATAN2 UNSORTED_SEGMENT_MIN SIGN BITCAST BITWISE_XOR
RIGHT_SHIFT STABLEHLO_LOGISTIC STABLEHLO_ADD STABLEHLO_DIVIDE STABLEHLO_MULTIPLY STABLEHLO_MAXIMUM STABLEHLO_RESHAPE
STABLEHLO_CLAMP STABLEHLO_CONCATENATE STABLEHLO_BROADCAST_IN_DIM STABLEHLO_CONVOLUTION STABLEHLO_SLICE
STABLEHLO_CUSTOM_CALL STABLEHLO_REDUCE STABLEHLO_ABS STABLEHLO_AND STABLEHLO_COSINE STABLEHLO_EXPONENTIAL
STABLEHLO_FLOOR STABLEHLO_LOG STABLEHLO_MINIMUM STABLEHLO_NEGATE STABLEHLO_OR STABLEHLO_POWER STABLEHLO_REMAINDER
STABLEHLO_RSQRT STABLEHLO_SELECT STABLEHLO_SUBTRACT STABLEHLO_TANH STABLEHLO_SCATTER STABLEHLO_COMPARE
STABLEHLO_CONVERT STABLEHLO_DYNAMIC_SLICE STABLEHLO_DYNAMIC_UPDATE_SLICE STABLEHLO_PAD STABLEHLO_IOTA
STABLEHLO_DOT_GENERAL STABLEHLO_REDUCE_WINDOW STABLEHLO_SORT STABLEHLO_WHILE STABLEHLO_GATHER STABLEHLO_TRANSPOSE
DILATE STABLEHLO_RNG_BIT_GENERATOR REDUCE_WINDOW STABLEHLO_COMPOSITE STABLEHLO_SHIFT_LEFT STABLEHLO_CBRT
STABLEHLO_CASE
""".split()

TYPES = """
FLOAT32 FLOAT16 INT32 UINT8 INT64 STRING BOOL INT16 COMPLEX64 INT8 FLOAT64 COMPLEX128 UINT64 RESOURCE VARIANT UINT32
UINT16 INT4 BFLOAT16 INT2 UINT4 FLOAT8_E4M3FN FLOAT8_E5M2
""".split()

ACTIVATIONS = "NONE RELU RELU_N1_TO_1 RELU6 TANH SIGN_BIT".split()
"""The activations that an operator may have fused into it."""


def named(names: list[str], number: int) -> str:
    """A name by its number; the number for one that this version of the schema does not have."""
    return names[number] if 0 <= number < len(names) else f"number {number}"
