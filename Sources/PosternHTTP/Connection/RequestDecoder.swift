internal import NIOCore
internal import NIOHTTP1

/// NIO's request decoder, which stops taking bytes when its connection wants no more of them.
///
/// Left alone, the decoder keeps what follows a request to change the protocol, and blanks without end. Belongs to its
/// channel's event loop.
final class RequestDecoder: ByteToMessageDecoder {
    typealias InboundOut = HTTPServerRequestPart

    private let decoder: HTTPRequestDecoder
    private let connection: HTTPConnection
    /// Bytes of earlier reads that the decoder still holds.
    private var kept = 0

    /// Makes the decoder of one connection.
    init(_ limits: ConnectionLimits, connection: HTTPConnection) {
        var decoderLimits = NIOHTTPDecoderLimitConfiguration()
        // The decoder counts target and fields as one and cannot say which was too much. It lets through what either
        // limit might; RequestFraming holds each to its own.
        decoderLimits.maxHeaderFieldSize = limits.headerBytes + limits.targetBytes
        decoderLimits.maxHeaderListSize = decoderLimits.maxHeaderFieldSize
        decoderLimits.maxHeaderFieldCount = limits.headerCount
        self.decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: decoderLimits)
        self.connection = connection
    }

    func decoderAdded(context: ChannelHandlerContext) { self.decoder.decoderAdded(context: context) }

    func decoderRemoved(context: ChannelHandlerContext) { self.decoder.decoderRemoved(context: context) }

    func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard !self.connection.ignoresInput else {
            self.kept = 0
            buffer.moveReaderIndex(forwardBy: buffer.readableBytes)
            return .needMoreData
        }
        let arrived = buffer.readableBytes - self.kept
        let state = try self.decoder.decode(context: context, buffer: &buffer)
        self.kept = buffer.readableBytes
        self.connection.decoded(bytes: arrived)
        return state
    }

    func decodeLast(
        context: ChannelHandlerContext,
        buffer: inout ByteBuffer,
        seenEOF: Bool
    ) throws -> DecodingState {
        guard !self.connection.ignoresInput else { return .needMoreData }
        return try self.decoder.decodeLast(context: context, buffer: &buffer, seenEOF: seenEOF)
    }
}
