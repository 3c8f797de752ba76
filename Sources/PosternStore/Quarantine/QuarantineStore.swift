package import PosternCrypto
package import PosternModel
package import PosternPostgres

/// Keeps requests that failed verification, sealed, within the bytes of their endpoint.
///
/// Blocking: connection threads only.
package struct QuarantineStore: Sendable {
    /// How much of an endpoint's bytes one sender may fill: this part of them.
    package static let sendersShare = 4
    /// What sealing adds to a content: version, key identifier, nonce and tag.
    static let sealingBytes = 33
    /// The first of the two numbers of the lock under which an endpoint's bytes are counted.
    private static let lockClass: Int32 = 1_886_614_646

    private let keyring: SealingKeyring

    /// Seals and opens with `keyring`.
    package init(sealing keyring: SealingKeyring) { self.keyring = keyring }

    private static let lock = Statement(
        "quarantine_lock",
        "SELECT pg_advisory_xact_lock($1, number) FROM unnest($2) AS number",
        [.int32, .int32Array]
    )

    private static let usage = Statement(
        "quarantine_usage",
        """
        SELECT CASE WHEN source = ANY ($2) THEN source END, sum(bytes)::bigint FROM postern.quarantined_requests
        WHERE endpoint_id = $1 GROUP BY 1
        """,
        [.uuid, .textArray]
    )

    private static let insert = BatchStatement(
        "quarantine_add",
        insertInto: """
            postern.quarantined_requests (id, org_id, endpoint_id, received_at, expires_at, reason, address, source,
                bytes, sealed)
            """,
        [.uuid, .uuid, .uuid, .timestamp, .timestamp, .text, .text, .text, .int32, .bytes],
        // A batch whose commit was not confirmed is sent again.
        suffix: "ON CONFLICT DO NOTHING"
    )

    /// Stores requests in the order given, in one transaction; for the gateway.
    ///
    /// Gateways that store for the same endpoint wait for each other, so that the bounds hold exactly.
    ///
    /// - Parameters:
    ///   - requests: any number.
    ///   - limits: how many bytes each endpoint may fill, expired requests included until they are deleted; an endpoint
    ///     that is missing keeps nothing. One sender may fill a quarter of them.
    ///   - connection: where to.
    ///   - within: the deadline.
    /// - Returns: how many were stored, and how many not.
    /// - Throws: any ``PostgresError``; nothing of it is stored then.
    package func store(
        _ requests: [QuarantinedRequest],
        limits: [EndpointID: Int],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> QuarantineReceipt {
        guard !requests.isEmpty else { return QuarantineReceipt() }
        return try connection.transaction(within: within) { connection throws(PostgresError) in
            var ledger = try Self.usage(of: requests, limits: limits, &connection, within: within)
            var receipt = QuarantineReceipt()
            var rows: [(request: QuarantinedRequest, sealed: [UInt8])] = []
            for request in requests {
                let bytes = request.content.encodedByteCount + Self.sealingBytes
                guard ledger.take(bytes, endpoint: request.endpoint, address: request.address) else {
                    receipt.full += 1
                    continue
                }
                do throws(CryptoError) {
                    let context = QuarantinedRequest.sealingContext(endpoint: request.endpoint, id: request.id)
                    rows.append((request, try self.keyring.seal(Secret(request.content.encoded()), context: context)))
                } catch {
                    receipt.unsealed += 1
                    receipt.sealingError = error
                }
            }
            try Self.insert(rows, &connection, within: within)
            receipt.stored = rows.count
            return receipt
        }
    }

    private static func usage(
        of requests: [QuarantinedRequest],
        limits: [EndpointID: Int],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> QuarantineLedger {
        let sources = Dictionary(grouping: requests, by: \.endpoint)
            .filter { limits[$0.key] != nil }
            .mapValues { requests in Set(requests.map { QuarantinedRequest.source(of: $0.address) }).sorted() }
        let endpoints = sources.keys.sorted()
        var ledger = QuarantineLedger(limits: limits)
        guard !endpoints.isEmpty else { return ledger }
        var parameters = ParameterBuffer()
        parameters.append(Self.lockClass)
        // In one order, so that gateways wait for each other and never in a circle.
        parameters.append(Set(endpoints.map { Int32(truncatingIfNeeded: $0.id.low) }).sorted())
        _ = try connection.query(Self.lock, parameters, within: within)
        let answers = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            for endpoint in endpoints {
                parameters.removeAll()
                parameters.append(endpoint)
                parameters.append(sources[endpoint, default: []])
                try pipeline.send(Self.usage, parameters)
            }
        }
        for (endpoint, rows) in zip(endpoints, answers) {
            for row in 0..<rows.count {
                ledger.note(try rows.int64(row, 1), endpoint: endpoint, source: try rows.textOrNil(row, 0))
            }
        }
        return ledger
    }

    private static func insert(
        _ rows: [(request: QuarantinedRequest, sealed: [UInt8])],
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) {
        guard !rows.isEmpty else { return }
        var buffer = ParameterBuffer()
        _ = try connection.pipeline(within: within) { pipeline throws(PostgresError) in
            for range in BatchSplit.ranges(of: rows.map(\.sealed.count)) {
                try Self.insert.send(rows: range.count, to: &pipeline, using: &buffer) { index, buffer in
                    let (request, sealed) = rows[range.lowerBound + index]
                    buffer.append(request.id)
                    buffer.append(request.organization)
                    buffer.append(request.endpoint)
                    buffer.append(request.receivedAt)
                    buffer.append(request.expiresAt)
                    buffer.append(request.reason)
                    buffer.append(request.address)
                    buffer.append(QuarantinedRequest.source(of: request.address))
                    buffer.append(Int32(sealed.count))
                    buffer.append(bytes: sealed)
                }
            }
        }
    }

    private static let page = Statement(
        "quarantine_page",
        """
        SELECT id, org_id, received_at, expires_at, reason, address, sealed FROM (
            SELECT *, sum(bytes::bigint) OVER (ORDER BY id) - bytes AS before FROM (
                SELECT id, org_id, received_at, expires_at, reason, address, bytes, sealed
                FROM postern.quarantined_requests
                WHERE endpoint_id = $1 AND id > $2 AND expires_at > now() ORDER BY id LIMIT $3
            ) AS newer
        ) AS summed
        WHERE before < $4 ORDER BY id
        """,
        [.uuid, .uuid, .int64, .int64]
    )

    /// Reads quarantined requests of one endpoint, oldest first, and opens them; for the operator.
    ///
    /// A page ends after `count` requests or 8 MiB, so only an empty one is the last. Expired requests are left out.
    ///
    /// - Parameters:
    ///   - endpoint: whose.
    ///   - after: where the page before said that the next begins; `nil` for the first.
    ///   - count: at most how many.
    ///   - connection: where to ask.
    ///   - within: the deadline.
    /// - Returns: the requests, and those that could not be opened.
    /// - Throws: any ``PostgresError``.
    package func page(
        of endpoint: EndpointID,
        after: DeliveryID? = nil,
        count: Int = 256,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> QuarantinePage {
        var parameters = ParameterBuffer()
        parameters.append(endpoint)
        parameters.append(after ?? DeliveryID(UniqueID(high: 0, low: 0)))
        parameters.append(Int64(max(0, count)))
        parameters.append(Int64(BatchSplit.limitBytes))
        let rows = try connection.query(Self.page, parameters, within: within)
        var page = QuarantinePage()
        for row in 0..<rows.count {
            let id: DeliveryID = try rows.id(row, 0)
            page.next = id
            switch self.open(try rows.bytes(row, 6), endpoint: endpoint, id: id) {
            case .success(let content):
                page.requests.append(
                    QuarantinedRequest(
                        id: id,
                        organization: try rows.id(row, 1),
                        endpoint: endpoint,
                        receivedAt: try rows.timestamp(row, 2),
                        expiresAt: try rows.timestamp(row, 3),
                        reason: try rows.text(row, 4),
                        address: try rows.text(row, 5),
                        content: content
                    )
                )
            case .failure(let fault): page.faults.append(fault)
            }
        }
        return page
    }

    private func open(
        _ sealed: [UInt8],
        endpoint: EndpointID,
        id: DeliveryID
    ) -> Result<QuarantineContent, QuarantinePage.Fault> {
        do throws(CryptoError) {
            let context = QuarantinedRequest.sealingContext(endpoint: endpoint, id: id)
            let bytes = try self.keyring.open(sealed, context: context).bytes
            guard let content = QuarantineContent(decoding: bytes) else {
                return .failure(QuarantinePage.Fault(id: id, reason: .malformed))
            }
            return .success(content)
        } catch {
            return .failure(QuarantinePage.Fault(id: id, reason: .notOpened(error)))
        }
    }
}
