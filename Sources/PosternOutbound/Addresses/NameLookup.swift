package import PosternHTTP

/// Where the addresses of a name come from.
package protocol NameLookup: Sendable {
    /// All addresses of a name, best first, at least one.
    ///
    /// Blocking: called on threads made for it.
    func addresses(of name: String) throws(LookupFailure) -> [PeerAddress]
}
