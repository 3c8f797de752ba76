/// A request as a platform would send it.
package struct SignedRequest: Equatable, Sendable {
    /// The method.
    package var method: String
    /// Scheme, host and port of the public URL.
    package var origin: String
    /// Path and query; a signature or a hash may have been added to the query.
    package var target: String
    /// All headers, those that carry the signature among them.
    package var headers: [HeaderLine]
    /// The body; a signature or a token may have been put into it.
    package var body: [UInt8]

    /// Joins the parts of a request that is not signed yet.
    package init(method: String, origin: String, target: String, headers: [HeaderLine], body: [UInt8]) {
        self.method = method
        self.origin = origin
        self.target = target
        self.headers = headers
        self.body = body
    }

    /// The request as plans see it.
    func facts(_ platform: Platform) -> RequestFacts {
        RequestFacts(
            platform: platform,
            method: self.method,
            origin: self.origin,
            target: self.target,
            headers: self.headers.map { (name: $0.name, value: $0.value) }
        )
    }

    /// Replaces a header, or adds it.
    mutating func set(_ name: String, _ value: String) {
        let lowercase = name.lowercased()
        self.headers.removeAll { $0.name.lowercased() == lowercase }
        self.headers.append(HeaderLine(name: name, value: value))
    }
}
