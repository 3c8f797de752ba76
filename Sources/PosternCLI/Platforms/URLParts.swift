/// A URL cut where a request is: origin and target, as they stand.
struct URLParts {
    /// Scheme, host and port: `https://hooks.example.com`.
    let origin: String
    /// Path and query; `/` for a URL that ends with its host.
    let target: String

    /// Cuts a URL; what has no scheme is all target.
    init(_ url: String) {
        guard let range = url.firstRange(of: "://") else {
            self.origin = ""
            self.target = url
            return
        }
        let slash = url[range.upperBound...].firstIndex(of: "/") ?? url.endIndex
        self.origin = String(url[..<slash])
        self.target = slash == url.endIndex ? "/" : String(url[slash...])
    }
}
