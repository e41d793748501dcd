-- Who declined the payment, and the reason in the words of the payment provider, for the customer to read with the order. NULL unless it was declined;
-- the reason is NULL as well if there is none, and once the customer is erased.
ALTER TABLE orders ADD COLUMN decline_code TEXT CHECK (decline_code IN ('declined', 'provider_error'));
ALTER TABLE orders ADD COLUMN decline_reason TEXT;

-- Until now only the timeline had them: 'The payment was declined: <reason>.' The second text is that of payments if the provider cannot carry it out.
UPDATE orders SET (decline_code, decline_reason) = (
    SELECT
        CASE detail WHEN 'The payment was declined: the payment provider cannot carry this out.' THEN 'provider_error' ELSE 'declined' END,
        CASE WHEN detail LIKE 'The payment was declined: _%.' THEN substr(detail, 27, length(detail) - 27) END
    FROM order_timeline WHERE order_id = orders.id AND kind = 'payment_declined'
    ORDER BY position LIMIT 1)
WHERE status = 'cancelled';
