"""Reads a kubeconfig with the `kubernetes` library, and says or does what that leaves out.

Those are why a command gave no credentials, which contexts there are, and that a token's file may be written anew.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from kubernetes.client import Configuration
from kubernetes.config.config_exception import ConfigException
from kubernetes.config.kube_config import FileOrData, KubeConfigLoader, KubeConfigMerger

from rootline.domain.moment import read_moment
from rootline.errors import Misconfigured
from rootline.sources.kubernetes.access import Access
from rootline.sources.kubernetes.credential_command import run_command

_MOST_NAMED = 10
_CERTIFICATE = (("cert_file", "clientCertificateData"), ("key_file", "clientKeyData"))


def load_kubeconfig(access: Access, configuration: Configuration) -> None:
    """Put address, trust and credentials of the context into a configuration.

    Raises:
        Misconfigured: There is no such context, or the command that gives the credentials gives none.
        ConfigException: The library cannot use the file.

    """
    merge: Any = KubeConfigMerger
    merged = merge(str(access.kubeconfig)).config
    if merged is None:
        raise ConfigException("it is empty")
    load: Any = _Loader
    loader = load(
        config_dict=merged, config_base_path=None, active_context=_context(access, merged.value), access=access
    )
    loader.load_and_set(configuration)


def _context(access: Access, told: Mapping[str, Any]) -> str:
    """Return the context that is named, or the current one."""
    named = access.context or told.get("current-context") or ""
    known = [str(one.value.get("name")) for one in told.get("contexts") or ()]
    if named in known:
        return str(named)
    shown = ", ".join(known[:_MOST_NAMED]) + (", …" if len(known) > _MOST_NAMED else "")
    what = f"has no context {named[:100]!r}" if named else "names no current context"
    helps = f"Choose one by ROOTLINE_KUBE_CONTEXT: {shown}." if known else "It holds none at all."
    raise Misconfigured(f"{access.setting} {what}. {helps}")


_Library: Any = KubeConfigLoader


class _Loader(_Library):  # type: ignore[misc]  # the library has no types
    """The library's loader, whose three methods below fall short of what kubectl does."""

    token: str

    def __init__(self, *, access: Access, **given: Any) -> None:
        self._access = access
        super().__init__(**given)

    def _load_user_token(self) -> bool | None:
        """Read a token's file anew for each request, as it may have been rotated."""
        is_there: bool | None = super()._load_user_token()
        if is_there:
            self.token = self.token.strip()
            if not self.token.isprintable():
                raise Misconfigured(f"{self._access.setting} holds a token with a line break in it. Write it anew.")
            if "tokenFile" in self._user:
                self.expiry = datetime.now(tz=UTC)
        return is_there

    def _load_from_exec_plugin(self) -> bool | None:
        """Run the command that gives the credentials."""
        if "exec" not in self._user:
            return None
        folder = self._get_base_path(self._user.path)
        status = run_command(self._access, self._user["exec"].value, self._cluster.value, folder)
        if status.get("token"):
            self.token = f"Bearer {str(status['token']).strip()}"
        for kept, name in _CERTIFICATE if status.get("clientCertificateData") else ():
            read: Any = FileOrData
            setattr(self, kept, read(status, None, data_key_name=name, base64_file_content=False).as_file())
        if status.get("expirationTimestamp"):
            with suppress(ValueError):
                self.expiry = read_moment(str(status["expirationTimestamp"]))
        return True
