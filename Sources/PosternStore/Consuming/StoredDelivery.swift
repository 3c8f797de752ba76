/// A delivery read back from the log.
package struct StoredDelivery: Sendable {
    package let head: DeliveryHead
    /// Where the cursor stood that found it.
    package let cursor: Int64
    /// What was stored; a large body is left out at first, see ``missingBytes``.
    package let content: DeliveryContent
    /// How long the body is that was left out; 0 when it is here.
    package let missingBytes: Int

    /// Joins the fields.
    package init(head: DeliveryHead, cursor: Int64, content: DeliveryContent, missingBytes: Int = 0) {
        self.head = head
        self.cursor = cursor
        self.content = content
        self.missingBytes = missingBytes
    }

    /// The same delivery with the body that was left out.
    package func completed(with body: [UInt8]) -> StoredDelivery {
        StoredDelivery(head: self.head, cursor: self.cursor, content: self.content.with(body: body))
    }
}
