"""A described Prometheus becomes sources that can be asked; nothing is sent before the first question."""

from dataclasses import dataclass

from rootline.sources.alerts.probed import ProbedAlerts, ProbedNames
from rootline.sources.alerts.prometheus import PrometheusAlerts
from rootline.sources.alerts.source import AlertSource
from rootline.sources.fleet.guard import Guard
from rootline.sources.metrics.catalogue import Catalogue
from rootline.sources.metrics.dcgm import DcgmGpus
from rootline.sources.metrics.dependencies import MetricDependencies
from rootline.sources.metrics.exporters.library import load
from rootline.sources.metrics.gpus import GpuSource
from rootline.sources.metrics.probes import Probes
from rootline.sources.metrics.prometheus import PrometheusMetrics
from rootline.sources.metrics.source import MetricSource
from rootline.sources.prometheus import Prometheus
from rootline.sources.stack import Named, Stack
from rootline.sources.topology import TopologySource


@dataclass(frozen=True, kw_only=True)
class PrometheusSources:
    """What one Prometheus of a stack can be asked."""

    one: Named
    stack: Stack

    def metrics(self, *, least_step_s: int, has_history: bool) -> MetricSource:
        """Return its metrics, read at no finer step than is named (seconds)."""
        return PrometheusMetrics(
            Prometheus(self.one.backend),
            name=self.one.name,
            service_label=self.stack.service_label,
            least_step_s=least_step_s,
            has_history=has_history,
            formulas=load(self.stack.exporters),
        )

    def gpus(self) -> GpuSource:
        """Return what DCGM's exporter tells it about GPUs."""
        return DcgmGpus(Prometheus(self.one.backend))

    def topology(self) -> TopologySource:
        """Return who calls whom, as its metrics tell it."""
        return MetricDependencies(
            Prometheus(self.one.backend), name=self.one.name, service_label=self.stack.service_label
        )

    def naming_probed(self, alerts: AlertSource, guard: Guard) -> AlertSource:
        """Return alerts of any source, those of probes named by what it probes."""
        return ProbedAlerts(alerts, self.probed_names(guard))

    def probed_names(self, guard: Guard) -> ProbedNames:
        """Return what names alerts of probes by what it probes."""
        api, label = Prometheus(self.one.backend), self.stack.service_label
        return ProbedNames(Probes(api, Catalogue(api, formulas=(), service_label=label), label), guard)

    def alerts(self) -> AlertSource:
        """Return the alerts of its own rules."""
        return PrometheusAlerts(
            Prometheus(self.one.backend), name=self.one.name, service_label=self.stack.service_label
        )
