/// An answer to a platform, ready to be sent.
package struct PlatformAnswer: Hashable, Sendable {
    /// 200 to 599.
    package let status: Int
    /// The type of the body; `nil` when there is none.
    package let contentType: String?
    /// Further headers.
    package let headers: [HeaderLine]
    /// The body's bytes.
    package let body: [UInt8]

    /// Joins the parts of an answer.
    package init(status: Int, contentType: String? = nil, headers: [HeaderLine] = [], body: [UInt8] = []) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }
}
