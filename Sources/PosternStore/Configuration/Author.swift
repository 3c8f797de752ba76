/// Who changes the configuration, and from where: what the audit log will say.
package struct Author: Sendable, Equatable {
    /// A person or a token: `cli:alice`, `token:deploy`.
    package let who: String
    /// A host or an address: `cli gateway-1`, `api 192.0.2.7`.
    package let origin: String

    /// Names the author.
    package init(who: String, origin: String) {
        self.who = who
        self.origin = origin
    }
}
