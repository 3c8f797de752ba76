package import NIOCore
package import NIOHTTP1
internal import PosternModel
package import PosternStore

/// The form in which a request's header fields are stored: `name: value` lines, names in lower case.
///
/// The first line is `:target: …`, the request target. Values cannot hold a line end: the parser refuses those.
package enum StoredHeaders {
    /// Fields that are never stored: credentials of whoever sent them, and what belongs to the connection.
    private static let dropped: Set<String> = [
        "authorization", "connection", "cookie", "proxy-authorization", "set-cookie", "transfer-encoding",
    ]

    /// Writes the lines into a buffer of their own.
    ///
    /// `secretHeader`: the field that carries a token rather than a signature; its value is not stored.
    package static func encode(
        target: String,
        headers: HTTPHeaders,
        secretHeaders: [String],
        allocator: ByteBufferAllocator
    ) -> ByteBuffer {
        var lines = allocator.buffer(capacity: 512)
        lines.writeStaticString(":target: ")
        lines.writeString(target)
        lines.writeInteger(UInt8(ascii: "\n"))
        for (name, value) in headers {
            let start = lines.writerIndex
            lines.writeString(name)
            Self.lowercase(&lines, from: start)
            if lines.writerIndex - start <= 19, Self.isDropped(name) {
                lines.moveWriterIndex(to: start)
                continue
            }
            lines.writeStaticString(": ")
            if secretHeaders.isEmpty
                || !secretHeaders.contains(where: { $0.utf8.count == name.utf8.count && $0 == name.lowercased() })
            {
                lines.writeString(value)
            } else {
                lines.writeStaticString("[secret]")
            }
            lines.writeInteger(UInt8(ascii: "\n"))
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

    private static func lowercase(_ lines: inout ByteBuffer, from start: Int) {
        for index in start..<lines.writerIndex {
            guard let byte = lines.getInteger(at: index, as: UInt8.self), byte >= UInt8(ascii: "A"),
                byte <= UInt8(ascii: "Z")
            else { continue }
            lines.setInteger(byte | 0x20, at: index)
        }
    }

    /// Lengths first: most names differ there, and the set is only asked for the few that could be in it.
    private static func isDropped(_ name: String) -> Bool {
        switch name.utf8.count {
        case 6, 10, 13, 17, 19: Self.dropped.contains(name.lowercased())
        default: false
        }
    }
}
