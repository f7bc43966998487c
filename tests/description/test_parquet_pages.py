"""Parquet and Feather files of a few bytes that would unpack to gigabytes are refused before they do."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from nngen.common.diagnostics import SpecError
from nngen.description.data import Expected, parquet_pages, read_frame
from nngen.description.data.parquet_pages import pages, rows_at_once

EXPECTED = [Expected("city", "text")]
LONG = "a" * 1_000_001


def written(texts: list[str | None], **options: Any) -> io.BytesIO:
    file = io.BytesIO()
    parquet.write_table(pa.table({"age": np.arange(len(texts)), "city": texts}), file, compression="zstd", **options)
    return file


def refused(path: Path) -> str:
    with pytest.raises(SpecError) as caught:
        read_frame(path, EXPECTED)
    [found] = caught.value.diagnostics
    return found.message


OPTIONS = [
    {},
    {"use_dictionary": False},
    {"use_dictionary": False, "data_page_version": "2.0", "data_page_size": 1000},
    {"data_page_version": "2.0", "write_page_index": True, "row_group_size": 70},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_the_sizes_of_pages_are_those_that_the_writer_counted(options: dict[str, Any]) -> None:
    texts = ["Rome", None, "Bonn" * 999, *(f"{number:>100}" for number in range(197))]
    file = written(texts, **options)
    metadata = parquet.read_metadata(file)
    rows = 0
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        chunk = group.column(1)
        start = chunk.dictionary_page_offset or chunk.data_page_offset
        found = [*pages(file, start, chunk.total_compressed_size, chunk.num_values)]
        rows += sum(page.values for page in found)
        headers = chunk.total_uncompressed_size - sum(page.unpacked for page in found)
        assert 10 * len(found) < headers < 9000 * len(found)  # a header has the least and the largest text
    assert rows == len(texts)


@pytest.mark.parametrize("options", OPTIONS)
def test_a_page_that_unpacks_to_too_much_is_refused(
    options: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_pages, "MAX_PAGE", 100_000)
    file = written([LONG] * 9, write_statistics=False, **options)
    assert len(file.getvalue()) < 4000
    (tmp_path / "t").write_bytes(file.getvalue())
    message = refused(tmp_path / "t")
    assert message.startswith("city: a page takes ")
    assert message.endswith(" bytes, and at most 100,000 are read")
    assert len(read_frame(tmp_path / "t", [Expected("age", "number")])) == 9  # another column is not unpacked


@pytest.mark.parametrize("write", [parquet.write_table, feather.write_feather])
@pytest.mark.parametrize("kind", [pa.string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())])
def test_a_text_that_no_line_of_csv_could_have_is_refused(
    write: Callable[..., None], kind: pa.DataType, tmp_path: Path
) -> None:
    write(pa.table({"city": pa.array(["Rome", None, LONG, "Bonn"], kind)}), tmp_path / "t")
    assert refused(tmp_path / "t") == "city: a text has 1,000,001 bytes, and at most 1,000,000 are read"
    write(pa.table({"city": pa.array(["Rome", None, LONG[1:], "Bonn"], kind)}), tmp_path / "t")
    assert read_frame(tmp_path / "t", [Expected("city", "text", gaps=True)]).texts("city")[1:3] == [None, LONG[1:]]


def test_long_texts_are_read_in_smaller_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    file = written([f"{number:>1000}" for number in range(300)], use_dictionary=False)
    metadata = parquet.read_metadata(file)
    assert rows_at_once(file, "t", metadata, ["city"]) == 20_000
    monkeypatch.setattr(parquet_pages, "MAX_BATCH", 50_000)
    assert rows_at_once(file, "t", metadata, ["city"]) == 49
    assert rows_at_once(file, "t", metadata, ["age"]) > 4_000


def test_a_damaged_header_is_refused(tmp_path: Path) -> None:
    content = bytearray(written(["Rome"] * 9).getvalue())
    chunk = parquet.read_metadata(io.BytesIO(content)).row_group(0).column(1)
    content[chunk.dictionary_page_offset] = 0  # the header ends at once
    (tmp_path / "t").write_bytes(content)
    assert refused(tmp_path / "t") == "the file is damaged: a page has no size"


@pytest.mark.parametrize("seed", range(20))
def test_any_bytes_in_place_of_a_header_end_in_a_message(seed: int) -> None:
    content = np.random.default_rng(seed).integers(0, 256, 5000, np.uint8).tobytes()
    for start in range(0, 4000, 40):
        try:
            sizes = [page.unpacked for page in pages(io.BytesIO(content[start:]), 0, 1000, 100)]
        except ValueError:
            continue
        assert all(size >= 0 for size in sizes)
