"""Lists as iterators."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Any, ParamSpec, Protocol, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Page(Protocol[T_co]):
    """A page of a list."""

    @property
    def items(self) -> Sequence[T_co]:
        """The items of this page."""
        ...

    @property
    def next_cursor(self) -> str | None:
        """The cursor of the next page; `None` on the last one."""
        ...


def paginate(operation: Callable[P, Page[T]], *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
    """Yields the items of all pages, each of which is read when it is needed.

    For example: `paginate(spindle.orders.list_orders, limit=100)`.
    """
    # The parameters of the operation cannot say that one of them is `cursor`.
    read = cast(Callable[..., Page[T]], operation)
    parameters: dict[str, Any] = dict(kwargs)
    while True:
        page = read(*args, **parameters)
        yield from page.items
        if page.next_cursor is None:
            return
        parameters["cursor"] = page.next_cursor


async def paginate_async(
    operation: Callable[P, Awaitable[Page[T]]], *args: P.args, **kwargs: P.kwargs
) -> AsyncIterator[T]:
    """Yields the items of all pages of an operation of `AsyncSpindle`."""
    read = cast(Callable[..., Awaitable[Page[T]]], operation)
    parameters: dict[str, Any] = dict(kwargs)
    while True:
        page = await read(*args, **parameters)
        for item in page.items:
            yield item
        if page.next_cursor is None:
            return
        parameters["cursor"] = page.next_cursor
