import resource
import statistics
import subprocess
import sys


def cpu_s(*command: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys; from rootline.cli.parser import parse\n"
        "try: parse(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted(set(sys.modules) & {'numpy', 'psycopg', 'pydantic', 'openai', 'anthropic', 'mcp', 'rich', 'yaml'}))"
    )

    shown = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout

    assert shown.splitlines()[-1] == "[]"
