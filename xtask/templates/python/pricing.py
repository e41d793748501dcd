"""A price adjuster: `adjust` says what is taken off a cart and what comes on top. As it is, there is a discount on everything."""

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.adjuster import Adjustment, Cart, Error_Refused, Kind

PERCENT = 10

# The most that a sum of money can be.
MOST = 2**63 - 1


class Adjuster(exports.Adjuster):
    def adjust(self, cart: Cart) -> list[Adjustment]:
        total = sum(line.unit_price * line.quantity for line in cart.lines)
        if total > MOST:
            # The customer reads this.
            raise Err(Error_Refused("nobody can pay that much"))
        # Amounts are minor units: cents, not euros.
        discount = total * PERCENT // 100
        return [Adjustment(Kind.DISCOUNT, f"{PERCENT} % off", -discount)] if discount > 0 else []
