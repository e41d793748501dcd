"""Buys something, and cancels the order: `SPINDLE_URL=http://127.0.0.1:3000 python examples/shop.py`."""

import os
import secrets
import sys
from itertools import islice

from spindle_client import Spindle, SpindleError, paginate
from spindle_client.models import (
    Money,
    OrderStatus,
    PaymentMethod,
    PlaceOrderRequest,
    RequestedAddress,
    RequestedItem,
    TimelineEntryKind,
)

URL = os.environ.get("SPINDLE_URL", "http://127.0.0.1:3000")


def main() -> None:
    with Spindle(URL) as spindle:
        products = list(
            islice(paginate(spindle.catalog.list_products, in_stock=True, currency="EUR", sort="price", limit=20), 30)
        )
        expect(bool(products), "no product is in stock: import the demo catalog")
        print(f"Products in stock: {len(products)}, the cheapest is {products[0].name} for {shown(products[0].price)}.")

        email = f"shop-{secrets.token_hex(6)}@example.com"
        spindle.register(email, secrets.token_urlsafe(24), display_name="Edith Example")
        print(f"Registered {email}, and logged in.")

        product = products[0]
        order = spindle.orders.place_order(
            PlaceOrderRequest(
                items=[RequestedItem(product_id=product.id, quantity=1)],
                payment_method=PaymentMethod(token="pm_ok"),  # noqa: S106 - a token of the sandbox
                shipping_address=RequestedAddress(
                    name="Edith Example", lines=["1 Main St"], postal_code="10115", city="Berlin", country="DE"
                ),
                expected_total=product.price,
            )
        )
        print(f"Placed order {order.number} for {shown(order.total)}.")

        printed, events, statuses = 0, set[TimelineEntryKind](), list[OrderStatus]()
        for update in spindle.watch_order(order.id, timeout=60):
            for entry in update.timeline.items[printed:]:
                print(f"  {entry.at:%H:%M:%S} {entry.detail}")
                events.add(entry.kind)
            printed = len(update.timeline.items)
            statuses.append(update.order.status)
            if update.order.status == OrderStatus.PAID:
                spindle.orders.cancel_order(order.id)
                print("Cancelled the order.")
        expect(OrderStatus.PAID in statuses, f"the order was never paid, but {', '.join(statuses)}")
        expect(statuses[-1] == OrderStatus.CANCELLED, f"the order is {statuses[-1]}, and should be cancelled")

        returned = {TimelineEntryKind.PAYMENT_REFUNDED, TimelineEntryKind.PAYMENT_VOIDED}
        expect(bool(returned & events), "the payment was not returned")
        mine = list(paginate(spindle.orders.list_orders))
        expect([listed.id for listed in mine] == [order.id], "the list has other orders than this one")
        print("The payment was returned, and the list of orders has this one.")
        spindle.log_out()
        print("Logged out.")


def shown(money: Money) -> str:
    return f"{money.amount / 100:.2f} {money.currency}"


def expect(condition: bool, fault: str) -> None:
    if not condition:
        sys.exit(fault)


if __name__ == "__main__":
    try:
        main()
    except (SpindleError, TimeoutError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
