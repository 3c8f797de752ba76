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
        var position: RenormalizationPosition?
        while let page = try self.page(after: position, Self.deliveriesAtOnce, &report, &connection, within: within) {
            position = page.position
            progress(report)
        }
        return report
    }

    /// Does one step of a job.
    package func step(
        _ job: JobRecord,
        limit: Int,
        _ connection: inout Connection,
        within: Duration
    ) throws(PostgresError) -> JobStep {
        let position = job.position.flatMap { RenormalizationPosition($0) }
        if job.position != nil, position == nil { return .failed("the job's position cannot be read") }
        var report = RenormalizationReport()
        let size = min(limit, Self.deliveriesAtOnce)
        guard let page = try self.page(after: position, size, &report, &connection, within: within) else {
            return .finished
        }
        let queued = try Renormalizations.queue(
            page.items,
            for: job.id,
            at: .now(),
            &connection,
            within: within
        )
        var counts = report.counts
        counts["queued"] = Int64(queued)
        return JobStep(position: "\(page.position)", done: report.deliveries, counts: counts)
    }

    private func page(
        after position: RenormalizationPosition?,
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
        var page = Page(
            position: RenormalizationPosition(lane: last.lane, number: last.number, delivery: last.delivery)
        )
        // A delivery whose first events the page before has seen is done.
        let fresh = groups.filter { $0.first?.delivery != position?.delivery }
        let requests = try OriginalRequests.read(fresh.compactMap { $0.first?.delivery }, &connection, within: within)
        let endpoints = try RoutingReader.endpoints(
            Array(Set(fresh.compactMap { $0.first?.endpoint })),
            &connection,
            within: within
        )
        for events in fresh {
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
                    if !item.changed.isEmpty || item.hasNew { page.items.append(item) }
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
        var unchanged: [LedgerKey] = []
        for event in diff.unchanged {
            unchanged.append(try LedgerKey(endpoint: content.endpoint, account: event.account, key: event.key))
        }
        var changed: [(key: LedgerKey, mark: LedgerKey)] = []
        for event in diff.changed.map(\.after) {
            changed.append(
                (
                    key: try LedgerKey(endpoint: content.endpoint, account: event.account, key: event.key),
                    // No key that a platform sends holds NUL: PostgreSQL could not store it.
                    mark: try LedgerKey(
                        endpoint: content.endpoint,
                        account: event.account,
                        key: "\(event.key)\0renormalized by \(version)"
                    )
                )
            )
        }
        return Renormalizations.Item(
            content: content,
            unchanged: unchanged,
            changed: changed,
            hasNew: !diff.new.isEmpty
        )
    }
}
