"""The environment is read whole: every problem is named at once, and nothing secret is shown."""

from pathlib import Path

import pytest

from rootline.errors import Misconfigured
from rootline.settings import Settings, read_settings

DSN = "postgresql://owner@db/rootline"


def test_nothing_set_is_enough() -> None:
    found = read_settings({"HOME": "/home/ada"})

    assert found == Settings(
        home=Path("/home/ada/.rootline"), vendor_keys={"openai": "", "anthropic": ""}, investigate=None
    )


@pytest.mark.parametrize(
    ("environment", "home"),
    [
        ({"HOME": "/home/ada", "ROOTLINE_HOME": "/var/lib/rootline"}, "/var/lib/rootline"),
        ({"HOME": "/home/ada", "ROOTLINE_HOME": ""}, "/home/ada/.rootline"),
        ({"HOME": "/"}, "/.rootline"),
    ],
)
def test_the_home_is_the_one_that_was_named_else_a_folder_of_the_person(environment: dict[str, str], home: str) -> None:
    assert read_settings(environment).home == Path(home)


def test_a_home_may_be_named_from_the_persons_own_folder() -> None:
    assert read_settings({"ROOTLINE_HOME": "~/elsewhere"}).home == Path("~/elsewhere").expanduser()


def test_every_value_lands_where_it_belongs(tmp_path: Path) -> None:
    found = read_settings(
        {
            "ROOTLINE_HOME": "/srv",
            "ROOTLINE_MODEL": "vllm:qwen",
            "ROOTLINE_MODEL_URL": "http://127.0.0.1:8000/v1",
            "ROOTLINE_MODEL_KEY": "k1",
            "OPENAI_API_KEY": "k2",
            "ANTHROPIC_API_KEY": "k3",
            "ROOTLINE_OWNER_DSN": DSN,
            "ROOTLINE_APP_DSN": "postgresql://app@db/rootline",
            "ROOTLINE_PERSONAS": str(tmp_path),
            "ROOTLINE_EMBEDDINGS_URL": "http://127.0.0.1:8001/v1",
            "ROOTLINE_EMBEDDINGS_MODEL": "bge",
            "ROOTLINE_EMBEDDINGS_KEY": "k4",
            "ROOTLINE_QDRANT_URL": "http://127.0.0.1:6333",
            "ROOTLINE_QDRANT_KEY": "k5",
            "ROOTLINE_TOKENS": "/srv/tokens",
            "ROOTLINE_HOOKS": "~/hooks",
            "ROOTLINE_INVESTIGATE": "No",
            "ROOTLINE_WATCH": "ON",
            "ROOTLINE_PUBLIC_URL": "https://rootline.example",
            "ROOTLINE_ENABLE_WRITES": "1",
        }
    )

    assert found == Settings(
        home=Path("/srv"),
        model="vllm:qwen",
        model_url="http://127.0.0.1:8000/v1",
        model_key="k1",
        vendor_keys={"openai": "k2", "anthropic": "k3"},
        owner_dsn=DSN,
        app_dsn="postgresql://app@db/rootline",
        personas=tmp_path,
        embeddings_url="http://127.0.0.1:8001/v1",
        embeddings_model="bge",
        embeddings_key="k4",
        qdrant_url="http://127.0.0.1:6333",
        qdrant_key="k5",
        tokens=Path("/srv/tokens"),
        hooks=Path("~/hooks").expanduser(),
        investigate=False,
        watch=True,
        public_url="https://rootline.example",
        enable_writes=True,
    )


