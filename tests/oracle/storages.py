"""Object storages of this machine: S3 by moto, and a web server."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from unittest import mock
from urllib.request import urlopen

from tests.oracle.clusters import free_port

BUCKET = "rows"


@contextmanager
def s3() -> Iterator[str]:
    """The address of an empty bucket. Processes that start within the block find it by the environment, as with S3."""
    import fsspec

    port = free_port()
    url = f"http://127.0.0.1:{port}"
    run = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    known = {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    known["AWS_DEFAULT_REGION"] = "us-east-1"
    server = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            with suppress(OSError), urlopen(url):
                break
            time.sleep(0.1)
        with mock.patch.dict(os.environ, known):
            storage: Any = fsspec.filesystem("s3", skip_instance_cache=True)
            storage.mkdir(BUCKET)
            yield f"s3://{BUCKET}"
    finally:
        server.kill()
        server.wait()


@contextmanager
def web(folder: Path) -> Iterator[str]:
    """The address of a web server with the files of a folder, their list, their ETags, and parts of them."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def _answer(self, *, body: bool) -> None:
            path = folder / self.path.strip("/")
            if path.is_dir():
                content = "".join(f'<a href="{one.name}">_</a>' for one in path.iterdir()).encode()
            elif path.is_file():
                content = path.read_bytes()
            else:
                self.send_error(404)
                return
            etag, asked = sha256(content).hexdigest()[:8], re.match(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
            first, last = (int(asked[1]), min(int(asked[2]), len(content) - 1)) if asked else (0, len(content) - 1)
            self.send_response(206 if asked else 200)
            self.send_header("ETag", f'"{etag}"')
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Length", str(last + 1 - first))
            if asked:
                self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
            self.end_headers()
            if body:
                self.wfile.write(content[first : last + 1])

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
