internal import PosternModel
internal import PosternPlatforms
internal import PosternStore

/// What one look has read, on its way through batches to the database.
///
/// A value without clock or I/O. Deliveries go in in order; when they have become much, what has gathered is taken out
/// as a batch, and the next begins where it ended. So a few deliveries that hold thousands of events each do not become
/// one huge transaction.
struct Round {
    /// The most events of a batch, but for those of its last delivery.
    static let eventLimit = 8192

    /// The lanes at hand.
    let leases: [LeasedLane]
    /// The number of the last event of each lane, batches stored meanwhile included.
    private(set) var eventNumbers: [Lane: Int64]
    /// What has gathered.
    private(set) var items: [WorkItem] = []
    private let byteLimit: Int
    private var events = 0
    private var bytes = 0
    private var trail = CursorTrail()

    /// Begins with what the look has found out about the lanes.
    ///
    /// - Parameters:
    ///   - leases: the lanes at hand.
    ///   - eventNumbers: the number of the last event of each lane, as of the look.
    ///   - byteLimit: the most bytes of events of a batch, but for those of its last delivery.
    init(leases: [LeasedLane], eventNumbers: [Lane: Int64], byteLimit: Int) {
        self.leases = leases
        self.eventNumbers = eventNumbers
        self.byteLimit = byteLimit
    }

    /// Adds the next delivery; true when it is time to store what has gathered.
    mutating func add(_ item: WorkItem) -> Bool {
        self.items.append(self.trail.follow(item))
        if case .events(let normalized, _, _) = item.normalization {
            self.events += normalized.events.count
            self.bytes += normalized.events.reduce(0) { $0 + $1.data.count }
        }
        return self.events >= Self.eventLimit || self.bytes >= self.byteLimit
    }

    /// Takes out what has gathered.
    mutating func take() -> [WorkItem] {
        defer { self.items.removeAll(keepingCapacity: true) }
        self.events = 0
        self.bytes = 0
        return self.items
    }

    /// Notes the numbers a stored batch has reached.
    mutating func stored(_ receipt: BatchReceipt) {
        self.eventNumbers.merge(receipt.eventNumbers) { _, new in new }
    }
}
