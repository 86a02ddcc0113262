"""The environment, read once, checked whole, passed on as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from rootline.errors import Misconfigured

KNOWN = frozenset(
    {
        "ROOTLINE_HOME",
        "ROOTLINE_MODEL",
        "ROOTLINE_MODEL_URL",
        "ROOTLINE_MODEL_KEY",
        "ROOTLINE_OWNER_DSN",
        "ROOTLINE_APP_DSN",
        "ROOTLINE_PERSONAS",
        "ROOTLINE_EXPORTERS",
        "ROOTLINE_RUNBOOKS",
        *(f"ROOTLINE_EMBEDDINGS_{part}" for part in ("URL", "MODEL", "KEY")),
        "ROOTLINE_QDRANT_URL",
        "ROOTLINE_QDRANT_KEY",
        "ROOTLINE_TOKENS",
        "ROOTLINE_HOOKS",
        "ROOTLINE_INVESTIGATE",
        "ROOTLINE_WATCH",
        "ROOTLINE_ENABLE_WRITES",
        "ROOTLINE_PUBLIC_URL",
        "ROOTLINE_CONFIG",
        "ROOTLINE_CLUSTER",
        "ROOTLINE_CREDENTIAL_KEY",
        "ROOTLINE_SERVICE_LABEL",
        "ROOTLINE_CA_FILE",
        "ROOTLINE_OTLP_FILE",
        "ROOTLINE_LOG_FILES",
        "ROOTLINE_LAB_PROMETHEUS",
        "ROOTLINE_LAB_ALERTMANAGER",
        "ROOTLINE_GIT_REPOSITORY",
        *(f"ROOTLINE_GITHUB_{part}" for part in ("REPOSITORY", "URL", "TOKEN", "ENVIRONMENT")),
        *(f"ROOTLINE_GRAFANA_{part}" for part in ("URL", "PROMETHEUS", "LOKI", "TEMPO")),
        *(f"ROOTLINE_FLAGS_{part}" for part in ("FILE", "URL", "TOKEN")),
        "ROOTLINE_KUBECONFIG",
        "ROOTLINE_KUBE_CONTEXT",
        "ROOTLINE_KUBE_NAMESPACE",
        *(
            f"ROOTLINE_{backend}_{part}"
            for backend in ("PROMETHEUS", "ALERTMANAGER", "LOKI", "VICTORIALOGS", "JAEGER", "TEMPO", "ZIPKIN")
            for part in ("URL", "TOKEN", "TENANT")
        ),
    }
)

_VENDOR_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where things are kept, which model answers, and what is allowed.

    Attributes:
        home: The folder for the embedded database, keys and logs.
        model: `builtin`, or provider and model, such as `vllm:qwen3-32b`.
        model_url: The base URL of an OpenAI-compatible server; empty for the vendor's own.
        model_key: The key for the model's server; empty for none.
        vendor_keys: The vendors' own keys, by provider, for when there is no other.
        owner_dsn: Owner of an own PostgreSQL; empty for the embedded one. Runs migrations only.
        app_dsn: The role the application uses there; it must not own anything.
        personas: A folder of own personas.
        embeddings_url: The base URL of a server that speaks `/v1/embeddings`; empty for the embedder that needs none.
        embeddings_model: The model that it is asked for.
        embeddings_key: Its key; empty for none.
        qdrant_url: A Qdrant server for the vectors; empty for PostgreSQL.
        qdrant_key: Its key; empty for none.
        tokens: A file of bearer tokens for `serve`, one `token tenant name role` a line.
        hooks: A file of the secrets with which vendors sign, one `vendor tenant name secret` a line.
        investigate: Whether `serve` investigates incidents unasked; None: where there are live sources to ask.
        watch: Whether `serve` watches golden signals and opens incidents.
        public_url: The URL under which `serve` is reached, for tokens' audience.
        enable_writes: Whether `execute_fix` is offered at all.
        environment: All variables, out of which live sources and their tokens are read; never shown.

    """

    home: Path
    model: str = "builtin"
    model_url: str = ""
    model_key: str = field(default="", repr=False)
    vendor_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    owner_dsn: str = field(default="", repr=False)
    app_dsn: str = field(default="", repr=False)
    personas: Path | None = None
    embeddings_url: str = ""
    embeddings_model: str = ""
    embeddings_key: str = field(default="", repr=False)
    qdrant_url: str = ""
    qdrant_key: str = field(default="", repr=False)
    tokens: Path | None = None
    hooks: Path | None = None
    investigate: bool | None = None
    watch: bool = False
    public_url: str = ""
    enable_writes: bool = False
    environment: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Check the environment as a whole; raise Misconfigured that names every problem found."""
    problems = [*_unknown(environment), *_dsns(environment), *_folders(environment), *_switches(environment)]
    problems += _embeddings(environment)
    if problems:
        raise Misconfigured(" ".join(problems))
    given = environment.get
    return Settings(
        home=Path(given("ROOTLINE_HOME") or Path(given("HOME") or "~").expanduser() / ".rootline").expanduser(),
        model=given("ROOTLINE_MODEL") or "builtin",
        model_url=given("ROOTLINE_MODEL_URL") or "",
        model_key=given("ROOTLINE_MODEL_KEY") or "",
        vendor_keys={name: environment.get(variable, "") for name, variable in _VENDOR_KEYS.items()},
        owner_dsn=given("ROOTLINE_OWNER_DSN") or "",
        app_dsn=given("ROOTLINE_APP_DSN") or "",
        personas=_path(given("ROOTLINE_PERSONAS")),
        embeddings_url=given("ROOTLINE_EMBEDDINGS_URL") or "",
        embeddings_model=given("ROOTLINE_EMBEDDINGS_MODEL") or "",
        embeddings_key=given("ROOTLINE_EMBEDDINGS_KEY") or "",
        qdrant_url=given("ROOTLINE_QDRANT_URL") or "",
        qdrant_key=given("ROOTLINE_QDRANT_KEY") or "",
        tokens=_path(given("ROOTLINE_TOKENS")),
        hooks=_path(given("ROOTLINE_HOOKS")),
        investigate=_switch(given("ROOTLINE_INVESTIGATE", "")),
        watch=given("ROOTLINE_WATCH", "").lower() in _YES,
        public_url=given("ROOTLINE_PUBLIC_URL") or "",
        enable_writes=given("ROOTLINE_ENABLE_WRITES", "").lower() in _YES,
        environment=environment,
    )


def _path(text: str | None) -> Path | None:
    return Path(text).expanduser() if text else None


def _switch(text: str) -> bool | None:
    return text.lower() in _YES if text else None


def _unknown(environment: Mapping[str, str]) -> list[str]:
    names = sorted(name for name in environment if name.startswith("ROOTLINE_") and name not in KNOWN)
    if not names:
        return []
    meant = [near[0] for name in names if (near := get_close_matches(name[:60], sorted(KNOWN), n=1, cutoff=0.8))]
    hint = f"Did you mean {', '.join(meant)}?" if meant else f"Known: {', '.join(sorted(KNOWN))}."
    return [f"{', '.join(names)} is no setting of Rootline. {hint}"]


def _dsns(environment: Mapping[str, str]) -> list[str]:
    given = [name for name in ("ROOTLINE_OWNER_DSN", "ROOTLINE_APP_DSN") if environment.get(name)]
    return (
        [f"{given[0]} is set alone; an own PostgreSQL needs both an owner and an app DSN."] if len(given) == 1 else []
    )


def _embeddings(environment: Mapping[str, str]) -> list[str]:
    url, model = (environment.get(f"ROOTLINE_EMBEDDINGS_{part}", "") for part in ("URL", "MODEL"))
    if url and not model:
        return ["ROOTLINE_EMBEDDINGS_URL needs ROOTLINE_EMBEDDINGS_MODEL, the name of the model that it serves."]
    return [] if not url or url.startswith(("http://", "https://")) else ["ROOTLINE_EMBEDDINGS_URL is no address."]


def _switches(environment: Mapping[str, str]) -> list[str]:
    names = ("ROOTLINE_ENABLE_WRITES", "ROOTLINE_INVESTIGATE", "ROOTLINE_WATCH")
    given = [(name, environment.get(name, "")) for name in names]
    return [
        f"{name}={text[:20]!r} is neither true nor false." for name, text in given if text.lower() not in _YES | _NO
    ]


def _folders(environment: Mapping[str, str]) -> list[str]:
    names = ("ROOTLINE_PERSONAS", "ROOTLINE_EXPORTERS")
    given = [(name, Path(environment[name]).expanduser()) for name in names if environment.get(name)]
    return [f"{name}={path} is no folder." for name, path in given if not path.is_dir()]
