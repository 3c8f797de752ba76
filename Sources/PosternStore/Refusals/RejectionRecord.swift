package import PosternModel

/// One remembered refusal.
package struct RejectionRecord: Sendable, Equatable {
    package let id: UniqueID
    package let at: Timestamp
    /// The refusal's code.
    package let reason: String
    package let address: String
    package let method: String
    /// `name: value` lines as in a delivery, without those that hold secrets.
    package let headers: [UInt8]

    /// Joins the values.
    package init(
        id: UniqueID,
        at: Timestamp,
        reason: String,
        address: String,
        method: String,
        headers: [UInt8]
    ) {
        self.id = id
        self.at = at
        self.reason = reason
        self.address = address
        self.method = method
        self.headers = headers
    }
}
