"""The operations, grouped by service."""

from spindle_client._call import AsyncCaller, Caller

from .auth import AsyncAuth, Auth
from .catalog import AsyncCatalog, Catalog
from .gateway import AsyncGateway, Gateway
from .notifications import AsyncNotifications, Notifications
from .orders import AsyncOrders, Orders
from .payments import AsyncPayments, Payments
from .users import AsyncUsers, Users


class Operations:
    """The operations of the API."""

    def __init__(self, caller: Caller) -> None:
        self.auth = Auth(caller)
        self.gateway = Gateway(caller)
        self.catalog = Catalog(caller)
        self.notifications = Notifications(caller)
        self.orders = Orders(caller)
        self.payments = Payments(caller)
        self.users = Users(caller)


class AsyncOperations:
    """The operations of the API."""

    def __init__(self, caller: AsyncCaller) -> None:
        self.auth = AsyncAuth(caller)
        self.gateway = AsyncGateway(caller)
        self.catalog = AsyncCatalog(caller)
        self.notifications = AsyncNotifications(caller)
        self.orders = AsyncOrders(caller)
        self.payments = AsyncPayments(caller)
        self.users = AsyncUsers(caller)
