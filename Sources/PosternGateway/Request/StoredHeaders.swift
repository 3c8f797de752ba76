package import NIOCore
package import NIOHTTP1
internal import PosternModel
package import PosternStore

/// The form in which a request's header fields are stored: `name: value` lines, names in lower case.
///
/// The first line is `:target: …`, the request target. Values cannot hold a line end: the parser refuses those.
package enum StoredHeaders {
    /// Fields that are never stored: credentials of whoever sent them, and what belongs to the connection.
    private static let dropped = [
        "authorization", "connection", "cookie", "proxy-authorization", "set-cookie", "transfer-encoding",
    ].map { Array($0.utf8) }

    /// Bit n: some dropped field's name is n bytes long.
    private static let droppedLengths = Self.dropped.reduce(UInt64(0)) { $0 | Self.bit(of: $1.count) }

    /// The name of the line that holds the target.
    private static let first = ":target: "
    /// How long a line is at most, mostly.
    private static let usualLineBytes = 64
    /// What stands in place of a token.
    private static let hidden = "[secret]"

    /// Writes the lines into a buffer of their own.
    ///
    /// `secretHeader`: the field that carries a token rather than a signature; its value is not stored.
    package static func encode(
        target: String,
        headers: HTTPHeaders,
        secretHeaders: [String],
        allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        // Enough for nearly all; to go through the fields once more only to count would cost more than to grow.
        var lines = allocator.buffer(capacity: target.utf8.count + 16 + headers.count * Self.usualLineBytes)
        lines.writeString(Self.first)
        lines.writeString(target)
        lines.writeInteger(UInt8(ascii: "\n"))
        for (name, value) in headers {
            let letters = name.utf8.span
            if Self.droppedLengths & Self.bit(of: letters.count) != 0, Self.isDropped(letters) { continue }
            let isSecret = !secretHeaders.isEmpty && secretHeaders.contains { Self.isEqual($0, to: letters) }
            let shown = isSecret ? Self.hidden : value
            let text = shown.utf8.span
            // One write for a line: each makes sure anew that the buffer is its own and large enough.
            lines.writeWithOutputRawSpan(minimumWritableBytes: letters.count + text.count + 3) { output in
                for index in letters.indices { output.append(Self.lowercase(letters[index])) }
                output.append(UInt8(ascii: ":"))
                output.append(UInt8(ascii: " "))
                for index in text.indices { output.append(text[index]) }
                output.append(UInt8(ascii: "\n"))
            }
        }
        return lines
    }

    /// The fields that carry a token, with their values: what ``encode(target:headers:secretHeaders:allocator:)`` hides.
    package static func secrets(in headers: HTTPHeaders, named names: [String]) -> [QuarantineContent.SecretHeader] {
        guard !names.isEmpty else { return [] }
        return headers.compactMap { field in
            let name = field.name.lowercased()
            guard names.contains(name) else { return nil }
            return QuarantineContent.SecretHeader(name: name, value: Secret(field.value))
        }
    }

    /// Whether a name of any case is a lowercase one.
    private static func isEqual(_ word: String, to name: Span<UInt8>) -> Bool {
        let letters = word.utf8.span
        guard letters.count == name.count else { return false }
        for index in letters.indices where Self.lowercase(name[index]) != letters[index] { return false }
        return true
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// The bit of ``droppedLengths`` that stands for a name's length.
    private static func bit(of length: Int) -> UInt64 { length < 64 ? 1 << UInt64(length) : 0 }

    private static func isDropped(_ name: Span<UInt8>) -> Bool {
        for word in Self.dropped where word.count == name.count {
            if word.indices.allSatisfy({ Self.lowercase(name[$0]) == word[$0] }) { return true }
        }
        return false
    }
}
