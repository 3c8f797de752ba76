internal import PosternModel

/// A request as the plans of one platform see it: method, URL and the headers of interest, without its body.
///
/// Made in one pass over the request's headers; afterwards plans read headers by slot. One object that all who look at the
/// request share, since to copy nine references for each of them costs more. Belongs to one thread at a time.
package final class RequestFacts {
    /// The method, uppercase as it came.
    package let verb: String
    /// Scheme, host and port of the public URL as it was configured: `https://hooks.example.com`; with an empty one,
    /// `http://` and ``host`` stand for it.
    private let configuredOrigin: String
    /// The host the sender asked for; joined to an origin only where a platform signs the URL.
    private let host: String
    /// Path and query as they came.
    package let target: String
    /// The platform the headers were picked for.
    let platform: Platform
    /// Which lengths names of interest have: most names are sorted out by it, without a look at the table.
    private let lengths: LengthSet
    private var values: [String?]
    private var numbered: [(header: NumberedHeader, value: String)] = []

    /// Starts with the request line; the headers follow by ``note(_:_:)``.
    ///
    /// The URL a platform signs is `origin` followed by `target`; the two are never joined on the way of a request.
    package init(platform: Platform, method: String, origin: String = "", host: String = "", target: String) {
        self.verb = method
        self.configuredOrigin = origin
        self.host = host
        self.target = target
        self.platform = platform
        self.lengths = platform.headers.lengths
        self.values = Array(repeating: nil, count: platform.headers.names.count)
    }

    /// Starts with the request line and all headers.
    ///
    /// On a hot path call ``note(_:_:)`` in a loop of your own: this one is generic over the sequence and was measured
    /// to take longer (1.1 against 0.7 µs for 12 headers), since it is not specialized across modules.
    package convenience init(
        platform: Platform,
        method: String,
        origin: String = "",
        target: String,
        headers: some Sequence<(name: String, value: String)>
    ) {
        self.init(platform: platform, method: method, origin: origin, target: target)
        for (name, value) in headers { self.note(name, value) }
    }

    /// Keeps a header when the platform is interested in it; of headers with the same name the first counts.
    package func note(_ name: String, _ value: String) {
        guard self.lengths.mayContain(name.utf8.count) else { return }
        switch self.platform.headers.match(name.utf8.span) {
        case .slot(let slot):
            if self.values[slot.index] == nil { self.values[slot.index] = value }
        case .numbered(let header): self.numbered.append((header, value))
        case nil: break
        }
    }

    /// Scheme, host and port of the public URL.
    ///
    /// Joins them where none is configured: for platforms that sign the URL.
    package var origin: String {
        self.configuredOrigin.isEmpty && !self.host.isEmpty ? "http://\(self.host)" : self.configuredOrigin
    }

    /// The value in a slot of the platform these facts were made for.
    package func header(_ slot: HeaderSlot) -> String? { self.values[slot.index] }

    /// The slot of a header of that name, if the platform has one.
    func slot(for name: String) -> HeaderSlot? { self.platform.headers.existingSlot(for: name) }

    /// Calls `body` with each value of a family of numbered headers.
    func forEach(_ header: NumberedHeader, _ body: (String) -> Void) {
        for entry in self.numbered where entry.header == header { body(entry.value) }
    }

    /// The query behind the first question mark of the target, without it.
    package var queryText: Substring {
        guard let mark = self.target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return "" }
        return self.target[self.target.utf8.index(after: mark)...]
    }

    /// The path of the target, without the query.
    package var path: Substring {
        guard let mark = self.target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return self.target[...] }
        return self.target[..<mark]
    }

    /// What follows the last slash of the path: where platforms that sign nothing have their token.
    package var endOfPath: Substring {
        let path = self.path
        let start = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) } ?? path.startIndex
        return path[start...]
    }
}
