package import PosternModel
package import PosternPostgres
internal import PosternStore
internal import Synchronization

/// Shares limits through the tables of migration 6.
package final class PostgresShares: ShareStore, ShareRegister {
    private struct State {
        var declared = ShareStatus.Shares.postgres.rawValue
        /// When this gateway was last written down as alive; `nil` when it must be.
        var beat: ContinuousClock.Instant?
    }

    private let database: Database
    private let gateway: UniqueID
    private let identity: String
    private let state = Mutex(State())

    package let interval: Duration
    /// Often enough for ``PosternStore/ShareTable/presence``, and not with every exchange.
    private static let beatInterval = Duration.seconds(1)

    /// Shares through a database.
    ///
    /// - Parameters:
    ///   - database: as role `postern_gateway`; one connection is busy for a few milliseconds of each interval.
    ///   - gateway: who we are: new at each start.
    ///   - identity: who we are, for people: host and process number.
    ///   - interval: how often to exchange while several gateways are alive; the same in all gateways.
    package init(
        database: Database,
        gateway: UniqueID,
        identity: String,
        interval: Duration = ShareRhythm.postgres
    ) {
        precondition(interval >= .milliseconds(1), "an exchange every \(interval)")
        self.database = database
        self.gateway = gateway
        self.identity = identity
        self.interval = interval
    }

    package var name: String { ShareStatus.Shares.postgres.rawValue }
    package var preferredName: String { self.name }

    package func exchange(_ reports: [ShareReport]) async throws(ShareError) -> ShareAnswer {
        let now = ContinuousClock.now
        let beats = self.state.withLock { state in state.beat.map { now - $0 >= Self.beatInterval } ?? true }
        let counts = reports.filter(\.wasAsked).map(Self.count)
        let news = reports.filter(\.isNew).map(\.subject)
        let (gateway, freshness) = (self.row, self.freshness)
        let (others, presence) = try await self.run { connection throws(PostgresError) in
            try ShareTable.exchange(
                gateway,
                counts,
                news: news,
                lately: freshness,
                beats: beats,
                &connection,
                within: ShareRhythm.postgresLimit
            )
        }
        if beats { self.state.withLock { state in state.beat = now } }
        // Somebody took our row away: it comes back with the next exchange.
        if !presence.gateways.contains(self.gateway) { self.state.withLock { state in state.beat = nil } }
        return ShareAnswer(
            entries: others.map { count in
                ShareEntry(
                    subject: count.subject,
                    gateway: count.gateway,
                    admitted: count.admitted,
                    debtMicroseconds: count.debtMicroseconds,
                    ageMicroseconds: count.ageMicroseconds
                )
            },
            gateways: presence.gateways,
            epoch: presence.serverMicroseconds / max(1, Int64(self.interval / .microseconds(1)))
        )
    }

    package func renew() async {}

    package func leave(_ reports: [ShareReport]) async throws(ShareError) {
        let gateway = self.row
        let counts = reports.filter(\.wasAsked).map(Self.count)
        try await self.run { connection throws(PostgresError) in
            try ShareTable.leave(gateway, counts, &connection, within: ShareRhythm.postgresLimit)
        }
    }

    package func declare(_ shares: String) {
        self.state.withLock { state in
            guard state.declared != shares else { return }
            state.declared = shares
            state.beat = nil
        }
    }

    package func register() async throws(ShareError) -> [String] {
        let gateway = self.row
        let presence = try await self.run { connection throws(PostgresError) in
            try ShareTable.beat(gateway, &connection, within: ShareRhythm.postgresLimit)
        }
        return zip(presence.gateways, presence.shares).filter { $0.0 != self.gateway }.map(\.1)
    }

    private var row: ShareTable.Gateway {
        ShareTable.Gateway(
            id: self.gateway,
            identity: self.identity,
            shares: self.state.withLock { state in state.declared }
        )
    }

    private func run<Value: Sendable>(
        _ work: @escaping @Sendable (inout Connection) throws(PostgresError) -> Value
    ) async throws(ShareError) -> Value {
        do throws(PostgresError) {
            return try await self.database.run(within: ShareRhythm.postgresLimit, work)
        } catch {
            throw ShareError(error)
        }
    }

    private static func count(_ report: ShareReport) -> ShareTable.Count {
        ShareTable.Count(
            subject: report.subject,
            organization: report.organization,
            admitted: report.admitted,
            debtMicroseconds: report.debtMicroseconds
        )
    }
}
