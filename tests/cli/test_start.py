import subprocess
import sys

import pytest


@pytest.mark.promise("light-start")
def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys; from rootline.cli.parser import parse\n"
        "try: parse(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'psycopg', 'pydantic', 'openai', 'anthropic', 'mcp', 'rich', 'yaml', 'asyncio'}\n"
        "print(sorted(set(sys.modules) & heavy))"
    )

    shown = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout

    assert shown.splitlines()[-1] == "[]"
