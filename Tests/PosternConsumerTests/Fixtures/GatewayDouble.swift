import PosternModel
import PosternPostgres
import PosternStore
import PosternTesting
import Synchronization

/// A gateway's writer session, without the gateway.
final class GatewayDouble: Sendable {
    /// The number in `writers`.
    let writer: Int64
    private let session: Mutex<WriterSession?>

    /// Opens a session as the gateway's role.
    static func open(_ database: ConsumerDatabase) async throws -> GatewayDouble {
        try await onThread { try GatewayDouble(database) }
    }

    private init(_ database: ConsumerDatabase) throws {
        let session = try WriterSession(
            ConnectionConfiguration(address: "\(database.address) user=postern_gateway"),
            gateway: "test"
        )
        self.writer = session.writer
        self.session = Mutex(session)
    }

    /// Commits one delivery for each body, in batches of 256.
    @discardableResult
    func post(_ bodies: [String], to endpoint: TestEndpoint) async throws -> [DeliveryID] {
        try await self.post(bodies.map { (endpoint, $0) })
    }

    /// Commits deliveries to several endpoints in the order given.
    @discardableResult
    func post(_ deliveries: [(endpoint: TestEndpoint, body: String)]) async throws -> [DeliveryID] {
        try await onThread { try self.commit(deliveries) }
    }

    private func commit(_ deliveries: [(endpoint: TestEndpoint, body: String)]) throws -> [DeliveryID] {
        let headers = Array(":target: /webhooks/meta/key?x=1\ncontent-type: application/json\n".utf8)
        var ids: [DeliveryID] = []
        for start in stride(from: 0, to: deliveries.count, by: 256) {
            let batch = deliveries[start..<min(start + 256, deliveries.count)]
            let rows = try batch.map { delivery in
                guard let platform = PlatformName(delivery.endpoint.platform) else {
                    throw NotInTime(description: "\(delivery.endpoint.platform) is no platform name")
                }
                return DeliveryRow(
                    id: .fresh(at: .now()),
                    organization: delivery.endpoint.organization,
                    endpoint: delivery.endpoint.id,
                    lane: delivery.endpoint.lane,
                    platform: platform,
                    secret: nil
                )
            }
            let bodies = batch.map { Array($0.body.utf8) }
            try self.session.withLock { session in
                try session?.commit(rows, within: ConsumerDatabase.deadline) { index, append in
                    let body = bodies[index]
                    unsafe append(headers.span.bytes, body.span.bytes)
                }
            }
            ids += rows.map(\.id)
        }
        return ids
    }

    /// Ends the session as a clean shutdown does.
    func retire() async throws {
        try await onThread {
            try self.session.withLock { session in
                try session?.retire()
                session = nil
            }
        }
    }

    /// Ends the session without a word, as a crash does.
    func vanish() { self.session.withLock { $0 = nil } }
}
