"""Argo CD: the history that an Application keeps of its syncs.

Source: argo-cd.readthedocs.io, Application's `status.history` and `status.operationState`.
"""

from collections.abc import Iterator
from dataclasses import replace

from rootline.domain.change import ChangeSet, ConfigChange
from rootline.sources.kubernetes.delivery.delivered import Delivered, commit_in, failed, is_other, sole_workload, told
from rootline.sources.kubernetes.raw import Raw, newest
from rootline.sources.kubernetes.resources import Resource
from rootline.sources.kubernetes.sealing import Seal
from rootline.sources.kubernetes.templates import differences

APPLICATIONS = Resource(plural="applications", kind="Application", group="argoproj.io", version="v1alpha1")
_HIDDEN = ("helm", "plugin", "directory")
"""Parts of a source in which values stand; they are shown as hashes."""
_FAILED = frozenset({"Failed", "Error"})
_STILL = {"Running": "still runs", "Terminating": "is being ended"}
_LONGEST_MESSAGE = 120
_AND = ", "


def of_application(application: Raw, seal: Seal) -> ChangeSet:
    """Every sync in the history, and the last one if it still runs or failed."""
    name = application.name
    resources = ((one.text("kind"), one.text("name")) for one in application.each("status", "resources"))
    service = sole_workload(resources, name)
    history = application.each("status", "history")
    synced = [one for one in (_synced(entry, seal) for entry in history) if one is not None]
    whole = told("application", name, service, [*synced, *_running(application, seal)])
    return ChangeSet(deployments=whole.deployments, configs=(*whole.configs, *_failure(application, service)))


def _synced(entry: Raw, seal: Seal) -> Delivered | None:
    """Read a sync, from when it began: what it brings hurts before its last wave and hook are done."""
    told = (entry.moment(name) for name in ("deployStartedAt", "deployedAt"))
    at = min((one for one in told if one is not None), default=None)
    revisions = [entry.text("revision")] if entry.text("revision") else entry.words("revisions")
    if at is None or not revisions:
        return None
    sources = _sources(entry)
    commits = [commit_in(one) for one in revisions]
    by = entry.text("initiatedBy", "username")
    return Delivered(
        at=at,
        commit=next((one for one in commits if one), ""),
        version=_AND.join(_version(one, source) for one, source in _paired(revisions, sources)),
        settings=dict(_all_settings(sources, seal)) | dict(_further(revisions)),
        actor=by or ("automated" if entry.at("initiatedBy", "automated").held is True else ""),
    )


def _running(application: Raw, seal: Seal) -> Iterator[Delivered]:
    """Yield a sync that still runs, from the moment at which it began; a dry run changes nothing.

    One that the history holds is over, whatever its state says.
    """
    state = application.at("status", "operationState")
    asked, still = state.at("operation", "sync"), _STILL.get(state.text("phase"), "")
    if not still or asked.held is None or asked.at("dryRun").held is True:
        return
    began = _synced(_entry(state, application.at("spec")), seal)
    ended = newest([one.moment("deployedAt") for one in application.each("status", "history")])
    if began is not None and (ended is None or ended < began.at):
        part = "sync of some resources" if asked.each("resources") else "sync"
        message = f": {state.text('message')[:_LONGEST_MESSAGE]}" if state.text("message") else ""
        yield replace(began, version=f"{began.version} ({part} {still}{message})")


def _entry(state: Raw, wanted: Raw) -> Raw:
    """Write a sync as the history will: its revision as it was resolved, else as it was asked for, else the branch."""
    asked, done = state.at("operation", "sync"), state.at("syncResult")
    sources = next((held for one in (done, asked, wanted) if (held := _sources(one))), [])
    told = (one.words("revisions") or [one.text("revision")] for one in (done, asked))
    revisions = next((one for one in told if any(one)), [one.text("targetRevision") or "HEAD" for one in sources])
    return Raw(
        {
            "deployedAt": state.text("startedAt"),
            "revisions": revisions,
            "sources": [one.held for one in sources],
            "initiatedBy": state.at("operation", "initiatedBy").held,
        }
    )


def _sources(held: Raw) -> list[Raw]:
    """The sources of an application; one of several keeps a `source` too, whose address is empty."""
    return held.each("sources") or ([held.at("source")] if held.at("source") else [])


def _further(revisions: list[str]) -> Iterator[tuple[str, str]]:
    """The commits of the sources after the first that has one, since the deployment itself names that one alone."""
    commits = [(place, commit) for place, one in enumerate(revisions) if (commit := commit_in(one))]
    yield from ((f"sources[{place}].revision", commit) for place, commit in commits[1:])


def _paired(revisions: list[str], sources: list[Raw]) -> Iterator[tuple[str, Raw]]:
    for place, revision in enumerate(revisions):
        yield revision, sources[place] if place < len(sources) else Raw(None)


def _version(revision: str, source: Raw) -> str:
    """The chart and its version, or the branch or tag with the commit's beginning."""
    if source.text("chart"):
        return f"{source.text('chart')} {revision}"
    branch, commit = source.text("targetRevision") or "HEAD", commit_in(revision)
    return branch if revision == branch else f"{branch} {commit[:7] or revision}"


def _all_settings(sources: list[Raw], seal: Seal) -> Iterator[tuple[str, str]]:
    """The settings of each source, by its place where there are several."""
    for place, source in enumerate(sources):
        name = "source" if len(sources) == 1 else f"sources[{place}]"
        yield from ((f"{name}.{path}", value) for path, value in _settings(source, seal))


def _settings(source: Raw, seal: Seal) -> Iterator[tuple[str, str]]:
    for path, _, value in differences(Raw(None), source, seal):
        is_hidden = path.partition(".")[0].partition("[")[0] in _HIDDEN and not value.startswith("hash:")
        yield path, seal.mark(value) if is_hidden else value


def _failure(application: Raw, service: str) -> Iterator[ConfigChange]:
    state = application.at("status", "operationState")
    at, running = state.moment("finishedAt"), _revision(application.at("status", "sync"))
    wanted = _revision(state.at("syncResult")) or _revision(state.at("operation", "sync")) or running
    if state.text("phase") in _FAILED and at is not None and state.at("operation", "sync", "dryRun").held is not True:
        ran = application.each("status", "history")
        last = _revision(ran[-1]) if ran else ""
        is_next = last != wanted if _AND in wanted else is_other(last, wanted)
        before = last if is_next else running
        yield failed("application", application.name, service, running=before, wanted=wanted, state=state, at=at)


def _revision(held: Raw) -> str:
    """The revision of an application's source, or those of all."""
    return held.text("revision") or _AND.join(held.words("revisions"))
