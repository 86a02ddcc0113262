"""How a way to break a landscape is registered."""

from collections.abc import Callable

from tests.analysis.cluster.landscapes.landscape import Landscape

Plant = Callable[[Landscape], str]
PLANTS: dict[str, list[Plant]] = {}


def plants(cause: str) -> Callable[[Plant], Plant]:
    """Register a way to bring a cause about; it answers the object at fault."""

    def keep(plant: Plant) -> Plant:
        PLANTS.setdefault(cause, []).append(plant)
        return plant

    return keep
