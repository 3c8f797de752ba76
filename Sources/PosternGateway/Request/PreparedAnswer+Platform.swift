internal import NIOCore
internal import NIOHTTP1
internal import PosternHTTP
internal import PosternPlatforms

extension PreparedAnswer {
    /// Serializes an answer of a platform's definition.
    init(_ answer: PlatformAnswer) {
        self.init(
            status: HTTPResponseStatus(statusCode: answer.status),
            contentType: answer.contentType ?? "text/plain",
            body: ByteBuffer(bytes: answer.body),
            fields: answer.headers.map { line in (name: line.name, value: line.value) }
        )
    }
}
