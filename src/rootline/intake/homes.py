"""Which clusters are known, and which of them what was sent to us is of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

from rootline.sources.stack import Given, stack, stacks


@dataclass(frozen=True, kw_only=True)
class Homes:
    """The names of all clusters that are known, and of the one that is asked where nobody chooses.

    `usual` is empty where that one has no name, or where there is none.
    """

    known: frozenset[str] = frozenset()
    usual: str = ""

    @classmethod
    def of(cls, variables: Mapping[str, str], registered: Collection[str]) -> Self:
        """Read them from the environment, its file and the registry; raise Misconfigured as `stack` does."""
        given = Given(variables=variables)
        usual, filed = stack(given).cluster, [one.cluster for one in stacks(given)]
        return cls(known=frozenset([*filed, *registered, usual]) - {""}, usual=usual)

    def owns(self, cluster: str, home: str) -> bool:
        """Whether what says that it is of `home` is of a cluster: an only one has all, and one without a name the rest.

        What names no cluster is of the usual one.
        """
        if not self.known - {cluster}:
            return True
        if not home:
            return cluster == self.usual
        return home == cluster if cluster else home not in self.known

    def is_nobodys(self, home: str) -> bool:
        """Whether what says that it is of `home` is of none of several clusters; one that is not named is none."""
        return len(self.known) > 1 and home not in self.known and not (self.usual and not home)
