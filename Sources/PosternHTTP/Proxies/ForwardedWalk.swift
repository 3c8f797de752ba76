internal import NIOHTTP1

/// Follows the proxies a request came through back to the first that is not trusted.
///
/// Each proxy adds the address it took the request from at the end, so what the sender made up stands on the left, and
/// nothing left of the first address that is not a trusted proxy is looked at. An element that names no address ends
/// the walk at the last one that did: to guess on would let a sender choose.
struct ForwardedWalk {
    /// The farthest address that is vouched for.
    private(set) var nearest: PeerAddress
    private let trusted: NetworkSet

    /// Starts at a connection of a trusted proxy.
    init(from peer: PeerAddress, trusted: NetworkSet) {
        self.nearest = peer
        self.trusted = trusted
    }

    /// Walks through all lines of a field, from the last one on.
    ///
    /// Source: RFC 7239, sections 4, 5.2 and 7.1.
    mutating func follow(_ field: ForwardedField, in headers: HTTPHeaders) {
        switch field {
        case .none: return
        case .xForwardedFor:
            for (name, value) in headers.reversed()
            where name.utf8.count == 15 && name.equalsASCII("x-forwarded-for") {
                guard self.followAddresses(value[...]) else { return }
            }
        case .forwarded:
            for (name, value) in headers.reversed() where name.utf8.count == 9 && name.equalsASCII("forwarded") {
                guard self.followElements(value[...]) else { return }
            }
        }
    }

    /// Takes one step; `false` when it is the last.
    private mutating func step(to address: PeerAddress?) -> Bool {
        guard let address else { return false }
        self.nearest = address
        return self.trusted.contains(address)
    }

    private mutating func followAddresses(_ line: Substring) -> Bool {
        var rest: Substring? = line
        while let list = rest {
            let comma = list.utf8.lastIndex(of: UInt8(ascii: ","))
            let element = list[(comma.map { list.utf8.index(after: $0) } ?? list.startIndex)...].trimmingBlanks
            // Empty elements are no elements (RFC 9110, section 5.6.1.2).
            guard element.isEmpty || self.step(to: ForwardedNode.address(element, mayBeBareIPv6: true)) else {
                return false
            }
            rest = comma.map { list[..<$0] }
        }
        return true
    }

    private mutating func followElements(_ line: Substring) -> Bool {
        var rest: Substring? = line
        while let list = rest {
            guard let split = Self.lastElement(of: list) else { return false }
            let element = split.element.trimmingBlanks
            guard element.isEmpty || self.step(to: Self.address(ofElement: element)) else { return false }
            rest = split.rest
        }
        return true
    }

    /// Cuts off what follows the last comma outside quotes; `nil` when a quote has no beginning.
    ///
    /// From the right, because a quote the sender left open on the left must not swallow what proxies added.
    private static func lastElement(of list: Substring) -> (rest: Substring?, element: Substring)? {
        let bytes = list.utf8
        var index = bytes.endIndex
        var isQuoted = false
        while index > bytes.startIndex {
            index = bytes.index(before: index)
            switch bytes[index] {
            case UInt8(ascii: "\""): if !isQuoted || !Self.isEscaped(index, in: bytes) { isQuoted.toggle() }
            case UInt8(ascii: ",") where !isQuoted: return (list[..<index], list[bytes.index(after: index)...])
            default: break
            }
        }
        return isQuoted ? nil : (nil, list)
    }

    private static func isEscaped(_ index: Substring.Index, in bytes: Substring.UTF8View) -> Bool {
        let backslashes = bytes[..<index].reversed().prefix { $0 == UInt8(ascii: "\\") }.count
        return !backslashes.isMultiple(of: 2)
    }

    /// The address of the one `for` of an element.
    private static func address(ofElement element: Substring) -> PeerAddress? {
        var found: Substring?
        var rest = element
        while !rest.isEmpty {
            let end = Self.endOfPair(rest)
            let pair = rest[..<end].trimmingBlanks
            rest = end < rest.endIndex ? rest[rest.utf8.index(after: end)...] : ""
            if pair.isEmpty { continue }
            guard let equals = pair.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            guard String(pair[..<equals]).equalsASCII("for") else { continue }
            guard found == nil else { return nil }
            found = pair[pair.utf8.index(after: equals)...]
        }
        guard var node = found else { return nil }
        if node.utf8.first == UInt8(ascii: "\"") {
            guard node.utf8.count >= 2, node.utf8.last == UInt8(ascii: "\"") else { return nil }
            node = node.dropFirst().dropLast()
        }
        return ForwardedNode.address(node, mayBeBareIPv6: false)
    }

    /// Where a pair ends: at the next semicolon outside quotes.
    private static func endOfPair(_ text: Substring) -> Substring.Index {
        var isQuoted = false
        var isEscaped = false
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: ";"), !isQuoted {
                return index
            }
        }
        return text.endIndex
    }
}
