"""Contains all the data models used in inputs/outputs"""

from .accept_request import AcceptRequest
from .adjustment_kind import AdjustmentKind
from .audit_head import AuditHead
from .audit_report import AuditReport
from .audit_row import AuditRow
from .audit_row_page import AuditRowPage
from .audit_verification import AuditVerification
from .availability import Availability
from .awaiting import Awaiting
from .cancel_reason import CancelReason
from .categories import Categories
from .category import Category
from .change_password_request import ChangePasswordRequest
from .change_product_conflict_problem import ChangeProductConflictProblem
from .channel import Channel
from .create_product_conflict_problem import CreateProductConflictProblem
from .current_price import CurrentPrice
from .dead_letter import DeadLetter
from .dead_letter_page import DeadLetterPage
from .decline import Decline
from .decline_code import DeclineCode
from .erasure import Erasure
from .erasure_state import ErasureState
from .export import Export
from .exported_audit_row import ExportedAuditRow
from .exported_credentials import ExportedCredentials
from .exported_key import ExportedKey
from .exported_notification import ExportedNotification
from .exported_order import ExportedOrder
from .exported_payment import ExportedPayment
from .exported_session import ExportedSession
from .failed_attempt import FailedAttempt
from .failed_line import FailedLine
from .field_error import FieldError
from .health_report import HealthReport
from .identity import Identity
from .import_products_internal_error_problem import ImportProductsInternalErrorProblem
from .import_products_malformed_request_problem import ImportProductsMalformedRequestProblem
from .import_products_payload_too_large_problem import ImportProductsPayloadTooLargeProblem
from .import_products_unavailable_problem import ImportProductsUnavailableProblem
from .import_report import ImportReport
from .invitation import Invitation
from .invited_user import InvitedUser
from .jwk import Jwk
from .jwk_set import JwkSet
from .key_rotation import KeyRotation
from .liveness import Liveness
from .login_request import LoginRequest
from .missing_part import MissingPart
from .money import Money
from .new_product import NewProduct
from .new_product_attributes import NewProductAttributes
from .new_user import NewUser
from .not_ready_problem import NotReadyProblem
from .notification import Notification
from .notification_call import NotificationCall
from .notification_page import NotificationPage
from .notification_preferences import NotificationPreferences
from .notification_request import NotificationRequest
from .notification_request_data import NotificationRequestData
from .notification_status import NotificationStatus
from .order import Order
from .order_adjustment import OrderAdjustment
from .order_item import OrderItem
from .order_page import OrderPage
from .order_status import OrderStatus
from .order_timeline import OrderTimeline
from .part_health import PartHealth
from .payment import Payment
from .payment_call import PaymentCall
from .payment_method import PaymentMethod
from .payment_operation import PaymentOperation
from .payment_page import PaymentPage
from .payment_status import PaymentStatus
from .payment_webhook import PaymentWebhook
from .payment_webhook_type import PaymentWebhookType
from .place_order_request import PlaceOrderRequest
from .preferences_patch import PreferencesPatch
from .previous_email import PreviousEmail
from .price import Price
from .price_changed_problem import PriceChangedProblem
from .price_patch import PricePatch
from .problem import Problem
from .product import Product
from .product_attributes import ProductAttributes
from .product_line import ProductLine
from .product_line_attributes_type_0 import ProductLineAttributesType0
from .product_page import ProductPage
from .product_patch import ProductPatch
from .product_patch_attributes_type_0 import ProductPatchAttributesType0
from .product_status import ProductStatus
from .queued_notifications import QueuedNotifications
from .readiness_report import ReadinessReport
from .recent_login_required_problem import RecentLoginRequiredProblem
from .refresh_token_request import RefreshTokenRequest
from .refund_request import RefundRequest
from .register_request import RegisterRequest
from .registered_user import RegisteredUser
from .replay_count import ReplayCount
from .replay_request import ReplayRequest
from .requested_address import RequestedAddress
from .requested_item import RequestedItem
from .retired_key import RetiredKey
from .role import Role
from .saved_address import SavedAddress
from .saved_address_input import SavedAddressInput
from .service_erasure import ServiceErasure
from .service_erasure_remaining import ServiceErasureRemaining
from .service_health import ServiceHealth
from .service_readiness import ServiceReadiness
from .session import Session
from .session_page import SessionPage
from .shipping_address import ShippingAddress
from .stock import Stock
from .stock_level import StockLevel
from .timeline_entry import TimelineEntry
from .timeline_entry_kind import TimelineEntryKind
from .token_response import TokenResponse
from .too_much_unpaid_problem import TooMuchUnpaidProblem
from .triggering_event import TriggeringEvent
from .user import User
from .user_page import UserPage
from .user_patch import UserPatch
from .user_status import UserStatus
from .verification_progress import VerificationProgress

