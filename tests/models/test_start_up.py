import subprocess
import sys

LIGHT = "import rootline.models.names, rootline.models.prices, rootline.models.model, rootline.models.scripted, sys"


def test_naming_a_model_imports_no_sdk() -> None:
    heavy = "print(sorted({'openai', 'anthropic', 'httpx2'} & set(sys.modules)))"

    run = subprocess.run([sys.executable, "-c", f"{LIGHT}; {heavy}"], capture_output=True, text=True, check=True)

    assert run.stdout == "[]\n"
