package import PosternModel

/// What the present definition makes of a delivery.
package enum RenormalizedDelivery: Sendable, Equatable {
    /// One event of it.
    package struct Event: Sendable, Equatable {
        package let type: String
        package let subject: String?
        package let account: String?
        package let time: Timestamp?
        package let key: String
        /// JSON text in UTF-8.
        package let data: [UInt8]

        /// Joins the fields.
        package init(type: String, subject: String?, account: String?, time: Timestamp?, key: String, data: [UInt8]) {
            self.type = type
            self.subject = subject
            self.account = account
            self.time = time
            self.key = key
            self.data = data
        }
    }

    case events([Event], definitionVersion: Int32)
    /// It cannot be read, and why.
    case failed(reason: String)
}
