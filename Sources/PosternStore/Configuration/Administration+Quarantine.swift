package import PosternModel
package import PosternPostgres

extension Administration {
    private static let remove = Statement(
        "quarantine_remove",
        "DELETE FROM postern.quarantined_requests WHERE endpoint_id = $1 AND id = ANY ($2)",
        [.uuid, .uuidArray]
    )

    /// Appends quarantined requests to the log, in the order given, and takes them out of quarantine.
    ///
    /// A delivery has the id its request had, and the same event keys: what a crash between the two lets in twice is
    /// removed like any other duplicate. Each batch of at most 256 requests and 8 MiB is one line in the audit log.
    ///
    /// - Parameters:
    ///   - admissions: requests of `endpoint`, oldest first.
    ///   - endpoint: whose.
    ///   - writer: a session of the operator, opened for this; after an error it must be given up.
    ///   - connection: another session of the operator.
    ///   - within: the deadline of each batch.
    /// - Returns: how many were admitted.
    /// - Throws: ``ConfigurationError/database(_:)``; the batches before are admitted, and the one that failed may be.
    package func admit(
        _ admissions: [QuarantineAdmission],
        of endpoint: EndpointRecord,
        through writer: inout WriterSession,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> Int {
        let sizes = admissions.map { $0.request.content.headers.count + $0.request.content.body.count }
        for range in BatchSplit.ranges(of: sizes) {
            let batch = Array(admissions[range])
            let rows = batch.map { admission in
                let request = admission.request
                precondition(request.endpoint == endpoint.id, "\(request.id) is of endpoint \(request.endpoint)")
                return DeliveryRow(
                    id: request.id,
                    organization: endpoint.organization,
                    endpoint: endpoint.id,
                    lane: endpoint.lane,
                    platform: endpoint.platform,
                    secret: admission.secret
                )
            }
            let contents = batch.map { (headers: $0.request.content.headers, body: $0.request.content.body) }
            do throws(PostgresError) {
                try writer.commit(rows, contents: contents, within: within)
            } catch {
                throw .database(error)
            }
            _ = try self.remove(rows.map(\.id), of: endpoint, .admitQuarantined, &connection, within: within)
        }
        return admissions.count
    }

    /// Deletes quarantined requests, and gives how many there were.
    ///
    /// - Throws: ``ConfigurationError/database(_:)``.
    package func discardQuarantined(
        _ requests: [DeliveryID],
        of endpoint: EndpointRecord,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> Int {
        guard !requests.isEmpty else { return 0 }
        return try self.remove(requests, of: endpoint, .discardQuarantined, &connection, within: within)
    }

    private func remove(
        _ requests: [DeliveryID],
        of endpoint: EndpointRecord,
        _ act: AuditedAct,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> Int {
        try self.act(&connection, subject: "\(endpoint.id)", within: within) { connection throws(ConfigurationError) in
            let gone = try Self.run(Self.remove, &connection, within: within) { parameters in
                parameters.append(endpoint.id)
                parameters.append(requests)
            }.affected
            try self.audit(
                act,
                of: "\(endpoint.id)",
                organization: endpoint.organization,
                after: [
                    "requests": String(requests.count),
                    "first": requests.first.map(\.description) ?? "",
                    "last": requests.last.map(\.description) ?? "",
                ],
                &connection,
                within: within
            )
            return gone
        }
    }
}
