package import NIOCore

/// What a PROXY header says about a connection.
///
/// Source: "The PROXY protocol, versions 1 & 2" (haproxy.org, doc/proxy-protocol.txt), sections 2.1 and 2.2.
package enum ProxyHeader: Equatable, Sendable {
    /// The proxy's own connection, or one whose origin it does not know: the connection's address counts.
    case own
    /// A connection forwarded for this address.
    case proxied(PeerAddress)

    /// What came of an attempt to read a header.
    package enum Reading: Equatable, Sendable {
        /// All bytes so far can begin a header; read again with more.
        case incomplete
        /// The header; its bytes were consumed, those behind it were not.
        case complete(ProxyHeader)
        /// This is no header that may be taken.
        case malformed
    }

    /// Bytes of a header of version 1 at most, its line end included.
    package static let textLimitBytes = 107
    /// Bytes of a header of version 2 at most.
    ///
    /// The length field could say 65,551; addresses take 52 bytes, and what proxies add (names, certificates' subjects,
    /// their own identifiers) takes hundreds.
    package static let binaryLimitBytes = 4096

    /// Reads a header from the start of what has come so far.
    ///
    /// Holds nothing between calls: each looks at the whole start again, which is bounded. Extensions, the checksum
    /// among them, are skipped.
    package static func read(from buffer: inout ByteBuffer) -> Reading {
        let bytes = buffer.readableBytesView
        if Self.begins(bytes, like: Self.binarySignature) { return Self.readBinary(&buffer) }
        if Self.begins(bytes, like: Self.textSignature) { return Self.readText(&buffer) }
        return .malformed
    }

    private static let textSignature = Array("PROXY ".utf8)
    private static let binarySignature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]

    /// Whether bytes are the beginning of a signature, or begin with it.
    private static func begins(_ bytes: ByteBufferView, like signature: [UInt8]) -> Bool {
        bytes.prefix(signature.count).elementsEqual(signature.prefix(bytes.count))
    }

    // MARK: version 1

    private static func readText(_ buffer: inout ByteBuffer) -> Reading {
        let start = buffer.readableBytesView.prefix(Self.textLimitBytes)
        guard let newline = start.firstIndex(of: 10) else {
            return start.count < Self.textLimitBytes ? .incomplete : .malformed
        }
        let line = start[start.startIndex...newline]
        guard line.dropLast().last == 13 else { return .malformed }
        let text = String(decoding: line.dropLast(2), as: UTF8.self)
        buffer.moveReaderIndex(forwardBy: line.count)
        return Self.header(text).map { .complete($0) } ?? .malformed
    }

    private static func header(_ line: String) -> ProxyHeader? {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count >= 2 else { return nil }
        // What follows UNKNOWN must be ignored.
        if words[1] == "UNKNOWN" { return .own }
        guard words.count == 6, let source = Self.address(words[2], of: words[1]),
            Self.address(words[3], of: words[1]) != nil, Self.isPort(words[4]), Self.isPort(words[5])
        else { return nil }
        return .proxied(source)
    }

    private static func address(_ text: Substring, of protocolName: Substring) -> PeerAddress? {
        guard !text.utf8.contains(UInt8(ascii: "%")) else { return nil }
        let isIPv6 = text.utf8.contains(UInt8(ascii: ":"))
        guard protocolName == (isIPv6 ? "TCP6" : "TCP4") else { return nil }
        return PeerAddress(text: text)
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard (1...5).contains(text.utf8.count), text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0"),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let port = Int(text)
        else { return false }
        return port <= 65_535
    }

    // MARK: version 2

    private static func readBinary(_ buffer: inout ByteBuffer) -> Reading {
        let start = buffer.readerIndex
        guard let command = buffer.getInteger(at: start + 12, as: UInt8.self) else { return .incomplete }
        guard command >> 4 == 2, command & 0xF <= 1 else { return .malformed }
        guard let family = buffer.getInteger(at: start + 13, as: UInt8.self),
            let length = buffer.getInteger(at: start + 14, as: UInt16.self)
        else { return .incomplete }
        let total = 16 + Int(length)
        guard total <= Self.binaryLimitBytes else { return .malformed }
        guard buffer.readableBytes >= total else { return .incomplete }
        // LOCAL: whatever the rest is, it is skipped.
        let header = command & 0xF == 0 ? .own : Self.header(family, length: Int(length), at: start + 16, in: buffer)
        buffer.moveReaderIndex(forwardBy: total)
        return header.map { .complete($0) } ?? .malformed
    }

    private static func header(_ family: UInt8, length: Int, at index: Int, in buffer: ByteBuffer) -> ProxyHeader? {
        switch family {
        case 0x11:
            guard length >= 12, let address = buffer.getInteger(at: index, as: UInt32.self) else { return nil }
            return .proxied(PeerAddress(family: .ipv4, number: UInt128(address)))
        case 0x21:
            guard length >= 36, let address = buffer.getInteger(at: index, as: UInt128.self) else { return nil }
            return .proxied(PeerAddress(family: .ipv6, number: address))
        // Unspecified; and what a receiver that has no use for it must take for that: unix sockets and datagrams.
        case 0x00, 0x12, 0x22, 0x31, 0x32: return .own
        default: return nil
        }
    }
}
