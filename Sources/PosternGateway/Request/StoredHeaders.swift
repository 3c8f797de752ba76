package import NIOCore
package import NIOHTTP1
internal import PosternModel
internal import PosternPlatforms
package import PosternStore

/// The form in which a request's header fields are stored: `name: value` lines, names in lower case.
///
/// The first line is `:target: …`, the request target. Values cannot hold a line end: the parser refuses those.
package enum StoredHeaders {
    /// Fields that are never stored: credentials of whoever sent them, and what belongs to the connection.
    private static let dropped = [
        "authorization", "connection", "cookie", "proxy-authorization", "set-cookie", "transfer-encoding",
    ].map { Array($0.utf8) }

    private static let droppedLengths = LengthSet(Self.dropped.map(\.count))

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
            if Self.droppedLengths.mayContain(letters.count), Self.isDropped(letters) { continue }
            let isSecret = !secretHeaders.isEmpty && secretHeaders.contains { letters.equalsIgnoringCase($0.utf8.span) }
            let shown = isSecret ? Self.hidden : value
            let text = shown.utf8.span
            // One write for a line: each makes sure anew that the buffer is its own and large enough.
            lines.writeWithOutputRawSpan(minimumWritableBytes: letters.count + text.count + 3) { output in
                for index in letters.indices { output.append(letters[index].lowercasedASCII) }
                output.append(UInt8(ascii: ":"))
                output.append(UInt8(ascii: " "))
                for index in text.indices { output.append(text[index]) }
                output.append(UInt8(ascii: "\n"))
            }
        }
        return lines
    }

    /// The target of a request with what stands in place of a token as the last part of its path.
    static func targetHidingEndOfPath(_ facts: RequestFacts) -> String {
        let token = facts.endOfPath
        return facts.target[..<token.startIndex] + Self.hidden + facts.target[token.endIndex...]
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

    private static func isDropped(_ name: Span<UInt8>) -> Bool {
        for word in Self.dropped where name.equalsIgnoringCase(word.span) { return true }
        return false
    }
}
