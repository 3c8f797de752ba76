/// What a platform posted, as it was stored.
package struct StoredRequest: Sendable, Equatable {
    /// `name: value` lines, the first of them `:target: /path?query`.
    package let headers: [UInt8]
    /// The exact bytes that were posted.
    package let body: [UInt8]

    /// Joins the fields.
    package init(headers: [UInt8], body: [UInt8]) {
        self.headers = headers
        self.body = body
    }
}
