internal import PosternJSON
internal import PosternModel
internal import PosternPostgres
internal import PosternStore

/// What is allowed and yet likely a mistake: said, and done all the same.
enum DestinationWarnings {
    private static let privateSuffixes = [".localhost", ".local", ".internal", ".lan", ".home.arpa"]

    /// Says of types that the organization had no such event of late.
    ///
    /// - Throws: ``PosternStore/ConfigurationError``.
    static func types(
        _ subscriptions: [NewSubscription],
        of organization: OrganizationID,
        _ administration: Administration,
        _ connection: inout Connection
    ) throws(ConfigurationError) -> [String] {
        let globs = Array(Set(subscriptions.map(\.typeGlob))).sorted()
        return try administration.typesUnseen(
            globs,
            by: organization,
            &connection,
            within: AdministrationOptions.limit
        ).map { glob in
            """
            no event of the organization's last day has a type like '\(glob)'; types are the platforms' own words, such as \
            push, issues.opened or charge.succeeded
            """
        }
    }

    /// Says of a URL whose host has a name of a private network that nothing will be sent there.
    static func url(_ url: String?, allowsPrivate: Bool) -> [String] {
        guard !allowsPrivate, let host = url.map(Self.host), Self.isPrivate(host) else { return [] }
        return [
            """
            '\(host)' is likely a loopback or private address, to which nothing is sent unless the operator allows it with \
            --allow-private
            """
        ]
    }

    /// Prints warnings for a person.
    static func printText(_ warnings: [String]) {
        for warning in warnings { print("  warning  \(PrintableText.escape(warning))") }
    }

    /// Writes them as a member of an open object.
    static func write(_ warnings: [String], to writer: inout JSONWriter) {
        writer.name("warnings")
        writer.beginArray()
        for warning in warnings { writer.string(warning) }
        writer.endArray()
    }

    /// A name without a dot is one of the own network, and an address was looked at before.
    private static func isPrivate(_ host: String) -> Bool {
        if host.hasPrefix("[") { return false }
        return !host.contains(".") || Self.privateSuffixes.contains { host.hasSuffix($0) }
    }

    private static func host(of url: String) -> String {
        let rest = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last.map(String.init) ?? ""
        let authority = rest.prefix { !"/?#".contains($0) }
        if authority.hasPrefix("[") { return String(authority) }
        let name = authority.prefix { $0 != ":" }.lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }
}