def test_what_is_secret_is_not_shown_when_settings_are_printed() -> None:
    hidden = {
        "ROOTLINE_MODEL_KEY": "hidden-1",
        "OPENAI_API_KEY": "hidden-2",
        "ROOTLINE_EMBEDDINGS_KEY": "hidden-3",
        "ROOTLINE_QDRANT_KEY": "hidden-4",
        "ROOTLINE_OWNER_DSN": "postgresql://owner:hidden-5@db/rootline",
        "ROOTLINE_APP_DSN": "postgresql://app:hidden-6@db/rootline",
        "ROOTLINE_PROMETHEUS_TOKEN": "hidden-7",
    }

    assert "hidden" not in repr(read_settings(hidden))


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"ROOTLINE_MODLE": "builtin"}, r"^ROOTLINE_MODLE is no setting of Rootline\. Did you mean ROOTLINE_MODEL\?$"),
        ({"ROOTLINE_PROMETHUES_URL": "x"}, r"no setting of Rootline\. Did you mean ROOTLINE_PROMETHEUS_URL\?$"),
        (
            {"ROOTLINE_COLOUR_OF_SKY": "x"},
            r"^ROOTLINE_COLOUR_OF_SKY is no setting of Rootline\. Known: .*ROOTLINE_MODEL,",
        ),
        ({"ROOTLINE_B": "", "ROOTLINE_A": ""}, r"^ROOTLINE_A, ROOTLINE_B is no setting"),
        ({"ROOTLINE_OWNER_DSN": DSN}, r"^ROOTLINE_OWNER_DSN is set alone; .* both an owner and an app DSN\.$"),
        ({"ROOTLINE_APP_DSN": DSN}, r"^ROOTLINE_APP_DSN is set alone"),
        ({"ROOTLINE_PERSONAS": "/no/such/folder"}, r"^ROOTLINE_PERSONAS=/no/such/folder is no folder\.$"),
        ({"ROOTLINE_ENABLE_WRITES": "maybe"}, r"^ROOTLINE_ENABLE_WRITES='maybe' is neither true nor false\.$"),
        ({"ROOTLINE_INVESTIGATE": "2"}, r"^ROOTLINE_INVESTIGATE='2' is neither"),
        ({"ROOTLINE_WATCH": "y" * 50}, r"^ROOTLINE_WATCH='y{20}' is neither"),
        ({"ROOTLINE_EMBEDDINGS_URL": "http://e/v1"}, r"^ROOTLINE_EMBEDDINGS_URL needs ROOTLINE_EMBEDDINGS_MODEL"),
        (
            {"ROOTLINE_EMBEDDINGS_URL": "e:8001", "ROOTLINE_EMBEDDINGS_MODEL": "bge"},
            r"^ROOTLINE_EMBEDDINGS_URL is no address\.$",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_name(environment: dict[str, str], told: str) -> None:
    with pytest.raises(Misconfigured, match=told):
        read_settings(environment)


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(Misconfigured) as told:
        read_settings({"ROOTLINE_X": "1", "ROOTLINE_APP_DSN": DSN, "ROOTLINE_WATCH": "perhaps"})

    assert [part in str(told.value) for part in ("ROOTLINE_X", "ROOTLINE_APP_DSN", "ROOTLINE_WATCH")] == [True] * 3


@pytest.mark.parametrize("text", ["1", "true", "TRUE", "yes", "Yes", "on"])
def test_a_switch_is_on_in_any_usual_spelling(text: str) -> None:
    found = read_settings({"ROOTLINE_WATCH": text, "ROOTLINE_ENABLE_WRITES": text, "ROOTLINE_INVESTIGATE": text})

    assert (found.watch, found.enable_writes, found.investigate) == (True, True, True)


@pytest.mark.parametrize("text", ["0", "false", "no", "Off", "OFF"])
def test_a_switch_is_off_in_any_usual_spelling(text: str) -> None:
    found = read_settings({"ROOTLINE_WATCH": text, "ROOTLINE_ENABLE_WRITES": text, "ROOTLINE_INVESTIGATE": text})

    assert (found.watch, found.enable_writes, found.investigate) == (False, False, False)


def test_an_empty_switch_is_as_if_it_were_not_set() -> None:
    found = read_settings({"ROOTLINE_WATCH": "", "ROOTLINE_ENABLE_WRITES": "", "ROOTLINE_INVESTIGATE": ""})

    assert (found.watch, found.enable_writes, found.investigate) == (False, False, None)


def test_a_neighbours_variables_are_no_business_of_ours() -> None:
    assert read_settings({"HOME": "/h", "ROOTLINES": "x", "PROMETHEUS_URL": "x"}).home == Path("/h/.rootline")
