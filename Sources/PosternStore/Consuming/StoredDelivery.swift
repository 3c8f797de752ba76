/// A delivery read back from the log.
package struct StoredDelivery: Sendable {
    package let head: DeliveryHead
    /// Where the cursor stood that found it.
    package let cursor: Int64
    package let content: DeliveryContent

    /// Joins the fields.
    package init(head: DeliveryHead, cursor: Int64, content: DeliveryContent) {
        self.head = head
        self.cursor = cursor
        self.content = content
    }
}
