"""A price adjuster: `adjust` returns the discounts and taxes of a cart. This version takes ten percent off everything."""

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.adjuster import Adjustment, Cart, Error_Refused, Kind

PERCENT = 10

# The largest sum of money.
MAX_SUM = 2**63 - 1


class Adjuster(exports.Adjuster):
    def adjust(self, cart: Cart) -> list[Adjustment]:
        total = sum(line.unit_price * line.quantity for line in cart.lines)
        if total > MAX_SUM:
            # The customer reads this.
            raise Err(Error_Refused("the sum of the cart is too large"))
        # Amounts are minor units: cents, not euros.
        discount = total * PERCENT // 100
        return [Adjustment(Kind.DISCOUNT, f"{PERCENT} % off", -discount)] if discount > 0 else []