__all__ = (
    "AcceptRequest",
    "AdjustmentKind",
    "AuditHead",
    "AuditReport",
    "AuditRow",
    "AuditRowPage",
    "AuditVerification",
    "Availability",
    "Awaiting",
    "CancelReason",
    "Categories",
    "Category",
    "ChangePasswordRequest",
    "ChangeProductConflictProblem",
    "Channel",
    "CreateProductConflictProblem",
    "CurrentPrice",
    "DeadLetter",
    "DeadLetterPage",
    "Decline",
    "DeclineCode",
    "Erasure",
    "ErasureState",
    "Export",
    "ExportedAuditRow",
    "ExportedCredentials",
    "ExportedKey",
    "ExportedNotification",
    "ExportedOrder",
    "ExportedPayment",
    "ExportedSession",
    "FailedAttempt",
    "FailedLine",
    "FieldError",
    "HealthReport",
    "Identity",
    "ImportProductsInternalErrorProblem",
    "ImportProductsMalformedRequestProblem",
    "ImportProductsPayloadTooLargeProblem",
    "ImportProductsUnavailableProblem",
    "ImportReport",
    "Invitation",
    "InvitedUser",
    "Jwk",
    "JwkSet",
    "KeyRotation",
    "Liveness",
    "LoginRequest",
    "MissingPart",
    "Money",
    "NewProduct",
    "NewProductAttributes",
    "NewUser",
    "Notification",
    "NotificationCall",
    "NotificationPage",
    "NotificationPreferences",
    "NotificationRequest",
    "NotificationRequestData",
    "NotificationStatus",
    "NotReadyProblem",
    "Order",
    "OrderAdjustment",
    "OrderItem",
    "OrderPage",
    "OrderStatus",
    "OrderTimeline",
    "PartHealth",
    "Payment",
    "PaymentCall",
    "PaymentMethod",
    "PaymentOperation",
    "PaymentPage",
    "PaymentStatus",
    "PaymentWebhook",
    "PaymentWebhookType",
    "PlaceOrderRequest",
    "PreferencesPatch",
    "PreviousEmail",
    "Price",
    "PriceChangedProblem",
    "PricePatch",
    "Problem",
    "Product",
    "ProductAttributes",
    "ProductLine",
    "ProductLineAttributesType0",
    "ProductPage",
    "ProductPatch",
    "ProductPatchAttributesType0",
    "ProductStatus",
    "QueuedNotifications",
    "ReadinessReport",
    "RecentLoginRequiredProblem",
    "RefreshTokenRequest",
    "RefundRequest",
    "RegisteredUser",
    "RegisterRequest",
    "ReplayCount",
    "ReplayRequest",
    "RequestedAddress",
    "RequestedItem",
    "RetiredKey",
    "Role",
    "SavedAddress",
    "SavedAddressInput",
    "ServiceErasure",
    "ServiceErasureRemaining",
    "ServiceHealth",
    "ServiceReadiness",
    "Session",
    "SessionPage",
    "ShippingAddress",
    "Stock",
    "StockLevel",
    "TimelineEntry",
    "TimelineEntryKind",
    "TokenResponse",
    "TooMuchUnpaidProblem",
    "TriggeringEvent",
    "User",
    "UserPage",
    "UserPatch",
    "UserStatus",
    "VerificationProgress",
)
