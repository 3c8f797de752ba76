internal import PosternCrypto
internal import PosternModel
package import PosternPostgres
package import PosternStore

/// Normalizes deliveries again, page by page: first to see what would change, then to change it.
///
/// Blocking: connection threads only.
package struct Renormalization: Sendable {
    private let scope: RenormalizationScope
    private let renormalizer: any Renormalizer

    /// Deliveries come whole: so many are read at a time, whatever the rate.
    private static let deliveriesAtOnce = 64

    /// So many keys go into the ledger for each delivery that would be normalized in a step.
    private static let keysPerDelivery = 32

    /// No platform sends a delivery again for longer: another one that brought its events is no older than this.
    private static let repeats = Duration.seconds(7 * 86_400)

    /// What one page gave.
    private struct Page {
        var report = RenormalizationReport()
        var items: [Renormalizations.Item] = []
        var position: RenormalizationPosition
    }

    /// Prepares.
    package init(_ scope: RenormalizationScope, with renormalizer: any Renormalizer) {
        self.scope = scope
        self.renormalizer = renormalizer
    }

    /// Looks at everything and changes nothing.
    ///
    /// - Parameters:
    ///   - connection: a session of the operator.
    ///   - within: the deadline of each page.
    ///   - progress: called after each page with what was found so far.
    /// - Returns: what acting would do.
    /// - Throws: any ``PostgresError``.
    package func examine(
        _ connection: inout Connection,
        within: Duration,
        progress: (RenormalizationReport) -> Void = { _ in }
    ) throws(PostgresError) -> RenormalizationReport {
        var report = RenormalizationReport()
        var position = RenormalizationPosition.beginning(of: .normalize)
        while let page = try self.page(after: position, Self.deliveriesAtOnce, &report, &connection, within: within) {
            position = page.position
            progress(report)
        }
        return report
    }

    /// Does one step of a job.
    ///
    /// The ledger forgets before the log does. Normalized then, a delivery would bring once more what another one brought,
    /// or what this job has changed before: so the ledger learns it again first.
    package func step(
        _ job: JobRecord,
        limit: Int,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> JobStep {
        let position = job.position.map { RenormalizationPosition($0) } ?? .beginning(of: .know)
        guard let position else { return .failed("the job's position cannot be read") }
        let size = min(limit, Self.deliveriesAtOnce)
        switch position.phase {
        case .know:
            return try self.know(after: position, limit: size * Self.keysPerDelivery, &connection, within: within)
        case .normalize:
            return try self.normalize(job.id, after: position, limit: size, &connection, within: within)
        }
    }

    private func know(
        after position: RenormalizationPosition,
        limit: Int,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> JobStep {
        let events = try RenormalizationReader.known(
            self.scope,
            storedSince: self.scope.since.advanced(by: .zero - Self.repeats),
            after: position,
            limit: limit,
            &connection,
            within: within
        )
        guard let last = events.last else {
            return JobStep(position: "\(RenormalizationPosition.beginning(of: .normalize))", done: 0)
        }
        var keys: [Renormalizations.Knowledge] = []
        do throws(CryptoError) {
            for event in events {
                let version = event.definitionVersion
                let mark = version == self.scope.definitionVersion ? [] : [Self.mark(of: event.key, version: version)]
                for key in [event.key] + mark {
                    let known = try AccountedKey(
                        lane: event.lane,
                        organization: event.organization,
                        endpoint: event.endpoint,
                        account: event.account,
                        key: key
                    )
                    keys.append((known, event.delivery))
                }
            }
        } catch {
            return .failed("\(error)")
        }
        try Renormalizations.know(keys, &connection, within: within)
        return JobStep(
            position: "\(RenormalizationPosition(.know, lane: last.lane, number: last.number))",
            done: 0,
            counts: ["learned": Int64(events.count)]
        )
    }

    private func normalize(
        _ job: JobID,
        after position: RenormalizationPosition,
        limit: Int,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> JobStep {
        var report = RenormalizationReport()
        guard let page = try self.page(after: position, limit, &report, &connection, within: within) else {
            return .finished
        }
        let queued = try Renormalizations.queue(page.items, for: job, at: .now(), &connection, within: within)
        var counts = report.counts
        counts["queued"] = Int64(queued)
        return JobStep(position: "\(page.position)", done: report.deliveries, counts: counts)
    }

    private func page(
        after position: RenormalizationPosition,
        _ limit: Int,
        _ report: inout RenormalizationReport,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> Page? {
        let groups = try RenormalizationReader.page(
            self.scope,
            after: position,
            limit: limit,
            &connection,
            within: within
        )
        guard let last = groups.last?.last else { return nil }
        var page = Page(position: RenormalizationPosition(.normalize, lane: last.lane, number: last.number))
        let requests = try OriginalRequests.read(groups.compactMap { $0.first?.delivery }, &connection, within: within)
        let endpoints = try RoutingReader.endpoints(
            Array(Set(groups.compactMap { $0.first?.endpoint })),
            &connection,
            within: within
        )
        for events in groups {
            guard let first = events.first else { continue }
            guard let request = requests[first.delivery],
                let endpoint = endpoints.first(where: { $0.id == first.endpoint })
            else {
                report.addMissing()
                continue
            }
            let content = DeliveryContent(
                lane: first.lane,
                id: first.delivery,
                organization: endpoint.organization,
                endpoint: first.endpoint,
                platform: first.platform,
                headers: request.headers,
                body: request.body
            )
            switch self.renormalizer.renormalize(content, parameters: endpoint.parameters) {
            case .failed(let reason): report.addFailure(reason, of: first.delivery)
            case .events(let after, let version):
                let diff = RenormalizationDiff(events, after)
                do throws(CryptoError) {
                    let item = try Self.item(content, diff, version)
                    if !item.changed.isEmpty || !item.new.isEmpty { page.items.append(item) }
                    report.add(diff, of: first.delivery)
                } catch {
                    report.addFailure("\(error)", of: first.delivery)
                }
            }
        }
        return page
    }

    private static func item(
        _ content: DeliveryContent,
        _ diff: RenormalizationDiff,
        _ version: Int32
    ) throws(CryptoError) -> Renormalizations.Item {
        let key = { (event: RenormalizedDelivery.Event) throws(CryptoError) -> AccountedKey in
            try AccountedKey(of: content, account: event.account, key: event.key)
        }
        return Renormalizations.Item(
            content: content,
            unchanged: try diff.unchanged.map(key),
            changed: try diff.changed.map { change throws(CryptoError) in
                let event = change.after
                let mark = Self.mark(of: event.key, version: version)
                return (key: try key(event), mark: try AccountedKey(of: content, account: event.account, key: mark))
            },
            new: try diff.new.map(key)
        )
    }

    /// What stands for a key in the ledger when a version has made an event of it.
    private static func mark(of key: String, version: Int32) -> String {
        // No key that a platform sends holds NUL: PostgreSQL could not store it.
        "\(key)\0renormalized by \(version)"
    }
}
