"""Causes outside of all changes, and the words by which they are known."""

import re
from dataclasses import dataclass

from rootline.domain.hypothesis import Remediation


@dataclass(frozen=True)
class Outside:
    """A cause outside of all changes: how its texts read, how much it counts, and what fixes it."""

    name: str
    pattern: re.Pattern[str]
    weight: float
    remedy: Remediation


def _outside(name: str, words: str, weight: float, remedy: Remediation) -> Outside:
    return Outside(name, re.compile(words, re.IGNORECASE), weight, remedy)


# Source: error texts of OpenSSL, Go's crypto/x509, the kubelet, cloud interruption notices, Kafka clients and NTP.
OUTSIDE: tuple[Outside, ...] = (
    _outside(
        "certificate expired",
        r"certificate (has |is )?expired|cert(ificate)?.{0,40}expir|expired cert"
        r"|not_?after|certificate is not yet valid",
        4.0,
        "rotate-cert",
    ),
    _outside(
        "secret or licence expired",
        r"(licen[cs]e|api.?key|secret|credential|password|refresh token"
        r"|signing key).{0,30}expired|expired (licen[cs]e|credential|api.?key|secret)",
        3.0,
        "rotate-cert",
    ),
    _outside(
        "node failure",
        r"node.{0,40}(not.?ready|lost|unreachable|down\b|terminat|pressure|evict)"
        r"|kernel (panic|bug)|hardware (error|fault|fail)|\bnic\b|link (is )?down|\bcrc\b.{0,12}err|rx_\w*err"
        r"|(?<![a-z])edac|\bmce\b"
        r"|thermal throttl|spot.{0,20}(interrupt|terminat)|preempt(ed|ion)"
        r"|availability.zone|\baz\b.{0,20}(down|fail|outage|unavailable)|(host|machine"
        r"|instance|hypervisor).{0,12}(down|failure|unreachable|terminated|rebooted)"
        r"|disk.?pressure|memory.?pressure"
        r"|volume.{0,20}(detach|attach failed)|\bi/o error|input/output error|\becc\b|machine check"
        r"|medium error|\bnvme\S{0,12}.{0,40}(time.?out|abort|reset)|blk_update_request|bad sector|\bext4-fs error"
        r"|\bxfs\b.{0,40}shut|remounting filesystem|media.?errors?|reallocated.?sector"
        r"|(host|machine|instance|node|vm)\S{0,40} (is |was )?(impaired|retired)",
        3.0,
        "reschedule",
    ),
    _outside(
        "poison message",
        r"poison|same offset|redelivering|offset.{0,60}redeliver|redeliver.{0,60}(offset|same message|times)"
        r"|stuck (at|on) (offset|partition)|(panic|crash|abort|exit)\w*.{0,60}\boffset|offset.{0,60}(panic|crash)"
        r"|retry(ing)? (the same )?message|blocking partition|crash(es|ing)? on message"
        r"|unprocessable message",
        2.2,
        "purge-bad-data",
    ),
    _outside(
        "bad data",
        r"malformed|corrupt|bad (record|row|data|message|payload|event)|invalid (record"
        r"|row|event|payload|utf)|unexpected (null|byte|eof in)|garbage|implausible|sanity check"
        r"|(import|upload|feed|partner|vendor|supplier).{0,30}(invalid|corrupt|malformed|bad|empty|missing"
        r"|out of range)"
        r"|(out of range|empty|missing|zero)\b.{0,40}\b(import|upload|feed|partner|vendor|supplier)",
        1.5,
        "purge-bad-data",
    ),
    _outside("bad data in a queue", r"dead.?letter|\bdlq\b", 0.8, "purge-bad-data"),
    _outside(
        "provider failure",
        r"https?://(?![\w.-]*(\.svc|\.local|\.internal|localhost)\b)[\w.-]+\.[a-z]{2,12}\b.{0,80}(50\d|429|timed? ?out"
        r"|deadline|unavailable|refused|reset)"
        r"|\b(?!github\b)[\w-]+\.(com|io|net)\b.{0,60}(50\d|unavailable|timed? ?out"
        r"|refused)|amazonaws\.com.{0,60}(50\d|throttl|slow ?down)"
        r"|(provider|third.?party|vendor|external|partner).{0,40}(50\d|error|outage|down\b"
        r"|unavailable|degraded|timeout)|upstream_provider|provider_error",
        2.2,
        "failover",
    ),
    _outside(
        "clock drift",
        r"clock.{0,12}(skew|drift|offset|ahead|behind)|time drift|\bntp\b"
        r"|token used before issued|not yet valid|issued in the future|chrony",
        2.0,
        "reschedule",
    ),
    _outside(
        "disk full",
        r"no space left|enospc|disk.{0,12}(full|usage|used|9\d ?%|100 ?%)"
        r"|read-only file ?system",
        1.2,
        "scale",
    ),
    _outside(
        "primary lost",
        r"(primary|master|leader).{0,30}(failover|lost|down\b|unreachable|election"
        r"|unavailable)|replication.?lag|read.?only (transaction|mode)|no leader"
        r"|not (the )?(leader|primary|master)",
        1.2,
        "failover",
    ),
    _outside(
        "network outage",
        r"packet.?loss|no route to host|network is unreachable|\bbgp\b|link down"
        r"|region.{0,20}(outage|down|unavailable|degraded)|cross-?(az|region)",
        1.8,
        "failover",
    ),
    _outside("name resolution down", r"servfail|coredns|server misbehaving|name ?server", 1.6, "escalate-upstream"),
    _outside(
        "name not resolved",
        r"name resolution|no such host|nxdomain|dns.{0,20}(timeout|fail|error)",
        0.5,
        "escalate-upstream",
    ),
    _outside(
        "demand",
        r"surge|traffic (spike|burst)|shed(ding)? load|overload"
        r"|\bbots?\b|ddos|crawler|scrap(er|ing)|campaign"
        r"|credential stuffing|brute.?force|unusual traffic|thundering herd",
        1.5,
        "scale",
    ),
    _outside(
        "quota reached",
        r"quota (exceeded|exhausted|reached)|account limit|insufficient (capacity|quota)"
        r"|limitexceeded|no capacity",
        1.2,
        "scale",
    ),
)


# Which families of symptom each cause explains; a change that does the same thing speaks against it.
EXPLAINS: dict[str, tuple[str, ...]] = {
    "certificate expired": ("tls",),
    "secret or licence expired": ("auth",),
    "node failure": ("memory", "schedule"),
    "poison message": ("queue", "parse"),
    "bad data": ("parse", "data", "schema", "queue"),
    "bad data in a queue": ("parse", "data", "schema", "queue", "null"),
    "provider failure": ("ratelimit", "traffic", "tls", "auth", "dns"),
    "clock drift": ("clock", "auth"),
    "disk full": ("disk",),
    "primary lost": ("replica", "lock", "leader"),
    "network outage": ("network",),
    "name resolution down": ("dns",),
    "name not resolved": ("dns",),
    "demand": ("traffic", "cpu", "cache"),
    "quota reached": ("ratelimit", "traffic"),
    "traffic surge": ("traffic", "queries"),
}
