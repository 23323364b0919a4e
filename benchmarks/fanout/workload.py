"""How much is measured: all of it, a quick look, or as little as the tests need."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Workload:
    """Durations in seconds, numbers of watchers and messages."""

    warm_up: float = 1.0
    saturation: float = 4.0
    latency: float = 6.0
    idle: float = 8.0
    settle: float = 2.0
    step: float = 4.0  # of each point of a chart
    hold: float = 5.0
    few: int = 100
    many: int = 500
    crowd: int = 1000
    held: int = 2000
    burst: int = 500
    watchers: tuple[int, ...] = (10, 50, 100, 500, 1000, 2000)  # of the chart
    rooms: tuple[int, ...] = (1, 10, 100, 1000)


QUICK = Workload(
    warm_up=0.3,
    saturation=1.5,
    latency=2.0,
    idle=3.0,
    settle=1.0,
    step=1.5,
    hold=1.0,
    crowd=200,
    held=400,
    watchers=(10, 50, 100, 500),
    rooms=(1, 10, 100),
)
TINY = Workload(
    warm_up=0.2,
    saturation=0.5,
    latency=1.0,
    idle=0.5,
    settle=0.2,
    step=0.5,
    hold=0.2,
    few=5,
    many=10,
    crowd=20,
    held=30,
    burst=100,
    watchers=(5, 10),
    rooms=(1, 5),
)
