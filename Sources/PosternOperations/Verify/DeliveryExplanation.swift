internal import PosternModel
internal import PosternPostgres
internal import PosternStore

/// Finds out what became of deliveries that were read and left no row of their own.
///
/// Such a delivery is a repetition, when all its keys were brought by others; or its events came late; or it holds
/// nothing to store. Otherwise it is lost.
struct DeliveryExplanation {
    /// A delivery that its keys alone do not explain.
    private struct Open {
        let delivery: ReadDelivery
        let platform: String
        let derived: DerivedKeys
        /// The keys that nobody else has brought, and whether the ledger knows them of this very delivery.
        let keys: [(key: AccountedKey, isOwn: Bool)]
    }

    private let scope: AccountingScope
    private let period: AccountingPeriod
    private let derivation: any KeyDerivation
    private var open: [Open] = []

    /// The most deliveries whose events are looked for with one scan.
    private static let openLimit = 5000
    /// The most deliveries and bytes that are read at a time.
    private static let batchRows = 256
    private static let batchBytes = 16 << 20
    /// How far the clocks of two processes may lie apart.
    private static let clockDifference: Duration = .seconds(3600)

    /// Starts with nothing open.
    init(_ scope: AccountingScope, _ period: AccountingPeriod, derivation: any KeyDerivation) {
        self.scope = scope
        self.period = period
        self.derivation = derivation
    }

    /// Normalizes deliveries once more and looks for their keys in the ledger.
    mutating func add(
        _ deliveries: [ReadDelivery],
        _ book: inout AccountingBook,
        _ connection: inout Connection
    ) throws(PostgresError) {
        let limit = self.scope.statementLimit
        let ranges = BatchSplit.ranges(of: deliveries.map(\.bytes), rows: Self.batchRows, bytes: Self.batchBytes)
        for range in ranges {
            let batch = Array(deliveries[range])
            let contents = try DeliveryAccounts.contents(of: batch, &connection, within: limit)
            let endpoints = try RoutingReader.endpoints(
                Array(Set(contents.map(\.endpoint))),
                &connection,
                within: limit
            )
            let parameters = Dictionary(
                endpoints.map { ($0.id, $0.parameters) },
                uniquingKeysWith: { first, _ in first }
            )
            let derived = contents.map { content in
                self.derivation.keys(of: content, parameters: parameters[content.endpoint] ?? [:])
            }
            let keys = Array(Set(derived.flatMap(\.keys)))
            let ledger = try EventProofs.ledger(keys, &connection, within: limit)
            // The one snapshot keeps what was there when the page was read.
            for ((delivery, content), derived) in zip(zip(batch, contents), derived) {
                let own = derived.keys.filter { key in ledger[key] == nil || ledger[key] == delivery.id }
                if case .events = derived, own.isEmpty { continue }
                self.open.append(
                    Open(
                        delivery: delivery,
                        platform: content.platform,
                        derived: derived,
                        keys: own.map { key in (key, ledger[key] != nil) }
                    )
                )
            }
            if self.open.count >= Self.openLimit { try self.finish(&book, &connection) }
        }
    }

    /// Looks for the events of what is open, and passes judgment on the rest.
    mutating func finish(_ book: inout AccountingBook, _ connection: inout Connection) throws(PostgresError) {
        guard let oldest = self.open.map(\.delivery.head.storedAt).min() else { return }
        let limit = self.scope.statementLimit
        let late = try EventProofs.deliveriesWithEvents(
            self.open.map(\.delivery),
            storedSince: oldest.advanced(by: .zero - Self.clockDifference),
            &connection,
            within: limit
        )
        self.open.removeAll { open in late.contains(open.delivery.id) }
        defer { self.open.removeAll() }
        guard !self.open.isEmpty else { return }
        let horizon = oldest.advanced(by: .zero - self.scope.deduplicationWindow - Self.clockDifference)
        let found = try EventProofs.keysWithEvents(
            Array(Set(self.open.flatMap { open in open.keys.map(\.key) })),
            storedSince: horizon,
            &connection,
            within: limit
        )
        let definitions = try EventProofs.definitions(
            of: Set(self.open.map(\.platform)),
            in: Set(self.open.map(\.delivery.head.lane)),
            storedSince: oldest.advanced(by: .zero - Self.clockDifference),
            &connection,
            within: limit
        )
        for open in self.open { self.judge(open, found, definitions, &book) }
    }

    private func judge(
        _ open: Open,
        _ found: Set<AccountedKey>,
        _ definitions: Set<EventProofs.DefinitionUse>,
        _ book: inout AccountingBook
    ) {
        let missing = open.keys.filter { key in !found.contains(key.key) }
        let version: Int32?
        switch open.derived {
        case .events(_, let current):
            if missing.isEmpty { return }
            version = current
        case .failed(_, let current): version = current
        case .unknown:
            Self.give(up: .definitionUnknown, open, &book)
            return
        }
        let window = open.delivery.head.storedAt.advanced(by: .zero - self.scope.deduplicationWindow)
        guard self.period.keepsEvents(since: window) else {
            Self.give(up: .eventsDropped, open, &book)
            return
        }
        if definitions.contains(where: { $0.platform == open.platform && $0.version != version }) {
            Self.give(up: .definitionChanged, open, &book)
            return
        }
        let isAdmitted = missing.contains { key in key.isOwn }
        book.change(open.delivery.organization) { balance in
            balance.settled -= 1
            balance.lost += 1
        }
        book.note(
            AccountingFault(
                isAdmitted ? .eventMissing : .deliveryLost,
                organization: open.delivery.organization,
                lane: open.delivery.head.lane,
                subject: "delivery \(open.delivery.id)",
                detail: Self.detail(open, missing: missing.count, isAdmitted: isAdmitted)
            )
        )
    }

    private static func give(up reason: UnprovableReason, _ open: Open, _ book: inout AccountingBook) {
        book.note(reason)
        book.change(open.delivery.organization) { balance in
            balance.settled -= 1
            balance.unprovable += 1
        }
    }

    private static func detail(_ open: Open, missing: Int, isAdmitted: Bool) -> String {
        let place = "read as delivery \(open.delivery.head.sequence) of writer \(open.delivery.head.writer)"
        if case .failed(let reason, _) = open.derived {
            return "\(place), cannot be normalized (\(reason)), and is no dead letter"
        }
        return isAdmitted
            ? "\(place); the ledger knows its keys, and \(missing) of its events are not in the log"
            : "\(place); \(missing) of its events are not in the log, the retry queue or the dead letters"
    }
}

extension DerivedKeys {
    /// The keys, if there are any.
    fileprivate var keys: [AccountedKey] {
        if case .events(let keys, _) = self { keys } else { [] }
    }
}
