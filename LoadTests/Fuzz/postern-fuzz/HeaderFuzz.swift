internal import NIOCore
internal import NIOHTTP1
internal import PosternConsumer
internal import PosternGateway

/// Stored header lines: anything can be read, and what was read once stays what it is when it is stored again.
enum HeaderFuzz {
    static func read(_ bytes: [UInt8]) {
        // The first writing leaves out what is never stored, and lowers names.
        let first = Self.stored(RequestLines(bytes))
        let second = Self.stored(first)
        precondition(second.target == first.target, "\(first.target) became \(second.target)")
        precondition(second.fields.count == first.fields.count, "\(first.fields) became \(second.fields)")
        for (before, after) in zip(first.fields, second.fields) {
            precondition(before == after, "\(before) became \(after)")
        }
        _ = first.query
    }

    private static func stored(_ lines: RequestLines) -> RequestLines {
        let buffer = StoredHeaders.encode(
            target: lines.target,
            headers: HTTPHeaders(lines.fields.map { ($0.name, $0.value) }),
            secretHeaders: [],
            allocator: ByteBufferAllocator()
        )
        return RequestLines(Array(buffer.readableBytesView))
    }
}
