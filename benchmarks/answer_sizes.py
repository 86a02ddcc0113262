"""How many tokens one tool answer costs a model, over every case of the suites.

    python -m benchmarks.answer_sizes DATA_OF_ROOTCAUSEBENCH DATA_OF_CLOUDOPS

The limits are 400 at the median and 2,000 at the 95th percentile, four characters a token.
"""

import asyncio
import statistics
import sys
from pathlib import Path

from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.tapes.importers.cloudops import read_cloudops
from rootline.tapes.importers.rootcausebench import read_rootcausebench

CHARS_A_TOKEN = 4


async def main(data: list[Path]) -> None:
    """Investigate every case and print the sizes by tool."""
    desk = memory_desk(Settings(home=Path("unused")))
    sizes: dict[str, list[float]] = {}
    layouts = ((read_rootcausebench, "alert.json"), (read_cloudops, "tool_cache.json"))
    for (read, marker), folder in zip(layouts, data, strict=True):
        for case in sorted(file.parent for file in folder.rglob(marker)):
            record = await desk.solve(read(case), "case")
            calls = {call.id: call.tool for message in record.messages for call in message.calls}
            for result in (result for message in record.messages for result in message.results):
                sizes.setdefault(calls[result.call], []).append(len(result.text) / CHARS_A_TOKEN)
    sizes["all"] = [size for found in sizes.values() for size in found]
    for tool, found in sizes.items():
        ordered = sorted(found)
        p95 = ordered[int(0.95 * (len(ordered) - 1))]
        print(f"{tool:<20} {len(found):>5} answers  median {statistics.median(found):>6.0f}  p95 {p95:>6.0f}")


if __name__ == "__main__":
    asyncio.run(main([Path(given) for given in sys.argv[1:]]))
