internal import Glibc
package import PosternHTTP

/// Asks the system's resolver: `/etc/hosts`, then the name servers.
package struct SystemLookup: NameLookup {
    /// Makes the one there is.
    package init() {}

    package func addresses(of name: String) throws(LookupFailure) -> [PeerAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        // No address family that this machine has no address of.
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(name, nil, &hints, &list)
        guard status == 0 else {
            throw .failed(unsafe gai_strerror(status).map { unsafe String(cString: $0) } ?? "error \(status)")
        }
        defer { unsafe freeaddrinfo(list) }
        var found: [PeerAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe Self.address(entry.pointee), !found.contains(address) { found.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        guard !found.isEmpty else { throw .failed("the name has no address") }
        return found
    }

    private static func address(_ entry: addrinfo) -> PeerAddress? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let status = unsafe getnameinfo(
            entry.ai_addr,
            entry.ai_addrlen,
            &text,
            socklen_t(text.count),
            nil,
            0,
            NI_NUMERICHOST
        )
        guard status == 0 else { return nil }
        let digits = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return PeerAddress(text: String(decoding: digits, as: UTF8.self))
    }
}
