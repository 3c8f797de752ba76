/// What a request's target points at.
package enum RequestPath: Equatable {
    /// `/webhooks/{platform}/{endpointKey}`: the two joined by a slash, the directory's key. An extra segment is the
    /// token of platforms that sign nothing.
    case webhook(directoryKey: Substring)
    /// `/health`, `/health/live` or `/health/ready`.
    case health(ready: Bool)
    /// Anything else.
    case unknown

    /// Reads the path of an origin-form target (RFC 9112, section 3.2.1); the query is ignored.
    package init(target: String) {
        let end = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        let path = target[..<end]
        let prefix = "/webhooks/"
        guard path.utf8.starts(with: prefix.utf8) else {
            self =
                switch path {
                case "/health", "/health/live": .health(ready: false)
                case "/health/ready": .health(ready: true)
                default: .unknown
                }
            return
        }
        let rest = path[path.utf8.index(path.startIndex, offsetBy: prefix.utf8.count)...]
        guard let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/")) else {
            self = .unknown
            return
        }
        let afterSlash = rest.utf8.index(after: slash)
        let keyEnd = rest[afterSlash...].utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        self = .webhook(directoryKey: rest[..<keyEnd])
    }
}
