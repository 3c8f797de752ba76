internal import NIOCore
internal import PosternGateway
internal import PosternModel
internal import PosternPlatforms
internal import PosternStore

/// A delivery's way through the commit queue: a place among the waiting, the offer, the batch, the outcome; without
/// PostgreSQL and without a second thread.
enum QueueCases {
    private static let batches = [1, 16, 64, 256]

    @Sendable static func all() throws(CaseFailure) -> [MeasuredCase] {
        Self.batches.map { rows in
            MeasuredCase("queue/batches of \(rows)") { () throws(CaseFailure) in try Self.work(rows) }
        }
    }

    private static func work(_ rows: Int) throws(CaseFailure) -> MeasuredCase.Work {
        let row = DeliveryRow(
            id: DeliveryID(UniqueID(high: 0x7000, low: 1)),
            organization: OrganizationID(UniqueID(high: 1, low: 1)),
            endpoint: EndpointID(UniqueID(high: 2, low: 1)),
            lane: Lane(0),
            platform: try PlatformRequest.name("github"),
            secret: nil
        )
        let headers = ByteBuffer(repeating: 0x61, count: 400)
        let body = ByteBuffer(repeating: 0x62, count: 1024)
        let queue = CommitQueue(rowLimit: 4096, byteLimit: 64 << 20)
        queue.writerBecameReady()
        return { (count: Int) throws(CaseFailure) in
            let waiting = WaitingRequests()
            let waiter = Waiter()
            var done = 0
            while done < count {
                let batch = min(rows, count - done)
                for _ in 0..<batch {
                    let ticket = Ticket(
                        row: row,
                        headers: headers,
                        body: body,
                        loop: 0,
                        slot: waiting.add(waiter),
                        share: 0
                    )
                    guard queue.offer(ticket) == .queued(wakesWriter: false) else {
                        throw .wrongResult("the queue is full")
                    }
                }
                let taken = queue.next(batch, whileIdle: { () throws(Never) in })
                for ticket in taken ?? [] { waiting.finish(ticket.slot, .committed) }
                done += batch
            }
            guard waiter.committed == count else {
                throw .wrongResult("\(waiter.committed) of \(count) were committed")
            }
        }
    }

    private final class Waiter: CommitWaiter {
        private(set) var committed = 0

        func commitDecided(_ outcome: CommitOutcome) { if outcome == .committed { self.committed += 1 } }
    }
}
