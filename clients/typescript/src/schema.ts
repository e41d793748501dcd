// Generated from api-specs/openapi.json by `npm run generate`. Do not edit.

export interface paths {
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the keys that verify access tokens
         * @description A JWK Set (RFC 7517). Fetch it again when a token names a key that is not in it.
         */
        get: operations["getKeySet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that the platform runs
         * @description Calls no service. Not a part of the released API: probes of a deployment use it.
         */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that this replica can work
         * @description Asks every service of this process. What all replicas share does not count: a database, a key-value store or a provider that is away is in `/v1/admin/health`. Not a part of the released API: probes of a deployment use it.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sensitive actions
         * @description The rows of the audit logs of all services, the newest first. If a service does not respond, `missing` names it, and the page has the rows of the others. The next pages ask it again, so its rows come later than their time says, and the last page has them or the list ends with 503.
         */
        get: operations["listAuditRows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Verify the audit logs
         * @description Finds rows that were changed, removed, moved or inserted. One request takes some seconds; while there are more rows to verify, the response has a `next_cursor` for the next request. If a service does not respond, `missing` names it, the other logs are verified, and `next_cursor` continues with its log: send it when the service is back.
         */
        get: operations["verifyAuditLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/auth/keys/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the signing key
         * @description A new key signs access tokens. The key that signed until then stays in the key set until the last token that it signed has expired.
         */
        post: operations["rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List events that could not be handled
         * @description By service, and the latest first within a service. If a service does not respond, `missing` names it, and the page has the letters of the others. The next pages ask it again, so the last page has its letters, or the list ends with 503.
         */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/dead-letters/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Handle several events again
         * @description At most 1,000 at once, those first that have been dead for the longest time. The services handle them shortly.
         */
        post: operations["replayDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/dead-letters/{service}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an event that could not be handled */
        get: operations["getDeadLetter"];
        put?: never;
        post?: never;
        /**
         * Discard an event
         * @description The audit log keeps who discarded it.
         */
        delete: operations["discardDeadLetter"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/dead-letters/{service}/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Handle an event again
         * @description With all its attempts. The service handles it shortly.
         */
        post: operations["replayDeadLetter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the state of every service and its parts
         * @description For people and monitoring: which database, key-value store, service or provider is away, and why. Always 200: the members `state` say how bad it is. A part that does not respond within two seconds is `unavailable`. Monitoring sends the token in the variable `metrics_token`, which works also while no access token can be checked.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set the first password
         * @description A user whom an admin has created sets the first password with the token of the invitation, and can log in.
         */
        post: operations["acceptInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description Opens a session. The response is the same whether the address has an account or not. Five wrong passwords within fifteen minutes lock the account for fifteen minutes.
         */
        post: operations["logIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log out
         * @description Ends the session of the refresh token. A token without a session is no error (RFC 7009, section 2.2).
         */
        post: operations["logOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the own password
         * @description Ends the other sessions of the user, who gets a message about it. Wrong current passwords count as failed log-ins.
         */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange a refresh token for new tokens
         * @description A refresh token can be exchanged once. If one that was exchanged is sent again, its session ends, since two clients have it; only a repetition within a few seconds gets the same new token.
         */
        post: operations["refreshTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register as a customer
         * @description Log in afterwards. Common passwords and those that repeat a short text are refused.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the own sessions
         * @description The oldest session comes first. Sessions that have ended are not listed.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        /**
         * End all own sessions
         * @description Ends the session of the request as well.
         */
        delete: operations["endSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End an own session
         * @description Its refresh token is not valid any more, and its access tokens are refused by every operation that changes something.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List categories
         * @description Lists all categories with active products, on one page.
         */
        get: operations["listCategories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List notifications
         * @description A customer gets their own notifications, an operator those of all users, or of one. The latest comes first.
         */
        get: operations["listNotifications"];
        put?: never;
        /**
         * Send a message to a user
         * @description The request is checked as a whole: each message is rendered once for the user before it is accepted. The notifications are delivered shortly; `Location` is the address of their list.
         */
        post: operations["requestNotification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a notification
         * @description An operator also gets each call of the provider.
         */
        get: operations["getNotification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List orders
         * @description A customer gets their own orders, an operator those of all customers.
         */
        get: operations["listOrders"];
        put?: never;
        /**
         * Place an order
         * @description Reserves the stock, and requests the payment, which is decided later: read the order, or its timeline, until `status` is `paid` or `cancelled`. Prices are those of now; send the ones that the customer has seen as the expected ones, and the order is refused if they have changed.
         *
         *     A refusal with 409 `conflict`, `price-changed` or `too-much-unpaid`, and one of the price adjuster, is stored under the key: another try needs another key.
         */
        post: operations["placeOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an order
         * @description A customer gets their own orders, an operator those of all customers.
         */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order
         * @description A customer cancels their own orders, an operator any. Releases the stock, and voids or refunds the payment, also if that is decided later. An order that is cancelled already stays as it is.
         */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/fulfil": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark an order as shipped
         * @description An order that is fulfilled already stays as it is.
         */
        post: operations["fulfilOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the timeline of an order
         * @description The history of an order, the event that it waits for, and until when it waits.
         */
        get: operations["getOrderTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List payments
         * @description A customer gets their own payments, an operator those of all users, or of one. The latest comes first.
         */
        get: operations["listPayments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a payment
         * @description An operator also gets each call of the payment provider.
         */
        get: operations["getPayment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payments/{id}/refund": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refund a payment
         * @description Returns the whole sum to the payer. The refund is accepted at once and follows shortly: the payment is `refunded` then. An order that was not shipped is cancelled, so that it is not shipped any more; one that was shipped is refunded only with `shipped`.
         */
        post: operations["refundPayment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List products
         * @description Lists the products for sale: filtered, searched, sorted, in pages. The list may come from a cache that is a few seconds old, but for `status=archived`, which is not stored.
         */
        get: operations["listProducts"];
        put?: never;
        /**
         * Create a product
         * @description The product is active, and in the list at once.
         */
        post: operations["createProduct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import products
         * @description Creates and changes many products: a JSON object a line, at most 10,000 lines of at most 64 KiB. A line changes the product with its SKU, as `PATCH` does; a field that it does not name stays. If no product has the SKU, it creates one. A line that fails changes nothing; the others are written. If the request ends early, the problem has the result until then in `imported`, and all lines can be sent again.
         */
        post: operations["importProducts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a product
         * @description Returns a product, archived or not: old orders refer to archived ones.
         */
        get: operations["getProduct"];
        put?: never;
        post?: never;
        /**
         * Archive a product
         * @description Archives a product: it is in no list and not for sale, can be read by its id, and keeps its SKU. `PATCH` with `"status": "active"` restores it.
         */
        delete: operations["archiveProduct"];
        options?: never;
        head?: never;
        /**
         * Change a product
         * @description Changes the fields in the body, a merge patch (RFC 7396). `If-Match` compares the edits of the product: a sale or a count since then does not matter, although it changes the `ETag`.
         */
        patch: operations["changeProduct"];
        trace?: never;
    };
    "/v1/products/{id}/stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the stock of a product
         * @description Returns all numbers of the stock. Everyone sees `available` in the product.
         */
        get: operations["getProductStock"];
        /**
         * Count the stock of a product
         * @description Sets the units on the shelf, those that are sold and not shipped yet among them. What belongs to orders stays theirs. `If-Match` may have the tag of the stock or of the product.
         */
        put: operations["setProductStock"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users
         * @description The oldest user comes first. Erased users are not listed.
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Create a user
         * @description The user has no password yet: pass the invitation on, with which the user sets the first one (`POST /v1/auth/invitations/accept`). Customers register themselves (`POST /v1/auth/register`).
         */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the own user */
        get: operations["getOwnUser"];
        put?: never;
        post?: never;
        /**
         * Erase the own user
         * @description Deletes the personal data and ends the sessions. The id stays taken. The other services follow: `GET /v1/users/{id}/erasure` says how far they are. The own user is erased with a log-in of the last five minutes.
         */
        delete: operations["eraseOwnUser"];
        options?: never;
        head?: never;
        /**
         * Change the own user
         * @description A JSON merge patch (RFC 7396). Members may be sent as they were read: a value that the user has already is no change. A change of the e-mail address requires a log-in of the last five minutes, and counts in the rate class `auth` as well; its owner gets a message at both addresses. Only an admin changes roles, and the users who are admins.
         */
        patch: operations["changeOwnUser"];
        trace?: never;
    };
    "/v1/users/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export everything that is kept about the caller
         * @description One document from all services, to be saved as a file. It has no `Content-Length`, and is complete if it is valid JSON: if a service fails while it is written, the connection ends early. Secrets and means of payment are not in it.
         */
        get: operations["exportOwnUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a user
         * @description A customer gets the own user, an operator any.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /**
         * Erase a user
         * @description Deletes the personal data and ends the sessions. The id stays taken. The other services follow: `GET /v1/users/{id}/erasure` says how far they are. The own user is erased with a log-in of the last five minutes.
         */
        delete: operations["eraseUser"];
        options?: never;
        head?: never;
        /**
         * Change a user
         * @description A JSON merge patch (RFC 7396). Members may be sent as they were read: a value that the user has already is no change. A change of the e-mail address requires a log-in of the last five minutes, and counts in the rate class `auth` as well; its owner gets a message at both addresses. Only an admin changes roles, and the users who are admins.
         */
        patch: operations["changeUser"];
        trace?: never;
    };
    "/v1/users/{id}/deactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deactivate a user
         * @description The sessions of the user end, and the user cannot log in. A user who is deactivated already stays as it is.
         */
        post: operations["deactivateUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/erasure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the progress of an erasure */
        get: operations["getErasure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Invite a user again
         * @description Replaces the invitation of a user who has no password yet. An invitation has no address of its own: it is shown once.
         */
        post: operations["inviteUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/reactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reactivate a user
         * @description The user can log in again. A user who is active already stays as it is.
         */
        post: operations["reactivateUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/payments/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive a payment provider's decision
         * @description For the payment provider, about a payment that it left pending. The event is stored and handled after the response; one that was received before, as its `id` says, has no further effect. There is no access token and no rate limit: the signature is checked before the body is read.
         */
        post: operations["receivePaymentWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The acceptance of an invitation. */
        AcceptRequest: {
            /**
             * Format: password
             * @description The first password: one that is not common, and does not repeat a short text.
             */
            password: string;
            /**
             * Format: password
             * @description The token of the invitation.
             */
            token: string;
        };
        /** @description Too many log-ins failed; the account is locked for a while. */
        AccountLockedProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 429;
            /** @constant */
            title?: "Account locked";
            /** @constant */
            type?: "https://spindle.dev/problems/account-locked";
        };
        /** @description The kind of an adjustment. */
        AdjustmentKind: "discount" | "tax";
        /** @description The head of an audit log: a later one with a lower number, or with another MAC for the same number, shows that the log was reset. */
        AuditHead: {
            /** @description The MAC of the head, in hexadecimal. */
            mac_hex: string;
            /**
             * Format: int64
             * @description The number of the last row.
             */
            seq: number;
        };
        /** @description The result of verifying the audit log of one service. */
        AuditReport: {
            /** @description The head as it was after the last verified row, if there are more rows: the next request continues there. */
            checkpoint?: components["schemas"]["AuditHead"];
            /** @description The violation found at that row. */
            detail?: string;
            /**
             * Format: int64
             * @description The number of the first row that is not; absent if there is none.
             */
            first_bad_seq?: number;
            /** @description The head of the log; null if the head itself was removed. */
            head: components["schemas"]["AuditHead"] | null;
            /** @description Whether the whole log is as it was written; null while there are more rows to verify. */
            intact: boolean | null;
            /**
             * Format: uint64
             * @description The number of rows, from the first on, that are as they were written.
             */
            rows: number;
            /** @description The service's name. */
            service: string;
        };
        /** @description A sensitive action, as a service has recorded it. */
        AuditRow: {
            /** @description The action, such as `user.role_changed`. */
            action: string;
            /** @description Who acted: the id of a user or the name of a service; null if that is not known. */
            actor: string | null;
            /**
             * Format: date-time
             * @description The time of the action.
             */
            created_at: string;
            /** @description Further details, which depend on the action. */
            detail: unknown;
            /** @description The id of the row. */
            id: string;
            /** @description The id of the request. */
            request_id: string;
            /** @description The service. */
            service: string;
            /** @description A pseudonym of the address that the request came from, such as `2026-11:9f86d081884c7d65`; in a row of an earlier release, the address. */
            source: string | null;
            /** @description What it was done to, usually an id. */
            subject: string | null;
        };
        /** @description One page of a list. */
        AuditRowPage: {
            /** @description The items of this page, in the order of the list. */
            items: components["schemas"]["AuditRow"][];
            /** @description The services whose items are missing from this page, and why; absent if none is. `next_cursor` continues with them. */
            missing?: components["schemas"]["MissingPart"][];
            /** @description The `cursor` of the next page; `null` on the last page. */
            next_cursor: string | null;
        };
        /** @description The result of the verification of all audit logs. */
        AuditVerification: {
            /** @description Whether all logs are as they were written; null while no violation is found and there are more rows to verify, or a log is missing. */
            intact: boolean | null;
            /** @description The services whose logs could not be verified by this request, and why; absent if there are none. `next_cursor` continues with them. */
            missing?: components["schemas"]["MissingPart"][];
            /** @description The `cursor` with which the next request continues; absent once all rows are verified. */
            next_cursor?: string;
            /** @description The progress; absent once all rows are verified. */
            progress?: components["schemas"]["VerificationProgress"];
            /** @description The result for each log, of the services that responded. */
            services: components["schemas"]["AuditReport"][];
        };
        /** @description The stock of a product, as everyone sees it. */
        Availability: {
            /**
             * Format: int64
             * @description The units that can be sold.
             */
            available: number;
        };
        /** @description The event that an order waits for. */
        Awaiting: {
            /**
             * Format: date-time
             * @description The time at which the order is cancelled if the event does not come; `null` if it waits without a limit.
             */
            until: string | null;
            /** @description A sentence for people. */
            what: string;
        };
        /** @description The reason for which an order was cancelled. */
        CancelReason: "requested" | "payment_declined" | "payment_timeout" | "stock_gone" | "payment_refunded";
        /** @description All categories with active products. */
        Categories: {
            /** @description The categories, by their slugs. */
            items: components["schemas"]["Category"][];
        };
        /** @description A category. */
        Category: {
            /** @description The name, which is made of the slug. */
            name: string;
            /**
             * Format: uint64
             * @description The number of its active products.
             */
            products: number;
            /** @description The slug, by which products refer to the category. */
            slug: string;
        };
        /** @description A change of the password. */
        ChangePasswordRequest: {
            /**
             * Format: password
             * @description The current password.
             */
            current: string;
            /**
             * Format: password
             * @description The new password: one that is not common, and does not repeat a short text.
             */
            new: string;
        };
        /** @description The state of a resource stands against the request. */
        ChangeProductConflictProblem: components["schemas"]["Problem"] & {
            /**
             * Format: uuid
             * @description The product that has the SKU, if that is the conflict. It may be archived, and then it is in no list.
             */
            product_id?: string;
            /** @constant */
            status?: 409;
            /** @constant */
            title?: "Conflict";
            /** @constant */
            type?: "https://spindle.dev/problems/conflict";
        };
        /** @description A channel on which users are notified. */
        Channel: "email" | "sms" | "push";
        /** @description The state of a resource stands against the request. */
        ConflictProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 409;
            /** @constant */
            title?: "Conflict";
            /** @constant */
            type?: "https://spindle.dev/problems/conflict";
        };
        /** @description The state of a resource stands against the request. */
        CreateProductConflictProblem: components["schemas"]["Problem"] & {
            /**
             * Format: uuid
             * @description The product that has the SKU. It may be archived, and then it is in no list.
             */
            product_id: string;
            /** @constant */
            status?: 409;
            /** @constant */
            title?: "Conflict";
            /** @constant */
            type?: "https://spindle.dev/problems/conflict";
        };
        /** @description The price of a product now. */
        CurrentPrice: {
            /**
             * Format: uuid
             * @description The product.
             */
            product_id: string;
            /** @description The price of one piece. */
            unit_price: components["schemas"]["Money"];
        };
        /** @description An event that a service could not handle. */
        DeadLetter: {
            /**
             * Format: uint32
             * @description The number of attempts since it arrived, or since its last replay.
             */
            attempts: number;
            /** @description The data of the event, with the means of payment redacted. */
            data: unknown;
            /**
             * Format: date-time
             * @description The time of its last failure. Letters of orders and payments, for which money waits, are tried again 15 minutes after it.
             */
            died_at: string;
            /** @description The failed attempts, the first ones and the latest ones. */
            failures: components["schemas"]["FailedAttempt"][];
            /** @description The event's id. */
            id: string;
            /** @description The error of the last attempt. */
            last_error: string;
            /**
             * Format: date-time
             * @description The time at which it happened.
             */
            occurred_at: string;
            /** @description The request in which it happened. */
            request_id: string;
            /** @description The service that could not handle it. */
            service: string;
            /** @description The service that published it. */
            source: string;
            /** @description The id of the thing that it is about. */
            subject: string;
            /** @description The trace in which it happened. */
            traceparent: string;
            /** @description The type of the event. */
            type: string;
        };
        /** @description One page of a list. */
        DeadLetterPage: {
            /** @description The items of this page, in the order of the list. */
            items: components["schemas"]["DeadLetter"][];
            /** @description The services whose items are missing from this page, and why; absent if none is. `next_cursor` continues with them. */
            missing?: components["schemas"]["MissingPart"][];
            /** @description The `cursor` of the next page; `null` on the last page. */
            next_cursor: string | null;
        };
        /** @description Why a payment was declined. */
        Decline: {
            /** @description Who declined. */
            code: components["schemas"]["DeclineCode"];
            /** @description The reason as the provider states it, for the payer to read. Null once the user is erased. */
            detail: string | null;
        };
        /** @description Who declined a payment, which tells whether another means of payment may help. */
        DeclineCode: "declined" | "provider_error";
        /** @description How far the erasure of a user is. */
        Erasure: {
            /**
             * Format: date-time
             * @description The time of the request for it.
             */
            requested_at: string;
            /** @description The services that hold data of users. */
            services: components["schemas"]["ServiceErasure"][];
            /** @description `done` once every service is done. */
            state: components["schemas"]["ErasureState"];
        };
        /** @description The state of an erasure. */
        ErasureState: "pending" | "done" | "unknown";
        /** @description Everything that is kept about a user. What another service keeps is as that service describes it, with what only the export has. */
        Export: {
            /** @description The rows of the audit logs that have the user as actor or subject, the oldest of each service first. */
            audit_log: components["schemas"]["ExportedAuditRow"][];
            /** @description The credentials: one item, or none for a user without a password. */
            credentials: components["schemas"]["ExportedCredentials"][];
            /**
             * Format: date-time
             * @description The time at which the export began.
             */
            exported_at: string;
            /** @description The keys of requests that may be sent twice. */
            idempotency_keys: components["schemas"]["ExportedKey"][];
            /** @description The notifications, the latest first. */
            notifications: components["schemas"]["ExportedNotification"][];
            /** @description The orders, the latest first. */
            orders: components["schemas"]["ExportedOrder"][];
            /** @description The payments, the latest first. */
            payments: components["schemas"]["ExportedPayment"][];
            /** @description Earlier e-mail addresses, as long as they are kept, the oldest first. */
            previous_emails: components["schemas"]["PreviousEmail"][];
            /** @description The user. */
            profile: components["schemas"]["User"];
            /** @description The sessions, also those that have ended, the oldest first. */
            sessions: components["schemas"]["ExportedSession"][];
        };
        /** @description A row of an audit log. The id and the address of another person who acted are left out. */
        ExportedAuditRow: {
            /** @description The action, such as `user.changed`. */
            action: string;
            /** @description Who acted: the id of the user, `another user`, or the name of a service. */
            actor: string | null;
            /**
             * Format: date-time
             * @description The time of the action.
             */
            created_at: string;
            /** @description Further details. */
            detail: unknown;
            /** @description The id of the row. */
            id: string;
            /** @description The id of the request. */
            request_id: string;
            /** @description The service whose log has the row. */
            service: string;
            /** @description The pseudonym of the address that the request came from. */
            source: string | null;
            /** @description What the action was about. */
            subject: string | null;
        };
        /** @description The credentials of a user, without the password. */
        ExportedCredentials: {
            /**
             * Format: date-time
             * @description The time at which the user got the first password.
             */
            created_at: string;
            /** @description The latest failed log-ins since the last one that succeeded. */
            failed_log_ins: string[];
            /**
             * Format: date-time
             * @description The time of the last change of the password.
             */
            password_changed_at: string;
        };
        /** @description An `Idempotency-Key` of a request of the user. */
        ExportedKey: {
            /**
             * Format: date-time
             * @description The time of the request.
             */
            created_at: string;
            /** @description The key. */
            key: string;
            /** @description What was requested. */
            operation: string;
            /** @description The id of the resource that the request creates. */
            resource_id: string;
            /** @description The service that keeps it. */
            service: string;
            /**
             * Format: uint16
             * @description The status of the stored response; `null` while the request is in progress.
             */
            status: number | null;
        };
        /** @description A notification: as in `GET /v1/notifications/{id}`, with its data and the calls of the provider. */
        ExportedNotification: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
        } & {
            [key: string]: unknown;
        };
        /** @description An order: as in `GET /v1/orders/{id}`, with what only the export has. */
        ExportedOrder: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
        } & {
            [key: string]: unknown;
        };
        /** @description A payment: as in `GET /v1/payments/{id}`, with the calls of the payment provider. */
        ExportedPayment: {
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
        } & {
            [key: string]: unknown;
        };
        /** @description A session: as in `GET /v1/auth/sessions`, with its end. */
        ExportedSession: {
            /**
             * Format: date-time
             * @description The time of the log-in.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description The time at which the session ends at the latest.
             */
            expires_at: string;
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /** @description The address from which the log-in came. */
            ip_address: string | null;
            /**
             * Format: date-time
             * @description The time of the last use.
             */
            last_used_at: string;
            /**
             * Format: date-time
             * @description The time at which the session was ended.
             */
            revoked_at: string | null;
            /** @description Why the session was ended. */
            revoked_reason: string | null;
            /** @description The `User-Agent` of the log-in. */
            user_agent: string | null;
        };
        /** @description An attempt that failed. */
        FailedAttempt: {
            /**
             * Format: uint32
             * @description The number of the attempt, from 1.
             */
            attempt: number;
            /** @description The error. */
            error: string;
            /**
             * Format: date-time
             * @description The time at which it failed.
             */
            failed_at: string;
            /**
             * Format: date-time
             * @description The time of the next attempt, or null if there was none.
             */
            next_attempt_at: string | null;
        };
        /** @description A line that was refused. */
        FailedLine: {
            /** @description What is wrong with the line. */
            detail: string;
            /** @description The rules that the line breaks, with pointers into the line; absent if it is no JSON. */
            errors?: components["schemas"]["FieldError"][];
            /**
             * Format: uint64
             * @description The number of the line, counted from 1.
             */
            line: number;
        };
        /** @description One rule that one part of the request breaks, and its place: exactly one of `pointer`, `parameter` and `header`. */
        FieldError: {
            /** @description What is wrong, for a person. */
            detail: string;
            /** @description The name of the header. */
            header?: string;
            /** @description The name of the query parameter. */
            parameter?: string;
            /**
             * Format: json-pointer
             * @description The RFC 6901 pointer into the body; empty for the body itself.
             */
            pointer?: string;
        };
        /** @description The caller is known and may not do this. */
        ForbiddenProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 403;
            /** @constant */
            title?: "Forbidden";
            /** @constant */
            type?: "https://spindle.dev/problems/forbidden";
        };
        /** @description The state of the platform. */
        HealthReport: {
            /** @description Every service. */
            services: components["schemas"]["ServiceHealth"][];
            /** @description The worst state of a service. */
            state: "ok" | "degraded" | "unavailable";
        };
        /** @description An earlier request with the same `Idempotency-Key` is being carried out. */
        IdempotencyKeyInFlightProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 409;
            /** @constant */
            title?: "Request with this Idempotency-Key in progress";
            /** @constant */
            type?: "https://spindle.dev/problems/idempotency-key-in-flight";
        };
        /** @description The operation needs an `Idempotency-Key`. */
        IdempotencyKeyMissingProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 400;
            /** @constant */
            title?: "Idempotency-Key required";
            /** @constant */
            type?: "https://spindle.dev/problems/idempotency-key-missing";
        };
        /** @description The `Idempotency-Key` belongs to an earlier request that asked for something else. */
        IdempotencyKeyReusedProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 422;
            /** @constant */
            title?: "Idempotency-Key reused";
            /** @constant */
            type?: "https://spindle.dev/problems/idempotency-key-reused";
        };
        /** @description A user who logs in. */
        Identity: {
            /** @description The e-mail address as it was written. */
            email: string;
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /** @description What the user may do. */
            role: components["schemas"]["Role"];
        };
        /** @description A defect or a broken dependency; the cause is in the log. */
        ImportProductsInternalErrorProblem: components["schemas"]["Problem"] & {
            /** @description The result of the lines before that, which stay written. */
            imported?: components["schemas"]["ImportReport"];
            /** @constant */
            status?: 500;
            /** @constant */
            title?: "Internal error";
            /** @constant */
            type?: "https://spindle.dev/problems/internal-error";
        };
        /** @description The request cannot be read: bad JSON, a bad query, a bad id. */
        ImportProductsMalformedRequestProblem: components["schemas"]["Problem"] & {
            /** @description The result of the lines before that, which stay written. */
            imported?: components["schemas"]["ImportReport"];
            /** @constant */
            status?: 400;
            /** @constant */
            title?: "Malformed request";
            /** @constant */
            type?: "https://spindle.dev/problems/malformed-request";
        };
        /** @description The body is larger than the route takes. */
        ImportProductsPayloadTooLargeProblem: components["schemas"]["Problem"] & {
            /** @description The result of the lines before that, which stay written. */
            imported?: components["schemas"]["ImportReport"];
            /** @constant */
            status?: 413;
            /** @constant */
            title?: "Body too large";
            /** @constant */
            type?: "https://spindle.dev/problems/payload-too-large";
        };
        /** @description A dependency is down or busy; trying again later may work. */
        ImportProductsUnavailableProblem: components["schemas"]["Problem"] & {
            /** @description The result of the lines before that, which stay written. */
            imported?: components["schemas"]["ImportReport"];
            /** @constant */
            status?: 503;
            /** @constant */
            title?: "Service unavailable";
            /** @constant */
            type?: "https://spindle.dev/problems/unavailable";
        };
        /** @description The result of an import, or of its lines until it ended early. */
        ImportReport: {
            /**
             * Format: uint64
             * @description The number of lines that created a product.
             */
            created: number;
            /** @description The lines that were refused. They changed nothing. */
            failed: components["schemas"]["FailedLine"][];
            /**
             * Format: uint64
             * @description The number of lines with an existing product, changed by them or not.
             */
            updated: number;
        };
        /** @description A defect or a broken dependency; the cause is in the log. */
        InternalErrorProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 500;
            /** @constant */
            title?: "Internal error";
            /** @constant */
            type?: "https://spindle.dev/problems/internal-error";
        };
        /** @description The e-mail address or the password is wrong. */
        InvalidCredentialsProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 401;
            /** @constant */
            title?: "Invalid credentials";
            /** @constant */
            type?: "https://spindle.dev/problems/invalid-credentials";
        };
        /** @description An invitation to set the first password. */
        Invitation: {
            /**
             * Format: date-time
             * @description The time until which it can be accepted.
             */
            expires_at: string;
            /** @description The token with which the user accepts the invitation. It is shown once, and passed on by the admin. */
            token: string;
        };
        /** @description A created user with the invitation to set the first password. */
        InvitedUser: {
            /** @description The saved addresses. One of them can be named in an order. */
            addresses: components["schemas"]["SavedAddress"][];
            /**
             * Format: date-time
             * @description The time of the registration or creation.
             */
            created_at: string;
            /** @description The name to call the user by. */
            display_name: string | null;
            /** @description The e-mail address as it was written, with which the user logs in. No two users have the same one in any spelling. */
            email: string;
            /**
             * Format: uuid
             * @description The id, which stays.
             */
            id: string;
            /** @description The invitation, which is shown once. */
            invitation: components["schemas"]["Invitation"];
            /** @description The language of messages to the user, as a language tag (BCP 47). */
            locale: string;
            /** @description The channels of messages to the user. */
            notification_preferences: components["schemas"]["NotificationPreferences"];
            /** @description The number for text messages (E.164). */
            phone: string | null;
            /** @description What the user may do. */
            role: components["schemas"]["Role"];
            /** @description Whether the user may use the account. */
            status: components["schemas"]["UserStatus"];
            /**
             * Format: date-time
             * @description The time of the last change.
             */
            updated_at: string;
        };
        /** @description A public key (RFC 8037). */
        Jwk: {
            /** @description The algorithm of the signatures: `EdDSA`. */
            alg: string;
            /** @description The curve: `Ed25519`. */
            crv: string;
            /**
             * Format: int64
             * @description For a retired key: the end of the validity of its signatures, in seconds since the Unix epoch.
             */
            exp?: number | null;
            /** @description The key's id in a token's header: its thumbprint (RFC 7638). */
            kid: string;
            /** @description The kind of key: `OKP`. */
            kty: string;
            /** @description What the key is for: `sig`, signatures. */
            use: string;
            /** @description The public key, in base64url. */
            x: string;
        };
        /** @description A set of keys (RFC 7517, section 5). */
        JwkSet: {
            /** @description The keys, in any order. */
            keys: components["schemas"]["Jwk"][];
        };
        /** @description A rotation of the signing key. */
        KeyRotation: {
            /** @description The id of the new key. */
            kid: string;
            /**
             * Format: date-time
             * @description The time from which on it signs.
             */
            not_before: string;
            /** @description The key that signed until then. */
            retired: components["schemas"]["RetiredKey"] | null;
        };
        /** @description The state of the gateway. */
        Liveness: {
            /** @description `ok`. */
            status: string;
        };
        /** @description A log-in. */
        LoginRequest: {
            /** @description The e-mail address, in any spelling. */
            email: string;
            /**
             * Format: password
             * @description The password.
             */
            password: string;
        };
        /** @description The request cannot be read: bad JSON, a bad query, a bad id. */
        MalformedRequestProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 400;
            /** @constant */
            title?: "Malformed request";
            /** @constant */
            type?: "https://spindle.dev/problems/malformed-request";
        };
        /** @description A service whose part of the response is missing. */
        MissingPart: {
            /** @description The reason, such as `connection refused`. The log has the address and the whole error under the id of the request. */
            cause: string;
            /** @description The service. */
            service: string;
        };
        /** @description An amount of one currency: 12.99 EUR are 1299. */
        Money: {
            /**
             * Format: int64
             * @description The amount in minor units of the currency, which are hundredths for most and whole yen for one.
             */
            amount: number;
            /**
             * Format: currency
             * @description The code of the currency (ISO 4217).
             */
            currency: string;
        };
        /** @description A product to be created. */
        NewProduct: {
            /** @description The attributes: strings, numbers and booleans by their names. */
            attributes?: {
                [key: string]: string | number | boolean;
            };
            /** @description The slug of the category, which need not exist before. */
            category: string;
            /**
             * Format: text
             * @description The description, which may have several lines; empty without it.
             */
            description?: string;
            /**
             * Format: line
             * @description The name.
             */
            name: string;
            /** @description The price of a unit. */
            price: components["schemas"]["Price"];
            /** @description The SKU, which no other product may have without regard to case. */
            sku: string;
            /** @description The sales status; `active` without it. */
            status?: components["schemas"]["ProductStatus"];
            /** @description The units on the shelf; none without it. */
            stock?: components["schemas"]["StockLevel"];
        };
        /** @description A new user. Everything but the e-mail address may be left out. */
        NewUser: {
            /** @description The saved addresses. */
            addresses?: components["schemas"]["SavedAddressInput"][];
            /**
             * Format: name
             * @description The name to call the user by.
             */
            display_name?: string | null;
            /**
             * Format: idn-email
             * @description The e-mail address, with which the user logs in. Another user must not have it in any spelling.
             */
            email: string;
            /**
             * Format: language-tag
             * @description The language of messages to the user. `en` if it is absent.
             */
            locale?: string | null;
            /** @description The channels of messages to the user. E-mail alone if nothing is said. */
            notification_preferences?: components["schemas"]["PreferencesPatch"];
            /** @description The number for text messages. */
            phone?: string | null;
            /**
             * @description What the user may do.
             * @default customer
             */
            role?: components["schemas"]["Role"];
        };
        /** @description An object without members. */
        NoMembers: Record<string, never>;
        /** @description There is no such resource, or it is not the caller's. */
        NotFoundProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 404;
            /** @constant */
            title?: "Not found";
            /** @constant */
            type?: "https://spindle.dev/problems/not-found";
        };
        /** @description At least one service cannot serve; `services` says which and why. */
        NotReadyProblem: components["schemas"]["Problem"] & {
            /** @description Every service of this process, also those that are ready. */
            services: components["schemas"]["ServiceReadiness"][];
            /** @constant */
            status?: 503;
            /** @constant */
            title?: "Not ready";
            /** @constant */
            type?: "https://spindle.dev/problems/not-ready";
        };
        /** @description A message to one user on one channel. */
        Notification: {
            /**
             * Format: uint32
             * @description The number of calls of the provider so far.
             */
            attempts: number;
            /** @description The calls of the provider, the first one first. Only operators see them, and only of a single notification. */
            calls?: components["schemas"]["NotificationCall"][];
            /** @description The channel. */
            channel: components["schemas"]["Channel"];
            /**
             * Format: date-time
             * @description When it was enqueued.
             */
            created_at: string;
            /** @description The event that triggered it; null if an operator requested it. */
            event: components["schemas"]["TriggeringEvent"] | null;
            /**
             * Format: uuid
             * @description The id of the notification.
             */
            id: string;
            /** @description Why it was not sent at the last attempt; null if there is no such reason. Only operators see it. */
            last_error?: string | null;
            /**
             * Format: uuid
             * @description The order that it is about; null if it is about none, or was enqueued by an earlier release.
             */
            order_id: string | null;
            /** @description The provider's name for the message; null until the provider has accepted it. */
            provider_reference: string | null;
            /**
             * Format: date-time
             * @description When the provider accepted it; null until then.
             */
            sent_at: string | null;
            /** @description How far the delivery is. */
            status: components["schemas"]["NotificationStatus"];
            /** @description The name of the template. */
            template: string;
            /**
             * Format: uint32
             * @description The version of the template.
             */
            template_version: number;
            /**
             * Format: date-time
             * @description When it last changed.
             */
            updated_at: string;
            /**
             * Format: uuid
             * @description The recipient.
             */
            user_id: string;
        };
        /** @description A call of a provider, as operators read it. */
        NotificationCall: {
            /**
             * Format: date-time
             * @description When the call was made.
             */
            began_at: string;
            /** @description The provider's reference, or its text about the failure; null once the user is erased. */
            detail: string | null;
            /**
             * Format: date-time
             * @description When it was over; null while it is in progress, and for good if a crash interrupted it.
             */
            ended_at: string | null;
            /**
             * Format: uint32
             * @description The number of the call, from 1.
             */
            number: number;
            /** @description The answer: `sent`, or one of the failures `rejected`, `retryable`, `other` and `silent` (the provider gave no answer); null without one. */
            outcome: string | null;
        };
        /** @description One page of a list. */
        NotificationPage: {
            /** @description The items of this page, in the order of the list. */
            items: components["schemas"]["Notification"][];
            /** @description The `cursor` of the next page; `null` on the last page. */
            next_cursor: string | null;
        };
        /** @description The channels on which a user receives messages. */
        NotificationPreferences: {
            /** @description Whether by e-mail. */
            email: boolean;
            /** @description Whether by push message. */
            push: boolean;
            /** @description Whether by text message. */
            sms: boolean;
        };
        /** @description A message to be sent to a user. */
        NotificationRequest: {
            /** @description The only channel. Without it the message is sent on each channel that the user has turned on. */
            channel?: components["schemas"]["Channel"] | null;
            /**
             * @description The fields of the template. `message` has `subject`, one line, and `text`; `order-paid` has `number` and `total`, a sum of money; `order-fulfilled` has `number`; `order-cancelled` has `number` and `reason`; `payment-refunded` has `amount`, a sum of money; `welcome` has none.
             * @default {}
             */
            data?: {
                [key: string]: unknown;
            };
            /**
             * @description The template: `message` has a text of the operator; the others are those that events trigger.
             * @enum {string}
             */
            template: "welcome" | "order-paid" | "order-fulfilled" | "order-cancelled" | "payment-refunded" | "message";
            /**
             * Format: uuid
             * @description The recipient.
             */
            user_id: string;
        };
        /** @description The status of a notification. */
        NotificationStatus: "queued" | "sent" | "dead" | "cancelled";
        /** @description An order. Names and prices are those of the moment at which it was placed. */
        Order: {
            /** @description The discounts and taxes. */
            adjustments: components["schemas"]["OrderAdjustment"][];
            /** @description The reason for which the order was cancelled; `null` unless it is. */
            cancel_reason: components["schemas"]["CancelReason"] | null;
            /**
             * Format: date-time
             * @description The time at which the order was placed.
             */
            created_at: string;
            /** @description Why the payment was declined, the same as on the payment; `null` unless it was. */
            decline: components["schemas"]["Decline"] | null;
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /** @description The items, in the order of the request. */
            items: components["schemas"]["OrderItem"][];
            /** @description The number for people, such as `7KQ2-9M4T`. */
            number: string;
            /** @description The recipient and the address. */
            shipping_address: components["schemas"]["ShippingAddress"];
            /** @description The status. */
            status: components["schemas"]["OrderStatus"];
            /** @description The sum of the items and the adjustments. All sums of an order have the same currency. */
            total: components["schemas"]["Money"];
            /**
             * Format: date-time
             * @description The time of the last change.
             */
            updated_at: string;
            /**
             * Format: uuid
             * @description The id of the customer.
             */
            user_id: string;
        };
        /** @description A discount on an order, or a tax. */
        OrderAdjustment: {
            /** @description The amount: negative for a discount, positive for a tax. */
            amount: components["schemas"]["Money"];
            /** @description The kind of adjustment. */
            kind: components["schemas"]["AdjustmentKind"];
            /** @description The label that people see. */
            label: string;
        };
        /** @description A product of an order, with name and price as they were when it was placed. */
        OrderItem: {
            /** @description The unit price times the quantity. */
            line_total: components["schemas"]["Money"];
            /** @description Its name. */
            name: string;
            /**
             * Format: uuid
             * @description The product.
             */
            product_id: string;
            /**
             * Format: uint32
             * @description The number of pieces.
             */
            quantity: number;
            /** @description Its stock-keeping unit. */
            sku: string;
            /** @description The price of one piece. */
            unit_price: components["schemas"]["Money"];
        };
        /** @description One page of a list. */
        OrderPage: {
            /** @description The items of this page, in the order of the list. */
            items: components["schemas"]["Order"][];
            /** @description The `cursor` of the next page; `null` on the last page. */
            next_cursor: string | null;
        };
        /** @description The status of an order. */
        OrderStatus: "pending_payment" | "paid" | "fulfilled" | "cancelled";
        /** @description The history of an order, and the event that it waits for. */
        OrderTimeline: {
            /** @description The event that the order waits for; `null` if it waits for none. */
            awaiting: components["schemas"]["Awaiting"] | null;
            /** @description The events so far, the oldest first. */
            items: components["schemas"]["TimelineEntry"][];
            /**
             * Format: uuid
             * @description The order.
             */
            order_id: string;
            /** @description The id of the request that placed the order, as in its `X-Request-Id`: the log lines of all services about it have this id. */
            request_id?: string;
            /** @description Its status. */
            status: components["schemas"]["OrderStatus"];
        };
        /** @description The state of a part of a service. */
        PartHealth: {
            /** @description The reason why it is not `ok`. The log has the whole error. */
            cause?: string;
            /** @description The kind of the part. */
            kind: "database" | "key_value" | "service" | "provider";
            /**
             * Format: double
             * @description Its response time as measured by the service, in milliseconds.
             */
            ms: number;
            /** @description The label of the database or store, or the name of the service or provider. */
            name: string;
            /** @description Its state. */
            state: "ok" | "unavailable" | "incompatible";
        };
        /** @description The body is larger than the route takes. */
        PayloadTooLargeProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 413;
            /** @constant */
            title?: "Body too large";
            /** @constant */
            type?: "https://spindle.dev/problems/payload-too-large";
        };
        /** @description The payment of an order: each order has one, once payments has received its request. */
        Payment: {
            /** @description The sum, which is captured and refunded as a whole. */
            amount: components["schemas"]["Money"];
            /**
             * Format: uint32
             * @description The number of calls of the provider so far.
             */
            attempts: number;
            /** @description The calls of the provider, the first one first. Only operators see them, and only of a single payment. */
            calls?: components["schemas"]["PaymentCall"][];
            /**
             * Format: date-time
             * @description When the payment was requested.
             */
            created_at: string;
            /** @description Who declined the payment; null unless its status is `declined`. */
            decline_code: components["schemas"]["DeclineCode"] | null;
            /** @description The reason for which it was declined, as the provider states it, for the payer to read; null unless its status is `declined`, and once the user is erased. */
            decline_reason: string | null;
            /**
             * Format: uuid
             * @description The id of the payment.
             */
            id: string;
            /** @description The error of the last call of the provider, such as `authorize: retryable: busy`; null if that did not fail. Only operators see it. */
            last_error?: string | null;
            /**
             * Format: uuid
             * @description The order.
             */
            order_id: string;
            /** @description The name of the payment provider. */
            provider: string;
            /** @description The provider's name for the payment; null until the provider has answered. A requested payment that has one is pending: the provider decides later, by a webhook. */
            provider_reference: string | null;
            /** @description Where the money is. */
            status: components["schemas"]["PaymentStatus"];
            /**
             * Format: date-time
             * @description When it last changed.
             */
            updated_at: string;
            /**
             * Format: uuid
             * @description The customer.
             */
            user_id: string;
        };
        /** @description A call of the provider, in a payment and in an export. */
        PaymentCall: {
            /**
             * Format: uint32
             * @description The number of this attempt at the operation, from 1.
             */
            attempt: number;
            /**
             * Format: date-time
             * @description When the call was made.
             */
            began_at: string;
            /** @description The provider's reference, or its text about the failure; null once the user is erased. */
            detail: string | null;
            /**
             * Format: date-time
             * @description When it was over; null while it is in progress, and for good if a crash interrupted it.
             */
            ended_at: string | null;
            /** @description What the provider was asked for. */
            operation: components["schemas"]["PaymentOperation"];
            /** @description The answer: `authorized`, `pending` or `done`, or one of the failures `declined`, `retryable`, `permanent` and `other`; null without one. */
            outcome: string | null;
        };
        /** @description A means of payment. */
        PaymentMethod: {
            /** @description The payment provider's token of a card or an account. */
            token: string;
        };
        /** @description An operation of the provider. */
        PaymentOperation: "authorize" | "capture" | "void" | "refund";
        /** @description One page of a list. */
        PaymentPage: {
            /** @description The items of this page, in the order of the list. */
            items: components["schemas"]["Payment"][];
            /** @description The `cursor` of the next page; `null` on the last page. */
            next_cursor: string | null;
        };
        /** @description The place of the money. */
        PaymentStatus: "requested" | "authorized" | "captured" | "declined" | "refunded" | "voided";
        /** @description The provider's decision about a pending payment. */
        PaymentWebhook: {
            /** @description The provider's id of this event: the same when it is sent again. */
            id: string;
            /**
             * Format: uuid
             * @description The payment, as the provider received it.
             */
            payment_id: string;
            /** @description With `payment.declined`: the reason that the payer reads. */
            reason?: string | null;
            /** @description The provider's name for the payment, as it returned it. */
            reference: string;
            /** @description The decision. */
            type: components["schemas"]["PaymentWebhookType"];
        };
        /** @description The type of a webhook. */
        PaymentWebhookType: "payment.authorized" | "payment.declined";
        /** @description An order to place, with exactly one of `shipping_address` and `shipping_address_id`. */
        PlaceOrderRequest: {
            /** @description The total that the customer has seen, with discounts and taxes. If it is not the total of now, nothing is ordered. Without it, the order has any total. */
            expected_total?: components["schemas"]["Money"] | null;
            /** @description The products to order, each once. */
            items: components["schemas"]["RequestedItem"][];
            /** @description The means of payment. */
            payment_method: components["schemas"]["PaymentMethod"];
            /** @description The recipient and the address. A saved address is accepted as `GET /v1/users/me` shows it. */
            shipping_address?: components["schemas"]["RequestedAddress"] | null;
            /**
             * Format: uuid
             * @description The id of a saved address of the caller, which the order keeps as it is now.
             */
            shipping_address_id?: string | null;
        };
        /** @description `If-Match` names a version that is not the current one, or `If-None-Match` the current one. */
        PreconditionFailedProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 412;
            /** @constant */
            title?: "Precondition failed";
            /** @constant */
            type?: "https://spindle.dev/problems/precondition-failed";
        };
        /** @description A change needs `If-Match`. */
        PreconditionRequiredProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 428;
            /** @constant */
            title?: "If-Match required";
            /** @constant */
            type?: "https://spindle.dev/problems/precondition-required";
        };
        /** @description The channels of messages to turn on or off. An absent one stays. */
        PreferencesPatch: {
            /** @description Whether by e-mail. */
            email?: boolean;
            /** @description Whether by push message. */
            push?: boolean;
            /** @description Whether by text message. */
            sms?: boolean;
        };
        /** @description An e-mail address before a change. */
        PreviousEmail: {
            /**
             * Format: date-time
             * @description The time of the change.
             */
            changed_at: string;
            /** @description The address until then. */
            email: string;
        };
        /** @description The price of a product. */
        Price: {
            /** @description The amount in minor units of the currency: 1299 for 12.99 EUR. */
            amount: number;
            /**
             * Format: currency
             * @description The code of the currency (ISO 4217).
             */
            currency: string;
        };
        /** @description A price is not the one that the order expects; `total` and `items` have the prices of now. */
        PriceChangedProblem: components["schemas"]["Problem"] & {
            /** @description The items whose price is not the expected one. */
            items: components["schemas"]["CurrentPrice"][];
            /** @constant */
            status?: 409;
            /** @constant */
            title?: "Price changed";
            /** @description The total at the prices of now, with discounts and taxes. */
            total: components["schemas"]["Money"];
            /** @constant */
            type?: "https://spindle.dev/problems/price-changed";
        };
        /** @description A merge patch of a price. */
        PricePatch: {
            /** @description The amount in minor units of the currency. */
            amount?: number;
            /**
             * Format: currency
             * @description The code of the currency (ISO 4217).
             */
            currency?: string;
        };
        /** @description Problem details (RFC 9457). `type` says which rule was broken, `detail` what happened this time. */
        Problem: {
            /** @description What happened this time, for a person. */
            detail: string;
            /** @description Every rule that the request breaks, with the place of each. */
            errors?: components["schemas"]["FieldError"][];
            /**
             * Format: uri-reference
             * @description The path of the request.
             */
            instance: string;
            /** @description The id of the request, which the log has. */
            request_id: string;
            /** @description The status of the response. */
            status: number;
            /** @description The name of the type, the same in every occurrence. */
            title: string;
            /**
             * Format: uri
             * @description The type of the problem, which never changes its meaning.
             */
            type: string;
        };
        /** @description A product. */
        Product: {
            /** @description The attributes: strings, numbers and booleans by their names. */
            attributes: {
                [key: string]: string | number | boolean;
            };
            /** @description The slug of the category. */
            category: string;
            /**
             * Format: date-time
             * @description The time at which the product was created.
             */
            created_at: string;
            /** @description The description, which may have several lines; empty if there is none. */
            description: string;
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /** @description The name. */
            name: string;
            /** @description The price of a unit. */
            price: components["schemas"]["Money"];
            /** @description The SKU. No two products have the same without regard to case, archived ones included. */
            sku: string;
            /** @description The sales status. */
            status: components["schemas"]["ProductStatus"];
            /** @description The stock. Operators read all of its numbers at `/v1/products/{id}/stock`. */
            stock: components["schemas"]["Availability"];
            /**
             * Format: date-time
             * @description The time of the last change of a field other than the stock.
             */
            updated_at: string;
        };
        /** @description A line of an import: a merge patch (RFC 7396) of the product with its SKU. If no product has it, the line creates one, and requires `name`, `price` and `category`. */
        ProductLine: {
            /** @description The attributes: those that are absent stay, `null` removes one; `null` for all of them removes all. */
            attributes?: {
                [key: string]: string | number | boolean | null;
            } | null;
            /** @description The slug of the category. */
            category?: string;
            /**
             * Format: text
             * @description The description; `null` clears it.
             */
            description?: string | null;
            /**
             * Format: line
             * @description The name.
             */
            name?: string;
            /** @description The price of a unit. A member of it that is absent stays. */
            price?: components["schemas"]["PricePatch"];
            /** @description The SKU of the product, found without regard to case. */
            sku: string;
            /** @description The sales status. Without it, an archived product stays archived, and a new one is active. */
            status?: components["schemas"]["ProductStatus"];
            /** @description A count of the units on the shelf. */
            stock?: components["schemas"]["StockLevel"];
        };
        /** @description One page of a list. */
        ProductPage: {
            /** @description The items of this page, in the order of the list. */
            items: components["schemas"]["Product"][];
            /** @description The `cursor` of the next page; `null` on the last page. */
            next_cursor: string | null;
        };
        /** @description A change of a product, as a merge patch (RFC 7396): an absent field stays. `null` clears a field that may be empty, and is refused for any other. */
        ProductPatch: {
            /** @description The attributes: those that are absent stay, `null` removes one; `null` for all of them removes all. */
            attributes?: {
                [key: string]: string | number | boolean | null;
            } | null;
            /** @description The slug of the category, which need not exist before. */
            category?: string;
            /**
             * Format: text
             * @description The description; `null` clears it.
             */
            description?: string | null;
            /**
             * Format: line
             * @description The name.
             */
            name?: string;
            /** @description The price of a unit. A member of it that is absent stays. */
            price?: components["schemas"]["PricePatch"];
            /** @description The SKU, which no other product may have without regard to case. */
            sku?: string;
            /** @description The sales status: `active` restores an archived product. */
            status?: components["schemas"]["ProductStatus"];
            /** @description A count of the units on the shelf. */
            stock?: components["schemas"]["StockLevel"];
        };
        /** @description The sales status of a product. */
        ProductStatus: "active" | "archived";
        /** @description The notifications that a request has enqueued. */
        QueuedNotifications: {
            /** @description One for each channel that the user has turned on and has an address for, which may be none. */
            items: components["schemas"]["Notification"][];
        };
        /** @description The client has used up what it may ask for in a while. */
        RateLimitedProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 429;
            /** @constant */
            title?: "Too many requests";
            /** @constant */
            type?: "https://spindle.dev/problems/rate-limited";
        };
        /** @description The readiness of one replica. */
        ReadinessReport: {
            /** @description Every service of this process. */
            services: components["schemas"]["ServiceReadiness"][];
        };
        /** @description The log-in is too long ago for what is asked; `max_age` says how recent it must be, in seconds. */
        RecentLoginRequiredProblem: components["schemas"]["Problem"] & {
            /**
             * Format: uint32
             * @description The most seconds since the log-in of the access token.
             */
            max_age: number;
            /** @constant */
            status?: 401;
            /** @constant */
            title?: "Recent log-in required";
            /** @constant */
            type?: "https://spindle.dev/problems/recent-login-required";
        };
        /** @description A refresh token. */
        RefreshTokenRequest: {
            /**
             * Format: password
             * @description The refresh token.
             */
            refresh_token: string;
        };
        /** @description A request for a refund. It is always of the whole sum, so a request for a part of it is refused instead of refunding all. */
        RefundRequest: {
            /**
             * @description Whether the order was shipped. Without it the order is cancelled, and one that was shipped is not refunded.
             * @default false
             */
            shipped?: boolean;
        };
        /** @description A registration. */
        RegisterRequest: {
            /**
             * Format: name
             * @description The name to call the user by.
             */
            display_name?: string | null;
            /**
             * Format: idn-email
             * @description The e-mail address, with which the user logs in. Another user must not have it in any spelling.
             */
            email: string;
            /**
             * Format: password
             * @description The password: one that is not common, and does not repeat a short text.
             */
            password: string;
        };
        /** @description A registered user. `GET /v1/users/me` has all of the profile. */
        RegisteredUser: {
            /**
             * Format: date-time
             * @description The time of the registration.
             */
            created_at: string;
            /** @description The name to call the user by. */
            display_name: string | null;
            /** @description The e-mail address as it was written. */
            email: string;
            /**
             * Format: uuid
             * @description The id, which stays.
             */
            id: string;
            /** @description What the user may do. */
            role: components["schemas"]["Role"];
        };
        /** @description The number of letters that were replayed. */
        ReplayCount: {
            /**
             * Format: uint
             * @description The number, 1,000 at most: repeat the request while it is that.
             */
            replayed: number;
        };
        /** @description The letters to replay. */
        ReplayRequest: {
            /**
             * @description The service that has them.
             * @enum {string}
             */
            service: "notifications" | "orders" | "payments";
            /** @description The type of their events; all types without it. */
            type?: string | null;
        };
        /** @description A recipient and an address. */
        RequestedAddress: {
            /**
             * Format: optional-line
             * @description The town, or the area of a country whose addresses have that instead. Required in most countries.
             * @default
             */
            city?: string;
            /**
             * Format: country
             * @description The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo).
             */
            country: string;
            /**
             * Format: uuid
             * @description Ignored: the id of a saved address.
             */
            id?: string | null;
            /** @description Ignored: the label of a saved address. */
            label?: string | null;
            /** @description Street, house and so on. */
            lines: string[];
            /**
             * Format: name
             * @description The recipient.
             */
            name: string;
            /**
             * Format: optional-line
             * @description The postal code. Required in the countries whose post requires it.
             * @default
             */
            postal_code?: string;
        };
        /** @description A product to order, and its quantity. */
        RequestedItem: {
            /** @description The price of one piece that the customer has seen. If it is not the price of now, nothing is ordered. Without it, the item has any price. */
            expected_unit_price?: components["schemas"]["Money"] | null;
            /**
             * Format: uuid
             * @description The product.
             */
            product_id: string;
            /** @description The number of pieces. */
            quantity: number;
        };
        /** @description A retired key. */
        RetiredKey: {
            /**
             * Format: date-time
             * @description The time until which its signatures are valid.
             */
            expires_at: string;
            /** @description The id of the key. */
            kid: string;
        };
        /** @description The roles, from the least to the most powerful; each may do all that the ones before it may. */
        Role: "customer" | "operator" | "admin";
        /** @description A saved address of a user. */
        SavedAddress: {
            /** @description The town, or the area of a country whose addresses have that instead; `""` if it has neither. */
            city: string;
            /** @description The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo). */
            country: string;
            /**
             * Format: uuid
             * @description The id, which an order can name, and which the address keeps when the list is written back.
             */
            id: string;
            /** @description What the user calls the address, such as "home". */
            label: string | null;
            /** @description Street, house and so on, 1 to 4 lines. */
            lines: string[];
            /**
             * @description The recipient. An address that was saved before it could have one has the display name of the user, or `""` if there is none.
             * @default
             */
            name: string;
            /** @description The postal code, as the country writes it; `""` if there is none. */
            postal_code: string;
        };
        /** @description An address to save. */
        SavedAddressInput: {
            /**
             * Format: optional-line
             * @description The town, or the area of a country whose addresses have that instead.
             * @default
             */
            city?: string;
            /**
             * Format: country
             * @description The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo).
             */
            country: string;
            /**
             * Format: uuid
             * @description The id of the address, if the user has it already.
             */
            id?: string | null;
            /**
             * Format: line
             * @description What the user calls the address, such as "home".
             */
            label?: string | null;
            /** @description Street, house and so on. */
            lines: string[];
            /**
             * Format: name
             * @description The recipient.
             */
            name: string;
            /**
             * Format: optional-line
             * @description The postal code, as the country writes it.
             * @default
             */
            postal_code?: string;
        };
        /** @description How far the erasure is in one service. */
        ServiceErasure: {
            /** @description The number of things that are still to be erased, by their kind. */
            remaining?: {
                [key: string]: unknown;
            };
            /** @description The name of the service. */
            service: string;
            /** @description The state. */
            state: components["schemas"]["ErasureState"];
        };
        /** @description The state of one service. */
        ServiceHealth: {
            /** @description The reason why it does not respond, or which of its variables has no valid value. */
            cause?: string;
            /**
             * Format: double
             * @description Its response time as measured by the gateway, in milliseconds.
             */
            ms: number;
            /** @description The service's name. */
            name: string;
            /** @description Its parts: its database, its key-value stores, and what it calls. None if it does not respond. */
            parts: components["schemas"]["PartHealth"][];
            /** @description Its state. */
            state: "ok" | "degraded" | "unavailable";
        };
        /** @description The readiness of one service. */
        ServiceReadiness: {
            /** @description The reason why the service is not ready. */
            detail?: string;
            /**
             * Format: double
             * @description The response time of the service as measured by the gateway, in milliseconds.
             */
            ms: number;
            /** @description The service's name. */
            name: string;
            /** @description Whether the service can work in this process. */
            ready: boolean;
        };
        /** @description A session. */
        Session: {
            /**
             * Format: date-time
             * @description The time of the log-in.
             */
            created_at: string;
            /** @description Whether the request belongs to this session. */
            current: boolean;
            /**
             * Format: date-time
             * @description The time at which the session ends at the latest. A week without use ends it as well.
             */
            expires_at: string;
            /**
             * Format: uuid
             * @description The id.
             */
            id: string;
            /** @description The address from which the log-in came. */
            ip_address: string | null;
            /**
             * Format: date-time
             * @description The time of the last refresh, or of the log-in.
             */
            last_used_at: string;
            /** @description The `User-Agent` of the log-in. */
            user_agent: string | null;
        };
        /** @description One page of a list. */
        SessionPage: {
            /** @description The items of this page, in the order of the list. */
            items: components["schemas"]["Session"][];
            /** @description The `cursor` of the next page; `null` on the last page. */
            next_cursor: string | null;
        };
        /** @description The recipient of an order and the address. If the customer was erased, and the order need not be kept, all but the country is empty. */
        ShippingAddress: {
            /**
             * @description The town, or the area of a country whose addresses have that instead; empty if there is none.
             * @default
             */
            city: string;
            /** @description The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo). */
            country: string;
            /** @description Street, house and so on. */
            lines: string[];
            /** @description The recipient. */
            name: string;
            /**
             * @description The postal code; empty if there is none.
             * @default
             */
            postal_code: string;
        };
        /** @description The stock of a product, as operators see it. */
        Stock: {
            /**
             * Format: int64
             * @description The units among them that are sold and not shipped yet.
             */
            allocated: number;
            /**
             * Format: int64
             * @description The units that can be sold: `on_hand - reserved - allocated`.
             */
            available: number;
            /**
             * Format: int64
             * @description The units on the shelf, as a count finds them.
             */
            on_hand: number;
            /**
             * Format: int64
             * @description The units among them that are reserved for orders whose payment is pending.
             */
            reserved: number;
        };
        /** @description A count of the units of a product. */
        StockLevel: {
            /** @description The units on the shelf, those that belong to orders and are not shipped yet among them. At least as many as these. */
            on_hand: number;
        };
        /** @description An event in the history of an order. */
        TimelineEntry: {
            /**
             * Format: date-time
             * @description The time.
             */
            at: string;
            /** @description A sentence for people. */
            detail: string;
            /** @description The kind of event. */
            kind: components["schemas"]["TimelineEntryKind"];
        };
        /** @description The kind of an event in the history of an order. */
        TimelineEntryKind: "placed" | "payment_requested" | "payment_authorized" | "payment_declined" | "payment_captured" | "payment_voided" | "payment_refunded" | "paid" | "fulfilled" | "refund_requested" | "cancelled" | "stock_released" | "erased";
        /** @description New tokens (RFC 6749, section 5.1), and the user whom they belong to. */
        TokenResponse: {
            /** @description The access token, for the header `Authorization`. */
            access_token: string;
            /**
             * Format: int64
             * @description The seconds for which the access token is valid.
             */
            expires_in: number;
            /** @description The token to exchange for new tokens, once. */
            refresh_token: string;
            /**
             * @description How the access token is sent: `Authorization: Bearer <access_token>`.
             * @constant
             */
            token_type: "Bearer";
            /** @description The user. */
            user: components["schemas"]["Identity"];
        };
        /** @description The customer has too many orders, or holds too many pieces, that are not paid. */
        TooMuchUnpaidProblem: components["schemas"]["Problem"] & {
            /**
             * Format: int64
             * @description The most orders that a customer may have unpaid.
             */
            max_unpaid_orders: number;
            /**
             * Format: int64
             * @description The most pieces that a customer may hold unpaid.
             */
            max_unpaid_pieces: number;
            /** @constant */
            status?: 409;
            /** @constant */
            title?: "Too much unpaid";
            /** @constant */
            type?: "https://spindle.dev/problems/too-much-unpaid";
            /**
             * Format: int64
             * @description The orders of the customer that are not paid yet, requests under way included.
             */
            unpaid_orders: number;
            /**
             * Format: int64
             * @description The pieces that those orders hold.
             */
            unpaid_pieces: number;
        };
        /** @description The event that triggered a notification. */
        TriggeringEvent: {
            /** @description The id of the event. */
            id: string;
            /** @description The type of the event, such as `OrderPaid`. */
            type: string;
        };
        /** @description There is no token or it is not good. */
        UnauthorizedProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 401;
            /** @constant */
            title?: "Authentication required";
            /** @constant */
            type?: "https://spindle.dev/problems/unauthorized";
        };
        /** @description A dependency is down or busy; trying again later may work. */
        UnavailableProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 503;
            /** @constant */
            title?: "Service unavailable";
            /** @constant */
            type?: "https://spindle.dev/problems/unavailable";
        };
        /** @description The body is not of a media type that the route takes, or has a content coding. */
        UnsupportedMediaTypeProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 415;
            /** @constant */
            title?: "Unsupported media type";
            /** @constant */
            type?: "https://spindle.dev/problems/unsupported-media-type";
        };
        /** @description A user. */
        User: {
            /** @description The saved addresses. One of them can be named in an order. */
            addresses: components["schemas"]["SavedAddress"][];
            /**
             * Format: date-time
             * @description The time of the registration or creation.
             */
            created_at: string;
            /** @description The name to call the user by. */
            display_name: string | null;
            /** @description The e-mail address as it was written, with which the user logs in. No two users have the same one in any spelling. */
            email: string;
            /**
             * Format: uuid
             * @description The id, which stays.
             */
            id: string;
            /** @description The language of messages to the user, as a language tag (BCP 47). */
            locale: string;
            /** @description The channels of messages to the user. */
            notification_preferences: components["schemas"]["NotificationPreferences"];
            /** @description The number for text messages (E.164). */
            phone: string | null;
            /** @description What the user may do. */
            role: components["schemas"]["Role"];
            /** @description Whether the user may use the account. */
            status: components["schemas"]["UserStatus"];
            /**
             * Format: date-time
             * @description The time of the last change.
             */
            updated_at: string;
        };
        /** @description One page of a list. */
        UserPage: {
            /** @description The items of this page, in the order of the list. */
            items: components["schemas"]["User"][];
            /** @description The `cursor` of the next page; `null` on the last page. */
            next_cursor: string | null;
        };
        /** @description A change of a user (a JSON merge patch, RFC 7396): an absent member stays, and `null` clears one that may be empty. */
        UserPatch: {
            /** @description The saved addresses from now on, all of them: one with the `id` that it was read with keeps it, and one without is new. */
            addresses?: components["schemas"]["SavedAddressInput"][];
            /**
             * Format: name
             * @description The new name to call the user by.
             */
            display_name?: string | null;
            /**
             * Format: idn-email
             * @description The new e-mail address. Another one than the current one requires a log-in of the last five minutes.
             */
            email?: string;
            /**
             * Format: language-tag
             * @description The new language of messages to the user.
             */
            locale?: string;
            /** @description The channels to turn on or off. The others stay. */
            notification_preferences?: components["schemas"]["PreferencesPatch"];
            /** @description The new number for text messages. */
            phone?: string | null;
            /** @description The new role. Only an admin gives another one than the current one. */
            role?: components["schemas"]["Role"];
        };
        /** @description Whether a user may use the account. */
        UserStatus: "active" | "deactivated";
        /** @description The body is valid JSON but breaks a rule. */
        ValidationFailedProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 422;
            /** @constant */
            title?: "Validation failed";
            /** @constant */
            type?: "https://spindle.dev/problems/validation-failed";
        };
        /** @description The progress of a verification, over the logs of the services that responded. */
        VerificationProgress: {
            /**
             * Format: uint64
             * @description The number of all rows.
             */
            of: number;
            /**
             * Format: uint64
             * @description The number of verified rows.
             */
            rows: number;
        };
    };
    responses: {
        /** @description The caller is known and may not do this. */
        Forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ForbiddenProblem"];
            };
        };
        /** @description An earlier request with the same `Idempotency-Key` is being carried out. */
        IdempotencyKeyInFlight: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["IdempotencyKeyInFlightProblem"];
            };
        };
        /** @description A defect or a broken dependency; the cause is in the log. */
        InternalError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["InternalErrorProblem"];
            };
        };
        /** @description The request cannot be read: bad JSON, a bad query, a bad id. */
        MalformedRequest: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["MalformedRequestProblem"];
            };
        };
        /** @description There is no such resource, or it is not the caller's. */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["NotFoundProblem"];
            };
        };
        /** @description The client has the current version. */
        NotModified: {
            headers: {
                ETag: components["headers"]["ETag"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description The body is larger than the route takes. */
        PayloadTooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["PayloadTooLargeProblem"];
            };
        };
        /** @description `If-Match` names a version that is not the current one, or `If-None-Match` the current one. */
        PreconditionFailed: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["PreconditionFailedProblem"];
            };
        };
        /** @description A change needs `If-Match`. */
        PreconditionRequired: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["PreconditionRequiredProblem"];
            };
        };
        /** @description The client has used up what it may ask for in a while. */
        RateLimited: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["RateLimitedProblem"];
            };
        };
        /** @description There is no token or it is not good. */
        Unauthorized: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["UnauthorizedProblem"];
            };
        };
        /** @description A dependency is down or busy; trying again later may work. */
        Unavailable: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["UnavailableProblem"];
            };
        };
        /** @description The body is not of a media type that the route takes, or has a content coding. */
        UnsupportedMediaType: {
            headers: {
                "Accept-Encoding": components["headers"]["Accept-Encoding"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["UnsupportedMediaTypeProblem"];
            };
        };
        /** @description The body is valid JSON but breaks a rule. */
        ValidationFailed: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ValidationFailedProblem"];
            };
        };
    };
    parameters: {
        /** @description A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-header). A repetition with the same key and body within 24 hours gets the stored response. */
        IdempotencyKey: string;
        /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
        IfMatch: string;
        /** @description The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is refused if there is another by now. */
        IfMatchRequired: string;
        /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored. */
        IfNoneMatch: string;
        /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). */
        IfNoneMatchOfChange: string;
        /** @description A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-header). With it, a repetition with the same key and body within 24 hours gets the stored response. */
        OptionalIdempotencyKey: string;
    };
    requestBodies: never;
    headers: {
        /** @description The content codings that the operation takes (RFC 9110, section 12.5.3). */
        "Accept-Encoding": string;
        /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
        ETag: string;
        /** @description `true` if the response was stored by an earlier request with the same `Idempotency-Key`. */
        "Idempotency-Replayed": "true";
        /** @description `rel="next"`: the next page (RFC 8288). */
        Link: string;
        /** @description What the client may still ask for (draft-ietf-httpapi-ratelimit-headers). */
        RateLimit: string;
        /** @description The limit that counts the request (draft-ietf-httpapi-ratelimit-headers). */
        "RateLimit-Policy": string;
        /** @description The seconds after which a repetition may succeed (RFC 9110, section 10.2.3). */
        "Retry-After": number;
        /** @description What the request lacks (RFC 6750, section 3; RFC 9470). */
        "WWW-Authenticate": string;
        /** @description The id of the request: the client's `X-Request-Id` if it is a sane token, else a new one. The log has it. */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getKeySet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys. */
            200: {
                headers: {
                    /** @description Who may store the response, and how long (RFC 9111). */
                    "Cache-Control": string;
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JwkSet"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["MalformedRequest"];
            412: components["responses"]["PreconditionFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The gateway runs. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every service can work. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadinessReport"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            500: components["responses"]["InternalError"];
            /**
             * @description - `not-ready`: a service does not respond, has a variable without a valid value, or a database that this replica cannot use
             *     - `unavailable`: A dependency is down or busy; trying again later may work.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotReadyProblem"] | components["schemas"]["UnavailableProblem"];
                };
            };
        };
    };
    listAuditRows: {
        parameters: {
            query?: {
                /** @description Only this action, such as `user.role_changed`. */
                action?: string;
                /** @description Only actions of this user or service. */
                actor?: string;
                /** @description Only actions after this time, which is not included. */
                created_after?: string;
                /** @description Only actions before this time, which is not included. */
                created_before?: string;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
                /** @description The number of items on the page; 20 without it. */
                limit?: number;
                /** @description Only actions from this address, or with this pseudonym of one. */
                source?: string;
                /** @description Only actions on this subject. */
                subject?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRowPage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            /** @description `unavailable`: none of the services that have more rows responds */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnavailableProblem"];
                };
            };
        };
    };
    verifyAuditLogs: {
        parameters: {
            query?: {
                /** @description The `next_cursor` of the response before: the verification continues there. Without it, it begins with the first rows. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result, also if a log is not intact. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditVerification"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            /** @description `unavailable`: no service responds */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnavailableProblem"];
                };
            };
        };
    };
    rotateKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new key, and the retired one. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyRotation"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
                /** @description The number of items on the page; 20 without it. */
                limit?: number;
                /** @description Only the letters of this service. */
                service?: "notifications" | "orders" | "payments";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dead letters. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterPage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            /** @description `unavailable`: none of the services that have more letters responds, or the one of `service` does not */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnavailableProblem"];
                };
            };
        };
    };
    replayDeadLetters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The letters to replay. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayRequest"];
            };
        };
        responses: {
            /** @description The number of letters that are handled again: repeat the request while it is 1,000. */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayCount"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            /** @description `unavailable`: the service does not respond */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnavailableProblem"];
                };
            };
        };
    };
    getDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The service that could not handle it. */
                service: "notifications" | "orders" | "payments";
                /** @description The id of the event. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dead letter. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetter"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `not-found`: the service has no such dead letter, or none at all */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            /** @description `unavailable`: the service does not respond */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnavailableProblem"];
                };
            };
        };
    };
    discardDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The service that could not handle it. */
                service: "notifications" | "orders" | "payments";
                /** @description The id of the event. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event is never handled again. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `not-found`: the service has no such dead letter, or none at all */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            /** @description `unavailable`: the service does not respond */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnavailableProblem"];
                };
            };
        };
    };
    replayDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The service that could not handle it. */
                service: "notifications" | "orders" | "payments";
                /** @description The id of the event. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event is handled again. */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayCount"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `not-found`: the service has no such dead letter, or none at all */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            /** @description `unavailable`: the service does not respond */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnavailableProblem"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The states. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthReport"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    acceptInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The token and the password. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptRequest"];
            };
        };
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Identity"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            /** @description `not-found`: the invitation does not exist, was replaced or accepted, or is more than seven days old */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    logIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Address and password. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description The tokens of the new session. */
            200: {
                headers: {
                    /** @description Who may store the response, and how long (RFC 9111). */
                    "Cache-Control": string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            /** @description `invalid-credentials`: the address has no account, the password is wrong, or the user is deactivated */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InvalidCredentialsProblem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            /**
             * @description - `account-locked`: five passwords were wrong within fifteen minutes
             *     - `rate-limited`: The client has used up what it may ask for in a while.
             */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AccountLockedProblem"] | components["schemas"]["RateLimitedProblem"];
                };
            };
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    logOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A refresh token of the session. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshTokenRequest"];
            };
        };
        responses: {
            /** @description The session has ended. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedRequest"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The current and the new password. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePasswordRequest"];
            };
        };
        responses: {
            /** @description The password is changed. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedRequest"];
            /**
             * @description - `invalid-credentials`: the current password is wrong
             *     - `unauthorized`: There is no token or it is not good.
             */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["InvalidCredentialsProblem"] | components["schemas"]["UnauthorizedProblem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            /**
             * @description - `account-locked`: five passwords were wrong within fifteen minutes
             *     - `rate-limited`: The client has used up what it may ask for in a while.
             */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AccountLockedProblem"] | components["schemas"]["RateLimitedProblem"];
                };
            };
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    refreshTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The refresh token. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshTokenRequest"];
            };
        };
        responses: {
            /** @description New tokens of the same session. */
            200: {
                headers: {
                    /** @description Who may store the response, and how long (RFC 9111). */
                    "Cache-Control": string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            /** @description `unauthorized`: the token is unknown or was exchanged before, or its session has ended */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthorizedProblem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Address, password and name. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterRequest"];
            };
        };
        responses: {
            /** @description The user. */
            201: {
                headers: {
                    /** @description The address of the resource (RFC 9110, section 10.2.2). */
                    Location: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisteredUser"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            /** @description `conflict`: another user has the e-mail address */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
                /** @description The number of items on the page; 20 without it. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the sessions. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    endSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions have ended. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedRequest"];
            /**
             * @description - `recent-login-required`: the log-in is more than five minutes ago
             *     - `unauthorized`: There is no token or it is not good.
             */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RecentLoginRequiredProblem"] | components["schemas"]["UnauthorizedProblem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session has ended. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description `not-found`: the caller has no session with this id, or it has ended */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listCategories: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The categories. */
            200: {
                headers: {
                    /** @description Who may store the response, and how long (RFC 9111). */
                    "Cache-Control": string;
                    /** @description Whether the response came from the cache of the service (RFC 9211). */
                    "Cache-Status": string;
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Categories"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["MalformedRequest"];
            412: components["responses"]["PreconditionFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listNotifications: {
        parameters: {
            query?: {
                /** @description Only notifications that were enqueued after this time, which is not included. */
                created_after?: string;
                /** @description Only notifications that were enqueued before this time, which is not included. */
                created_before?: string;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
                /** @description The number of items on the page; 20 without it. */
                limit?: number;
                /** @description Only notifications about this order. */
                order_id?: string;
                /** @description Only notifications with this status. */
                status?: components["schemas"]["NotificationStatus"];
                /** @description Only the notifications of this event, or of this request of an operator: the `Location` of `POST /v1/notifications` has it. */
                trigger_id?: string;
                /** @description Only notifications to this user. Another user's require the role operator. */
                user_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The notifications. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationPage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description `forbidden`: `user_id` is another user, and the caller is no operator */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    requestNotification: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-header). With it, a repetition with the same key and body within 24 hours gets the stored response. */
                "Idempotency-Key"?: components["parameters"]["OptionalIdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description The message and its recipient. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotificationRequest"];
            };
        };
        responses: {
            /** @description The notifications are enqueued. */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    /** @description The address of the resource (RFC 9110, section 10.2.2). */
                    Location: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuedNotifications"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /**
             * @description - `idempotency-key-reused`: The `Idempotency-Key` belongs to an earlier request that asked for something else.
             *     - `validation-failed`: a field breaks a rule, the template has other fields or no such channel, the user does not exist, or the message is too long for a channel
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["IdempotencyKeyReusedProblem"] | components["schemas"]["ValidationFailedProblem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            /** @description `unavailable`: users, which has the address of the recipient, does not respond */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnavailableProblem"];
                };
            };
        };
    };
    getNotification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The notification. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notification"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description `not-found`: the notification does not exist, or is another user's */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listOrders: {
        parameters: {
            query?: {
                /** @description Only orders that were placed after this time (RFC 3339), and not at it. */
                created_after?: string;
                /** @description Only orders that were placed before this time (RFC 3339), and not at it. */
                created_before?: string;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
                /** @description The number of items on the page; 20 without it. */
                limit?: number;
                /** @description Only the order with this number, such as `7KQ2-9M4T`. */
                number?: string;
                /** @description The order of the list. */
                sort?: "-created_at" | "created_at";
                /** @description Only orders with this status. */
                status?: components["schemas"]["OrderStatus"];
                /** @description Only orders of this customer. Without it, a customer gets their own, and an operator those of all customers. */
                user_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of orders. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description `forbidden`: A customer requests the orders of another one. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    placeOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-header). A repetition with the same key and body within 24 hours gets the stored response. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description The order. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaceOrderRequest"];
            };
        };
        responses: {
            /** @description The order. Its stock is reserved, and its payment is requested. */
            201: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    /** @description The address of the resource (RFC 9110, section 10.2.2). */
                    Location: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /**
             * @description - `idempotency-key-missing`: The operation needs an `Idempotency-Key`.
             *     - `malformed-request`: The request cannot be read: bad JSON, a bad query, a bad id.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["IdempotencyKeyMissingProblem"] | components["schemas"]["MalformedRequestProblem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `conflict`: A product is not available in that quantity. `errors` has an error for each such item. Nothing is reserved.
             *     - `idempotency-key-in-flight`: An earlier request with the same `Idempotency-Key` is being carried out.
             *     - `price-changed`: A price is not the expected one. `total` and `items` have the prices of now, and `errors` points at the expectations. Nothing is reserved.
             *     - `too-much-unpaid`: The customer has as many unpaid orders as allowed, or would hold more pieces than allowed without paying. Nothing is reserved.
             */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"] | components["schemas"]["IdempotencyKeyInFlightProblem"] | components["schemas"]["PriceChangedProblem"] | components["schemas"]["TooMuchUnpaidProblem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /**
             * @description - `idempotency-key-reused`: The `Idempotency-Key` belongs to an earlier request that asked for something else.
             *     - `validation-failed`: The body breaks rules, which `errors` lists. Or a product does not exist, or the products have different currencies; or `shipping_address_id` is not the id of a saved address that an order can be shipped to. Or the price adjuster refuses the order: then `detail` has its reason.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["IdempotencyKeyReusedProblem"] | components["schemas"]["ValidationFailedProblem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            /** @description `unavailable`: The catalog, the price adjuster or, for a saved address, users does not respond. Send the same request again. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnavailableProblem"];
                };
            };
        };
    };
    getOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description The id of the order. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order. */
            200: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). */
                "If-None-Match"?: components["parameters"]["IfNoneMatchOfChange"];
            };
            path: {
                /** @description The id of the order. */
                id: string;
            };
            cookie?: never;
        };
        /** @description Nothing: the operation takes no members. */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NoMembers"];
            };
        };
        responses: {
            /** @description The order, which is cancelled. */
            200: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            /** @description `conflict`: The order was shipped. */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    fulfilOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). */
                "If-None-Match"?: components["parameters"]["IfNoneMatchOfChange"];
            };
            path: {
                /** @description The id of the order. */
                id: string;
            };
            cookie?: never;
        };
        /** @description Nothing: the operation takes no members. */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NoMembers"];
            };
        };
        responses: {
            /** @description The order, which is fulfilled. */
            200: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `conflict`: The payment is not captured yet, or the order was cancelled. */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOrderTimeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the order. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The timeline. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderTimeline"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listPayments: {
        parameters: {
            query?: {
                /** @description Only payments that were created after this time, which is not included. */
                created_after?: string;
                /** @description Only payments that were created before this time, which is not included. */
                created_before?: string;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
                /** @description The number of items on the page; 20 without it. */
                limit?: number;
                /** @description Only the payment of this order. */
                order_id?: string;
                /** @description Only payments with this status. */
                status?: components["schemas"]["PaymentStatus"];
                /** @description Only payments of this user. Another user's require the role operator. */
                user_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The payments. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentPage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description `forbidden`: `user_id` is another user, and the caller is no operator */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getPayment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The payment. */
            200: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payment"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description `not-found`: the payment does not exist, or is another user's */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    refundPayment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). */
                "If-None-Match"?: components["parameters"]["IfNoneMatchOfChange"];
                /** @description A key of the client's choice for this one intent, such as a UUID (draft-ietf-httpapi-idempotency-key-header). A repetition with the same key and body within 24 hours gets the stored response. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        /** @description Whether the order was shipped. */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RefundRequest"];
            };
        };
        responses: {
            /** @description The payment, which is about to be refunded. */
            202: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    /** @description The address of the resource (RFC 9110, section 10.2.2). */
                    Location: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payment"];
                };
            };
            /**
             * @description - `idempotency-key-missing`: The operation needs an `Idempotency-Key`.
             *     - `malformed-request`: The request cannot be read: bad JSON, a bad query, a bad id.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["IdempotencyKeyMissingProblem"] | components["schemas"]["MalformedRequestProblem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `not-found`: the payment does not exist */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /**
             * @description - `conflict`: the payment was not captured, was refunded, or is being refunded, or the order was shipped and `shipped` is not true
             *     - `idempotency-key-in-flight`: An earlier request with the same `Idempotency-Key` is being carried out.
             */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"] | components["schemas"]["IdempotencyKeyInFlightProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /**
             * @description - `idempotency-key-reused`: The `Idempotency-Key` belongs to an earlier request that asked for something else.
             *     - `validation-failed`: The body is valid JSON but breaks a rule.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["IdempotencyKeyReusedProblem"] | components["schemas"]["ValidationFailedProblem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            /** @description `unavailable`: orders, which decides whether an order is shipped or refunded, does not respond */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnavailableProblem"];
                };
            };
        };
    };
    listProducts: {
        parameters: {
            query?: {
                /** @description Only products of the category with this slug. A slug that is no category is a 400. */
                category?: string;
                /** @description Only products with prices in this currency. Required with `min_price`, `max_price` and a `sort` by price: the minor units of two currencies do not compare. */
                currency?: string;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
                /** @description `true`: only products with available units; `false`: only those without. */
                in_stock?: boolean;
                /** @description The number of items on the page; 20 without it. */
                limit?: number;
                /** @description Only products of this price or less, in minor units of `currency`, which is required with it. */
                max_price?: number;
                /** @description Only products of this price or more, in minor units of `currency`, which is required with it. */
                min_price?: number;
                /** @description Only products with these words in name, SKU, description or category. The last word may be the beginning of one; words in double quotes are a phrase. */
                q?: string;
                /** @description Only the product with this SKU, without regard to case. Not together with `q`. */
                sku?: string;
                /** @description The order; `relevance` without it if there is a `q`, else `newest`. Products that are equal in it are ordered by their creation. */
                sort?: "relevance" | "newest" | "price" | "-price" | "name";
                /** @description Only products with this status; `active` without it. `archived` is for operators, who send their access token, and lists the newest first: not together with `q` or another `sort`. */
                status?: components["schemas"]["ProductStatus"];
            };
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the products. */
            200: {
                headers: {
                    /** @description Who may store the response, and how long (RFC 9111). */
                    "Cache-Control": string;
                    /** @description Whether the response came from the cache of the service (RFC 9211). */
                    "Cache-Status": string;
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    Link: components["headers"]["Link"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductPage"];
                };
            };
            304: components["responses"]["NotModified"];
            /** @description `malformed-request`: A parameter is unknown, repeated, empty or malformed, or one does not go with another; `errors` names each. */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["MalformedRequestProblem"];
                };
            };
            /** @description `unauthorized`: `status` is `archived`, and the request has no valid access token. */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthorizedProblem"];
                };
            };
            /** @description `forbidden`: `status` is `archived`, and the caller is no operator. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    createProduct: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The product. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProduct"];
            };
        };
        responses: {
            /** @description The new product. */
            201: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    /** @description The address of the resource (RFC 9110, section 10.2.2). */
                    Location: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `conflict`: Another product has the SKU. */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["CreateProductConflictProblem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    importProducts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A product a line (NDJSON). */
        requestBody: {
            content: {
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description The result. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportReport"];
                };
            };
            /** @description `malformed-request`: The body is incomplete. */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ImportProductsMalformedRequestProblem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `payload-too-large`: The body has more than 10 MiB, or more than 10,000 lines. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ImportProductsPayloadTooLargeProblem"];
                };
            };
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            /** @description `internal-error`: A defect or a broken dependency. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ImportProductsInternalErrorProblem"];
                };
            };
            /** @description `unavailable`: The database is busy or down. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ImportProductsUnavailableProblem"];
                };
            };
        };
    };
    getProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product. */
            200: {
                headers: {
                    /** @description Who may store the response, and how long (RFC 9111). */
                    "Cache-Control": string;
                    /** @description Whether the response came from the cache of the service (RFC 9211). */
                    "Cache-Status": string;
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["MalformedRequest"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    archiveProduct: {
        parameters: {
            query?: never;
            header: {
                /** @description The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is refused if there is another by now. */
                "If-Match": components["parameters"]["IfMatchRequired"];
            };
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product is archived, also if it was before. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            428: components["responses"]["PreconditionRequired"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeProduct: {
        parameters: {
            query?: never;
            header: {
                /** @description The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is refused if there is another by now. */
                "If-Match": components["parameters"]["IfMatchRequired"];
            };
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        /** @description The change. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductPatch"];
            };
        };
        responses: {
            /** @description The changed product. */
            200: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `conflict`: Another product has the SKU, or more units than `on_hand` belong to orders. */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ChangeProductConflictProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            428: components["responses"]["PreconditionRequired"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getProductStock: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stock. */
            200: {
                headers: {
                    /** @description Who may store the response, and how long (RFC 9111). */
                    "Cache-Control": string;
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stock"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    setProductStock: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). */
                "If-None-Match"?: components["parameters"]["IfNoneMatchOfChange"];
            };
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        /** @description The count. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["StockLevel"];
            };
        };
        responses: {
            /** @description The stock after the count. */
            200: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stock"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `conflict`: More units than `on_hand` belong to orders. */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description Only users whose e-mail addresses are also another user's, which accounts of earlier releases may be. */
                collides?: "true";
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
                /** @description Only the user with this e-mail address, in any spelling. */
                email?: string;
                /** @description The number of items on the page; 20 without it. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the users. */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    createUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The user. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description The user, and the invitation, which is shown once. */
            201: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    /** @description The address of the resource (RFC 9110, section 10.2.2). */
                    Location: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitedUser"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `conflict`: another user has the e-mail address */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getOwnUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description `not-found`: the user does not exist, or has been erased */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    eraseOwnUser: {
        parameters: {
            query?: never;
            header: {
                /** @description The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is refused if there is another by now. */
                "If-Match": components["parameters"]["IfMatchRequired"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user is erased. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedRequest"];
            /**
             * @description - `recent-login-required`: the caller erases the own user, and the log-in is more than five minutes ago
             *     - `unauthorized`: There is no token or it is not good.
             */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RecentLoginRequiredProblem"] | components["schemas"]["UnauthorizedProblem"];
                };
            };
            /** @description `forbidden`: the user is an admin, and the caller is no admin */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `not-found`: the user does not exist, or has been erased */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `conflict`: the user is the only active admin who can log in */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            428: components["responses"]["PreconditionRequired"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeOwnUser: {
        parameters: {
            query?: never;
            header: {
                /** @description The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is refused if there is another by now. */
                "If-Match": components["parameters"]["IfMatchRequired"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description The members to change. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserPatch"];
            };
        };
        responses: {
            /** @description The changed user. */
            200: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            /**
             * @description - `recent-login-required`: the e-mail address changes, and the log-in is more than five minutes ago
             *     - `unauthorized`: There is no token or it is not good.
             */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RecentLoginRequiredProblem"] | components["schemas"]["UnauthorizedProblem"];
                };
            };
            /** @description `forbidden`: the role changes, or the user is an admin, and the caller is no admin */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `not-found`: the user does not exist, or has been erased */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `conflict`: another user has the e-mail address, or the user is the only active admin who can log in and would be none any more */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            428: components["responses"]["PreconditionRequired"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    exportOwnUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    /** @description Who may store the response, and how long (RFC 9111). */
                    "Cache-Control": string;
                    /** @description The name under which to save the document (RFC 6266). */
                    "Content-Disposition": string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description `not-found`: the user does not exist, or has been erased */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            /** @description `unavailable`: a service that has data of the caller does not respond */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnavailableProblem"];
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). With the current one, the response is 304. Anything else is ignored. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description `not-found`: the user does not exist, has been erased, or is not the caller and the caller is no operator */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    eraseUser: {
        parameters: {
            query?: never;
            header: {
                /** @description The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is refused if there is another by now. */
                "If-Match": components["parameters"]["IfMatchRequired"];
            };
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user is erased. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedRequest"];
            /**
             * @description - `recent-login-required`: the caller erases the own user, and the log-in is more than five minutes ago
             *     - `unauthorized`: There is no token or it is not good.
             */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RecentLoginRequiredProblem"] | components["schemas"]["UnauthorizedProblem"];
                };
            };
            /** @description `forbidden`: the user is an admin, and the caller is no admin */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `not-found`: the user does not exist, has been erased, or is not the caller and the caller is no operator */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `conflict`: the user is the only active admin who can log in */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            428: components["responses"]["PreconditionRequired"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeUser: {
        parameters: {
            query?: never;
            header: {
                /** @description The `ETag` of the version that the client has read, or `*` (RFC 9110, section 13.1.1). The change is refused if there is another by now. */
                "If-Match": components["parameters"]["IfMatchRequired"];
            };
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        /** @description The members to change. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserPatch"];
            };
        };
        responses: {
            /** @description The changed user. */
            200: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            /**
             * @description - `recent-login-required`: the e-mail address changes, and the log-in is more than five minutes ago
             *     - `unauthorized`: There is no token or it is not good.
             */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["RecentLoginRequiredProblem"] | components["schemas"]["UnauthorizedProblem"];
                };
            };
            /** @description `forbidden`: the role changes, or the user is an admin, and the caller is no admin */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ForbiddenProblem"];
                };
            };
            /** @description `not-found`: the user does not exist, has been erased, or is not the caller and the caller is no operator */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `conflict`: another user has the e-mail address, or the user is the only active admin who can log in and would be none any more */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            428: components["responses"]["PreconditionRequired"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    deactivateUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). */
                "If-None-Match"?: components["parameters"]["IfNoneMatchOfChange"];
            };
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `not-found`: the user does not exist, or has been erased */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `conflict`: the user is the caller */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getErasure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far each service is. One that does not respond is `unknown`. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `not-found`: the user does not exist, or has not been erased */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    inviteUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). */
                "If-None-Match"?: components["parameters"]["IfNoneMatchOfChange"];
            };
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invitation. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `not-found`: the user does not exist, or has been erased */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            /** @description `conflict`: the user has a password */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ConflictProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    reactivateUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Entity tags of which one must be the current one, or `*` (RFC 9110, section 13.1.1). */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Entity tags of which none may be the current one, or `*` (RFC 9110, section 13.1.2). */
                "If-None-Match"?: components["parameters"]["IfNoneMatchOfChange"];
            };
            path: {
                /** @description The `id` of the resource. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    /** @description The entity tag of this version of the resource (RFC 9110, section 8.8.3). */
                    ETag: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["MalformedRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `not-found`: the user does not exist, or has been erased */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            /** @description `unavailable`: the sessions that the deactivation ends have not ended yet, or a dependency is down or busy */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnavailableProblem"];
                };
            };
        };
    };
    receivePaymentWebhook: {
        parameters: {
            query?: never;
            header: {
                /** @description `t=<seconds since the Unix epoch>,v1=<HMAC-SHA256 of "<t>.<body>" in hexadecimal>`, by the secret that the provider shares with the shop. `t` must be within 300 seconds of the time of receipt. There may be several `v1`, as while the secret is replaced. */
                "Spindle-Signature": string;
            };
            path: {
                /** @description The name of the payment provider, which is the `provider` of its payments. */
                provider: string;
            };
            cookie?: never;
        };
        /** @description The decision. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["PaymentWebhook"];
            };
        };
        responses: {
            /** @description The event is stored, or was stored before. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MalformedRequest"];
            /** @description `unauthorized`: the signature is missing, too old, or not one of this body */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["UnauthorizedProblem"];
                };
            };
            /** @description `not-found`: no payment provider has this name */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["NotFoundProblem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["ValidationFailed"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
}

/** The acceptance of an invitation. */
export type AcceptRequest = components["schemas"]["AcceptRequest"];
/** Too many log-ins failed; the account is locked for a while. */
export type AccountLockedProblem = components["schemas"]["AccountLockedProblem"];
/** The kind of an adjustment. */
export type AdjustmentKind = components["schemas"]["AdjustmentKind"];
/** The head of an audit log: a later one with a lower number, or with another MAC for the same number, shows that the log was reset. */
export type AuditHead = components["schemas"]["AuditHead"];
/** The result of verifying the audit log of one service. */
export type AuditReport = components["schemas"]["AuditReport"];
/** A sensitive action, as a service has recorded it. */
export type AuditRow = components["schemas"]["AuditRow"];
/** One page of a list. */
export type AuditRowPage = components["schemas"]["AuditRowPage"];
/** The result of the verification of all audit logs. */
export type AuditVerification = components["schemas"]["AuditVerification"];
/** The stock of a product, as everyone sees it. */
export type Availability = components["schemas"]["Availability"];
/** The event that an order waits for. */
export type Awaiting = components["schemas"]["Awaiting"];
/** The reason for which an order was cancelled. */
export type CancelReason = components["schemas"]["CancelReason"];
/** All categories with active products. */
export type Categories = components["schemas"]["Categories"];
/** A category. */
export type Category = components["schemas"]["Category"];
/** A change of the password. */
export type ChangePasswordRequest = components["schemas"]["ChangePasswordRequest"];
/** The state of a resource stands against the request. */
export type ChangeProductConflictProblem = components["schemas"]["ChangeProductConflictProblem"];
/** A channel on which users are notified. */
export type Channel = components["schemas"]["Channel"];
/** The state of a resource stands against the request. */
export type ConflictProblem = components["schemas"]["ConflictProblem"];
/** The state of a resource stands against the request. */
export type CreateProductConflictProblem = components["schemas"]["CreateProductConflictProblem"];
/** The price of a product now. */
export type CurrentPrice = components["schemas"]["CurrentPrice"];
/** An event that a service could not handle. */
export type DeadLetter = components["schemas"]["DeadLetter"];
/** One page of a list. */
export type DeadLetterPage = components["schemas"]["DeadLetterPage"];
/** Why a payment was declined. */
export type Decline = components["schemas"]["Decline"];
/** Who declined a payment, which tells whether another means of payment may help. */
export type DeclineCode = components["schemas"]["DeclineCode"];
/** How far the erasure of a user is. */
export type Erasure = components["schemas"]["Erasure"];
/** The state of an erasure. */
export type ErasureState = components["schemas"]["ErasureState"];
/** Everything that is kept about a user. What another service keeps is as that service describes it, with what only the export has. */
export type Export = components["schemas"]["Export"];
/** A row of an audit log. The id and the address of another person who acted are left out. */
export type ExportedAuditRow = components["schemas"]["ExportedAuditRow"];
/** The credentials of a user, without the password. */
export type ExportedCredentials = components["schemas"]["ExportedCredentials"];
/** An `Idempotency-Key` of a request of the user. */
export type ExportedKey = components["schemas"]["ExportedKey"];
/** A notification: as in `GET /v1/notifications/{id}`, with its data and the calls of the provider. */
export type ExportedNotification = components["schemas"]["ExportedNotification"];
/** An order: as in `GET /v1/orders/{id}`, with what only the export has. */
export type ExportedOrder = components["schemas"]["ExportedOrder"];
/** A payment: as in `GET /v1/payments/{id}`, with the calls of the payment provider. */
export type ExportedPayment = components["schemas"]["ExportedPayment"];
/** A session: as in `GET /v1/auth/sessions`, with its end. */
export type ExportedSession = components["schemas"]["ExportedSession"];
/** An attempt that failed. */
export type FailedAttempt = components["schemas"]["FailedAttempt"];
/** A line that was refused. */
export type FailedLine = components["schemas"]["FailedLine"];
/** One rule that one part of the request breaks, and its place: exactly one of `pointer`, `parameter` and `header`. */
export type FieldError = components["schemas"]["FieldError"];
/** The caller is known and may not do this. */
export type ForbiddenProblem = components["schemas"]["ForbiddenProblem"];
/** The state of the platform. */
export type HealthReport = components["schemas"]["HealthReport"];
/** An earlier request with the same `Idempotency-Key` is being carried out. */
export type IdempotencyKeyInFlightProblem = components["schemas"]["IdempotencyKeyInFlightProblem"];
/** The operation needs an `Idempotency-Key`. */
export type IdempotencyKeyMissingProblem = components["schemas"]["IdempotencyKeyMissingProblem"];
/** The `Idempotency-Key` belongs to an earlier request that asked for something else. */
export type IdempotencyKeyReusedProblem = components["schemas"]["IdempotencyKeyReusedProblem"];
/** A user who logs in. */
export type Identity = components["schemas"]["Identity"];
/** A defect or a broken dependency; the cause is in the log. */
export type ImportProductsInternalErrorProblem = components["schemas"]["ImportProductsInternalErrorProblem"];
/** The request cannot be read: bad JSON, a bad query, a bad id. */
export type ImportProductsMalformedRequestProblem = components["schemas"]["ImportProductsMalformedRequestProblem"];
/** The body is larger than the route takes. */
export type ImportProductsPayloadTooLargeProblem = components["schemas"]["ImportProductsPayloadTooLargeProblem"];
/** A dependency is down or busy; trying again later may work. */
export type ImportProductsUnavailableProblem = components["schemas"]["ImportProductsUnavailableProblem"];
/** The result of an import, or of its lines until it ended early. */
export type ImportReport = components["schemas"]["ImportReport"];
/** A defect or a broken dependency; the cause is in the log. */
export type InternalErrorProblem = components["schemas"]["InternalErrorProblem"];
/** The e-mail address or the password is wrong. */
export type InvalidCredentialsProblem = components["schemas"]["InvalidCredentialsProblem"];
/** An invitation to set the first password. */
export type Invitation = components["schemas"]["Invitation"];
/** A created user with the invitation to set the first password. */
export type InvitedUser = components["schemas"]["InvitedUser"];
/** A public key (RFC 8037). */
export type Jwk = components["schemas"]["Jwk"];
/** A set of keys (RFC 7517, section 5). */
export type JwkSet = components["schemas"]["JwkSet"];
/** A rotation of the signing key. */
export type KeyRotation = components["schemas"]["KeyRotation"];
/** The state of the gateway. */
export type Liveness = components["schemas"]["Liveness"];
/** A log-in. */
export type LoginRequest = components["schemas"]["LoginRequest"];
/** The request cannot be read: bad JSON, a bad query, a bad id. */
export type MalformedRequestProblem = components["schemas"]["MalformedRequestProblem"];
/** A service whose part of the response is missing. */
export type MissingPart = components["schemas"]["MissingPart"];
/** An amount of one currency: 12.99 EUR are 1299. */
export type Money = components["schemas"]["Money"];
/** A product to be created. */
export type NewProduct = components["schemas"]["NewProduct"];
/** A new user. Everything but the e-mail address may be left out. */
export type NewUser = components["schemas"]["NewUser"];
/** An object without members. */
export type NoMembers = components["schemas"]["NoMembers"];
/** There is no such resource, or it is not the caller's. */
export type NotFoundProblem = components["schemas"]["NotFoundProblem"];
/** At least one service cannot serve; `services` says which and why. */
export type NotReadyProblem = components["schemas"]["NotReadyProblem"];
/** A message to one user on one channel. */
export type Notification = components["schemas"]["Notification"];
/** A call of a provider, as operators read it. */
export type NotificationCall = components["schemas"]["NotificationCall"];
/** One page of a list. */
export type NotificationPage = components["schemas"]["NotificationPage"];
/** The channels on which a user receives messages. */
export type NotificationPreferences = components["schemas"]["NotificationPreferences"];
/** A message to be sent to a user. */
export type NotificationRequest = components["schemas"]["NotificationRequest"];
/** The status of a notification. */
export type NotificationStatus = components["schemas"]["NotificationStatus"];
/** An order. Names and prices are those of the moment at which it was placed. */
export type Order = components["schemas"]["Order"];
/** A discount on an order, or a tax. */
export type OrderAdjustment = components["schemas"]["OrderAdjustment"];
/** A product of an order, with name and price as they were when it was placed. */
export type OrderItem = components["schemas"]["OrderItem"];
/** One page of a list. */
export type OrderPage = components["schemas"]["OrderPage"];
/** The status of an order. */
export type OrderStatus = components["schemas"]["OrderStatus"];
/** The history of an order, and the event that it waits for. */
export type OrderTimeline = components["schemas"]["OrderTimeline"];
/** The state of a part of a service. */
export type PartHealth = components["schemas"]["PartHealth"];
/** The body is larger than the route takes. */
export type PayloadTooLargeProblem = components["schemas"]["PayloadTooLargeProblem"];
/** The payment of an order: each order has one, once payments has received its request. */
export type Payment = components["schemas"]["Payment"];
/** A call of the provider, in a payment and in an export. */
export type PaymentCall = components["schemas"]["PaymentCall"];
/** A means of payment. */
export type PaymentMethod = components["schemas"]["PaymentMethod"];
/** An operation of the provider. */
export type PaymentOperation = components["schemas"]["PaymentOperation"];
/** One page of a list. */
export type PaymentPage = components["schemas"]["PaymentPage"];
/** The place of the money. */
export type PaymentStatus = components["schemas"]["PaymentStatus"];
/** The provider's decision about a pending payment. */
export type PaymentWebhook = components["schemas"]["PaymentWebhook"];
/** The type of a webhook. */
export type PaymentWebhookType = components["schemas"]["PaymentWebhookType"];
/** An order to place, with exactly one of `shipping_address` and `shipping_address_id`. */
export type PlaceOrderRequest = components["schemas"]["PlaceOrderRequest"];
/** `If-Match` names a version that is not the current one, or `If-None-Match` the current one. */
export type PreconditionFailedProblem = components["schemas"]["PreconditionFailedProblem"];
/** A change needs `If-Match`. */
export type PreconditionRequiredProblem = components["schemas"]["PreconditionRequiredProblem"];
/** The channels of messages to turn on or off. An absent one stays. */
export type PreferencesPatch = components["schemas"]["PreferencesPatch"];
/** An e-mail address before a change. */
export type PreviousEmail = components["schemas"]["PreviousEmail"];
/** The price of a product. */
export type Price = components["schemas"]["Price"];
/** A price is not the one that the order expects; `total` and `items` have the prices of now. */
export type PriceChangedProblem = components["schemas"]["PriceChangedProblem"];
/** A merge patch of a price. */
export type PricePatch = components["schemas"]["PricePatch"];
/** Problem details (RFC 9457). `type` says which rule was broken, `detail` what happened this time. */
export type Problem = components["schemas"]["Problem"];
/** A product. */
export type Product = components["schemas"]["Product"];
/** A line of an import: a merge patch (RFC 7396) of the product with its SKU. If no product has it, the line creates one, and requires `name`, `price` and `category`. */
export type ProductLine = components["schemas"]["ProductLine"];
/** One page of a list. */
export type ProductPage = components["schemas"]["ProductPage"];
/** A change of a product, as a merge patch (RFC 7396): an absent field stays. `null` clears a field that may be empty, and is refused for any other. */
export type ProductPatch = components["schemas"]["ProductPatch"];
/** The sales status of a product. */
export type ProductStatus = components["schemas"]["ProductStatus"];
/** The notifications that a request has enqueued. */
export type QueuedNotifications = components["schemas"]["QueuedNotifications"];
/** The client has used up what it may ask for in a while. */
export type RateLimitedProblem = components["schemas"]["RateLimitedProblem"];
/** The readiness of one replica. */
export type ReadinessReport = components["schemas"]["ReadinessReport"];
/** The log-in is too long ago for what is asked; `max_age` says how recent it must be, in seconds. */
export type RecentLoginRequiredProblem = components["schemas"]["RecentLoginRequiredProblem"];
/** A refresh token. */
export type RefreshTokenRequest = components["schemas"]["RefreshTokenRequest"];
/** A request for a refund. It is always of the whole sum, so a request for a part of it is refused instead of refunding all. */
export type RefundRequest = components["schemas"]["RefundRequest"];
/** A registration. */
export type RegisterRequest = components["schemas"]["RegisterRequest"];
/** A registered user. `GET /v1/users/me` has all of the profile. */
export type RegisteredUser = components["schemas"]["RegisteredUser"];
/** The number of letters that were replayed. */
export type ReplayCount = components["schemas"]["ReplayCount"];
/** The letters to replay. */
export type ReplayRequest = components["schemas"]["ReplayRequest"];
/** A recipient and an address. */
export type RequestedAddress = components["schemas"]["RequestedAddress"];
/** A product to order, and its quantity. */
export type RequestedItem = components["schemas"]["RequestedItem"];
/** A retired key. */
export type RetiredKey = components["schemas"]["RetiredKey"];
/** The roles, from the least to the most powerful; each may do all that the ones before it may. */
export type Role = components["schemas"]["Role"];
/** A saved address of a user. */
export type SavedAddress = components["schemas"]["SavedAddress"];
/** An address to save. */
export type SavedAddressInput = components["schemas"]["SavedAddressInput"];
/** How far the erasure is in one service. */
export type ServiceErasure = components["schemas"]["ServiceErasure"];
/** The state of one service. */
export type ServiceHealth = components["schemas"]["ServiceHealth"];
/** The readiness of one service. */
export type ServiceReadiness = components["schemas"]["ServiceReadiness"];
/** A session. */
export type Session = components["schemas"]["Session"];
/** One page of a list. */
export type SessionPage = components["schemas"]["SessionPage"];
/** The recipient of an order and the address. If the customer was erased, and the order need not be kept, all but the country is empty. */
export type ShippingAddress = components["schemas"]["ShippingAddress"];
/** The stock of a product, as operators see it. */
export type Stock = components["schemas"]["Stock"];
/** A count of the units of a product. */
export type StockLevel = components["schemas"]["StockLevel"];
/** An event in the history of an order. */
export type TimelineEntry = components["schemas"]["TimelineEntry"];
/** The kind of an event in the history of an order. */
export type TimelineEntryKind = components["schemas"]["TimelineEntryKind"];
/** New tokens (RFC 6749, section 5.1), and the user whom they belong to. */
export type TokenResponse = components["schemas"]["TokenResponse"];
/** The customer has too many orders, or holds too many pieces, that are not paid. */
export type TooMuchUnpaidProblem = components["schemas"]["TooMuchUnpaidProblem"];
/** The event that triggered a notification. */
export type TriggeringEvent = components["schemas"]["TriggeringEvent"];
/** There is no token or it is not good. */
export type UnauthorizedProblem = components["schemas"]["UnauthorizedProblem"];
/** A dependency is down or busy; trying again later may work. */
export type UnavailableProblem = components["schemas"]["UnavailableProblem"];
/** The body is not of a media type that the route takes, or has a content coding. */
export type UnsupportedMediaTypeProblem = components["schemas"]["UnsupportedMediaTypeProblem"];
/** A user. */
export type User = components["schemas"]["User"];
/** One page of a list. */
export type UserPage = components["schemas"]["UserPage"];
/** A change of a user (a JSON merge patch, RFC 7396): an absent member stays, and `null` clears one that may be empty. */
export type UserPatch = components["schemas"]["UserPatch"];
/** Whether a user may use the account. */
export type UserStatus = components["schemas"]["UserStatus"];
/** The body is valid JSON but breaks a rule. */
export type ValidationFailedProblem = components["schemas"]["ValidationFailedProblem"];
/** The progress of a verification, over the logs of the services that responded. */
export type VerificationProgress = components["schemas"]["VerificationProgress"];
