"""An order that is watched until nothing more happens to it."""

from dataclasses import dataclass

from ._generated.models import Order, OrderStatus, OrderTimeline

FINAL = {OrderStatus.CANCELLED, OrderStatus.FULFILLED}
FIRST_DELAY, LONGEST_DELAY = 0.2, 5.0


@dataclass(frozen=True, slots=True)
class OrderUpdate:
    """An order, and its timeline."""

    order: Order
    timeline: OrderTimeline

    @property
    def is_final(self) -> bool:
        """Whether the order is shipped or cancelled, and waits for nothing more, such as a refund."""
        return self.timeline.status in FINAL and self.timeline.awaiting is None


class Pace:
    """The delays between two reads: short after a change, then longer and longer."""

    def __init__(self) -> None:
        self.delay = FIRST_DELAY

    def changed(self) -> None:
        """Starts again with a short delay."""
        self.delay = FIRST_DELAY

    def next(self) -> float:
        """Returns the seconds to wait."""
        delay = self.delay
        self.delay = min(LONGEST_DELAY, delay * 1.5)
        return delay
