"""The bank: another company's service, of which the shop sees nothing but its answers.

It listens on its first argument and asks the file of its second for its mood: `well`, `failing` or `hanging`.
"""

import asyncio
import signal
import sys
import uuid
from pathlib import Path

from rootline.lab.shop.lib.wire import as_json, message, read_body, read_head

USUAL_S, HANGS_S = 0.03, 30.0


async def serve(port: int, mood: Path) -> None:
    """Answer until SIGTERM."""

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (head := await read_head(reader))[0]:
                await read_body(reader, head[1])
                writer.write(await _answer(mood))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    server = await asyncio.start_server(connection, "127.0.0.1", port, reuse_port=True)
    await ended.wait()
    server.close()


def _now(mood: Path) -> str:
    return mood.read_text(encoding="utf-8").strip() if mood.exists() else "well"


async def _answer(mood: Path) -> bytes:
    now = _now(mood)
    await asyncio.sleep(HANGS_S if now == "hanging" else USUAL_S)
    if now == "failing":
        return message("HTTP/1.1 503 Unavailable", {}, as_json({"error": "service unavailable, try again later"}))
    return message("HTTP/1.1 200 OK", {}, as_json({"approved": True, "receipt": uuid.uuid4().hex[:10]}))


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
