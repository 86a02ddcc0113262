"""Log lines as they come: counted by template and service, scored within the batch, in bounded memory."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rootline.analysis.logs.columns import Reader
from rootline.analysis.logs.masking import HOLE, mask
from rootline.analysis.logs.message import message
from rootline.analysis.logs.pulse import FAST_S, Pulse
from rootline.analysis.logs.shaping import Shaper, opened
from rootline.analysis.logs.widening import WIDE
from rootline.analysis.logs.wording import is_error

LOUD = 6.0
"""Source: ours; at four batches a second and a thousand templates, chance reaches it less than once a month."""
WARM_UP_S = 120.0
MOST = 20_000
"""Source: ours; a program has some thousands of messages of its own, and so many pulses are a few megabytes."""
_LONGEST, _SHOWN, _LONGEST_NAME = 2000, 500, 200
LogKind = Literal["new_pattern", "spike"]
_Key = tuple[str, bytes, bytes]


@dataclass(frozen=True, kw_only=True)
class LogSignal:
    """What one service says more often than usual.

    `expected` and `observed` are lines in the last seconds, decayed alike; `score` is in standard deviations. An
    empty template stands for all lines of the service that speak of errors. Template and exemplar are untrusted.
    """

    at: float
    service: str
    template: str
    exemplar: str
    is_error: bool
    kind: LogKind
    expected: float
    observed: float
    score: float


@dataclass(kw_only=True)
class LogStream:
    """Reads batches of lines, JSON or text. `service` is that of lines which name none.

    What comes first within two minutes of the start is learned and not told.
    """

    service: str = ""
    _reader: Reader = field(default_factory=Reader)
    _shaper: Shaper = field(default_factory=lambda: Shaper(remembered=MOST))
    _pulses: dict[_Key, Pulse] = field(default_factory=dict)
    _errors: dict[str, Pulse] = field(default_factory=dict)
    _is_error: dict[_Key, bool] = field(default_factory=dict)
    _began: float | None = None

    @property
    def templates(self) -> int:
        """How many templates are known."""
        return len(self._pulses)

    def read(self, lines: Sequence[bytes], now: float) -> list[LogSignal]:
        """Count a batch that has come until `now`, and return what is loud in it, loudest first."""
        self._began = now if self._began is None else self._began
        counted, first = self._counted([line[:_LONGEST] if len(line) > _LONGEST * 4 else line for line in lines])
        found = [*self._templates(counted, first, now), *self._services(counted, now)]
        self._forget()
        return sorted(found, key=lambda one: (-one.score, one.service, one.template))

    def _counted(self, lines: Sequence[bytes]) -> tuple[Counter[_Key], dict[_Key, bytes]]:
        """Return how often each service's shapes came, and one line of each."""
        counted: Counter[_Key] = Counter()
        first: dict[_Key, bytes] = {}
        for some in self._reader.columns(lines, range(len(lines))):
            shapes = self._shaper.keys(some.messages())
            services = [name[:_LONGEST_NAME].decode(errors="replace") or self.service for name in some.all("service")]
            keys = list(zip(services, shapes, some.all("level"), strict=True))
            counted.update(keys)
            first.update(zip(reversed(keys), reversed(some.lines), strict=True))
        return counted, first

    def _templates(self, counted: Counter[_Key], first: dict[_Key, bytes], now: float) -> Iterator[LogSignal]:
        for key, count in counted.items():
            known = self._pulses.pop(key, None)
            # a blank was found in what was told apart before: no new message
            is_new = known is None and WIDE not in key[1]
            pulse = self._pulses[key] = known or Pulse(born=self._born(now), at=now)
            usual = pulse.usual(now)
            score = pulse.score(count, now)
            if key not in self._is_error:
                self._is_error[key] = self._speaks_of_errors(key, first[key])
            if score >= LOUD and self._is_warm(now):
                yield self._signal(key, first[key], pulse, usual, score, is_new=is_new or pulse.total == count)

    def _services(self, counted: Counter[_Key], now: float) -> Iterator[LogSignal]:
        errors: Counter[str] = Counter()
        for key, count in counted.items():
            errors[key[0]] += count * self._is_error[key]
        for service, count in errors.items():
            if service not in self._errors and (not count or len(self._errors) >= MOST):
                continue
            pulse = self._errors.setdefault(service, Pulse(born=self._born(now), at=now))
            usual = pulse.usual(now)
            score = pulse.score(count, now)
            if score >= LOUD and self._is_warm(now):
                yield LogSignal(
                    at=now,
                    service=service,
                    template="",
                    exemplar="",
                    is_error=True,
                    kind="spike",
                    expected=usual * FAST_S,
                    observed=pulse.fast,
                    score=score,
                )

    def _signal(self, key: _Key, line: bytes, pulse: Pulse, usual: float, score: float, *, is_new: bool) -> LogSignal:
        text = message(line.decode(errors="replace")).text.split("\n", 1)[0]
        return LogSignal(
            at=pulse.at,
            service=key[0],
            template=mask(opened(text, key[1], HOLE))[:_SHOWN],
            exemplar=text[:_SHOWN],
            is_error=self._is_error[key],
            kind="new_pattern" if is_new else "spike",
            expected=usual * FAST_S,
            observed=pulse.fast,
            score=score,
        )

    def _speaks_of_errors(self, key: _Key, line: bytes) -> bool:
        said = message(line.decode(errors="replace"))
        return is_error(said.text[:_LONGEST], said.severity or key[2].decode(errors="replace"))

    def _born(self, now: float) -> float:
        """Something that comes first now was not there since the beginning."""
        return now if self._began is None else self._began

    def _is_warm(self, now: float) -> bool:
        return self._began is not None and now - self._began >= WARM_UP_S

    def _forget(self) -> None:
        """Drop the templates that were quiet for longest; a template that came moves to the end."""
        for key in _oldest(self._pulses, len(self._pulses) - MOST):
            del self._pulses[key]
            self._is_error.pop(key, None)


def _oldest(pulses: dict[_Key, Pulse], count: int) -> Iterable[_Key]:
    return [key for key, _ in zip(pulses, range(count), strict=False)] if count > 0 else ()
