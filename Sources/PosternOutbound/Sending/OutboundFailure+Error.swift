internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

extension OutboundFailure {
    /// The most bytes of a description.
    static let detailLimitBytes = 400

    /// The class of an error of the HTTP client, and what to tell people.
    package static func of(_ error: any Error) -> (failure: OutboundFailure, detail: String) {
        let failure: OutboundFailure
        switch error {
        case let error as HTTPClientError: failure = Self.of(error)
        case let error as IOError: failure = Self.of(errno: error.errnoCode)
        case is NIOConnectionError, ChannelError.connectTimeout: failure = .connect
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: failure = .tls
        case ChannelError.eof, ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed,
            HTTPParserError.invalidEOFState:
            failure = .closed
        case is CancellationError: failure = .canceled
        default: failure = .protocol
        }
        return (failure, Self.detail("\(error)"))
    }

    private static func of(_ error: HTTPClientError) -> OutboundFailure {
        switch error {
        case .connectTimeout: .connect
        case .tlsHandshakeTimeout: .tls
        case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout: .timeout
        case .remoteConnectionClosed: .closed
        case .cancelled, .alreadyShutdown: .canceled
        case .invalidURL, .emptyHost, .emptyScheme, .bodyLengthMismatch: .request
        default: .protocol
        }
    }

    private static func of(errno code: CInt) -> OutboundFailure {
        switch code {
        case ECONNRESET, EPIPE, ECONNABORTED: .closed
        default: .connect
        }
    }

    /// One line of bounded length, without NUL.
    static func detail(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            guard line.utf8.count < Self.detailLimitBytes - 4 else { break }
            line.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
        }
        return line
    }
}
