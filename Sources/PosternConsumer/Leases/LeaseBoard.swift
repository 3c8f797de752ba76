package import PosternModel
package import PosternStore
internal import Synchronization

/// The lease table as keeper and workers share it.
///
/// Any thread; nothing waits under its lock.
package final class LeaseBoard: Sendable {
    private let table: Mutex<LeaseTable>

    /// Starts without lanes.
    package init(lease: Duration, margin: Duration) {
        self.table = Mutex(LeaseTable(lease: lease, margin: margin))
    }

    /// Decides something about the lanes.
    package func withTable<Value: Sendable>(_ body: (inout LeaseTable) -> Value) -> Value {
        self.table.withLock { body(&$0) }
    }

    /// Gives a worker its lanes.
    package func checkOut(worker: Int, of workers: Int) -> [LeasedLane] {
        self.table.withLock { $0.checkOut(worker: worker, of: workers, at: .now) }
    }

    /// Takes a worker's lanes back.
    package func checkIn(_ lanes: [LeasedLane]) { self.table.withLock { $0.checkIn(lanes) } }

    /// Gives the delivery its lanes; see ``LeaseTable/checkOutForDelivery(at:)``.
    package func checkOutForDelivery() -> (staying: [LeasedLane], leaving: [LeasedLane]) {
        self.table.withLock { $0.checkOutForDelivery(at: .now) }
    }

    /// Takes lanes back whose deliveries are settled.
    package func checkInFromDelivery(_ lanes: [LeasedLane]) {
        self.table.withLock { $0.checkInFromDelivery(lanes) }
    }

    /// Takes all lanes back: nothing is delivered any more.
    func checkInAllFromDelivery() { self.table.withLock { $0.checkInFromDelivery($0.lanes) } }

    /// Whether a lane is held under this fence.
    package func holds(_ lane: LeasedLane) -> Bool { self.table.withLock { $0.lanes.contains(lane) } }

    /// Drops lanes that the database said are not ours any more.
    package func lost(_ lanes: [LeasedLane]) { self.table.withLock { $0.lost(lanes) } }

    /// The lanes held.
    package var lanes: [Lane] { self.table.withLock { $0.lanes.map(\.lane) } }
}
