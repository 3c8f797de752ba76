package import NIOCore
package import PosternStore

/// A verified delivery on its way from an event loop to a writer.
package struct Ticket: Sendable {
    /// Everything but the bytes.
    package let row: DeliveryRow
    /// The stored form of the request's headers.
    package let headers: ByteBuffer
    /// The exact bytes that were posted.
    package let body: ByteBuffer
    /// The event loop to be told: its number among the gateway's loops.
    package let loop: Int
    /// The waiting request's place in that loop's table.
    package let slot: Int

    /// The organization's number in this gateway: whose share of the queue it takes.
    package let share: Int

    /// Joins a delivery and the request that waits for it.
    package init(row: DeliveryRow, headers: ByteBuffer, body: ByteBuffer, loop: Int, slot: Int, share: Int) {
        self.row = row
        self.headers = headers
        self.body = body
        self.loop = loop
        self.slot = slot
        self.share = share
    }

    /// Bytes this ticket keeps in memory.
    package var byteCount: Int { self.headers.readableBytes + self.body.readableBytes }
}
