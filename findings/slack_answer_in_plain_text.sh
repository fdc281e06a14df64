#!/usr/bin/env bash
# After a 503 in plain text, error.response["error"] works with slack_sdk's WebClient and raises with its AsyncWebClient.
#
# Surprise: a proxy may answer 503 with text/plain. Both clients raise SlackApiError, and the documentation of the SDK
# reads error.response["error"] next. WebClient says there what it received. AsyncWebClient keeps a text/plain body as a str,
# so the same line raises AttributeError and the handler itself fails. For text/html AsyncWebClient gives None.
# error.response.status_code is right in all four cases.
# Who is hurt: anyone who moves an error handler from WebClient to AsyncWebClient, or uses Bolt's AsyncApp.
# Seen with slack_sdk 3.48.0, aiohttp 3.14.5 on 2026-12-01.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check --no-deps \
  slack-sdk==3.48.0 aiohttp==3.14.5 aiohappyeyeballs==2.7.1 aiosignal==1.4.0 attrs==26.1.0 frozenlist==1.8.0 \
  multidict==7.2.1 propcache==0.5.4 yarl==1.25.1 idna==3.20 typing-extensions==4.16.0 >pip.log 2>&1 ||
  { echo "The packages could not be installed."; exit 2; }

cat > probe.py <<'PYTHON'
import asyncio
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient
from slack_sdk.web.async_client import AsyncWebClient

MESSAGE = {"channel": "C1", "text": "News"}
BODIES = {"text/plain": b"upstream connect error", "text/html": b"<p>upstream connect error</p>"}
RECEIVED = "Received a response in a non-JSON format: "
EXPECTED = {
    ("WebClient", "text/plain"): (503, RECEIVED + "upstream connect error"),
    ("AsyncWebClient", "text/plain"): (503, "AttributeError: 'str' object has no attribute 'get'"),
    ("WebClient", "text/html"): (503, RECEIVED + "<p>upstream connect error</p>"),
    ("AsyncWebClient", "text/html"): (503, None),
}


class Unavailable(BaseHTTPRequestHandler):
    """Answers 503 in the media type that the path names first."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        kind = "/".join(self.path.split("/")[1:3])
        self.send_response(503)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(BODIES[kind])))
        self.end_headers()
        self.wfile.write(BODIES[kind])

    def log_message(self, *arguments: object) -> None:
        pass


def by_sync(address: str) -> object:
    return WebClient(token="xoxb-test", base_url=address).chat_postMessage(**MESSAGE)


def by_async(address: str) -> object:
    return asyncio.run(AsyncWebClient(token="xoxb-test", base_url=address).chat_postMessage(**MESSAGE))


def outcome(call, address: str) -> tuple[int, str | None]:
    try:
        call(address)
    except SlackApiError as error:
        try:
            return error.response.status_code, error.response["error"]
        except AttributeError as second:
            return error.response.status_code, f"AttributeError: {second}"
    sys.exit("The behaviour has changed: no SlackApiError.")


server = ThreadingHTTPServer(("127.0.0.1", 0), Unavailable)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"slack_sdk {version('slack-sdk')}, aiohttp {version('aiohttp')}")
seen = {}
for kind in BODIES:
    for name, call in (("WebClient", by_sync), ("AsyncWebClient", by_async)):
        seen[name, kind] = outcome(call, f"http://127.0.0.1:{server.server_port}/{kind}/")
        status, value = seen[name, kind]
        print(f'503 {kind}, {name:14} SlackApiError, status_code {status}, response["error"] {value!r}')
server.shutdown()
if seen != EXPECTED:
    sys.exit("The behaviour has changed.")
PYTHON
env/bin/python probe.py
