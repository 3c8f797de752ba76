package import PosternModel

/// A row of the retry queue whose time has come.
package struct DueRetry: Sendable {
    /// The row's own identifier.
    package let id: UniqueID
    /// Which retry is due, counted from 1.
    package let attempt: Int32
    package let content: DeliveryContent

    /// Joins the fields.
    package init(id: UniqueID, attempt: Int32, content: DeliveryContent) {
        self.id = id
        self.attempt = attempt
        self.content = content
    }
}
