package import NIOHTTP1

/// Why the server itself did not take a request or a connection: one case for each answer of its own.
package enum Refusal: Error, Hashable, Sendable {
    /// The bytes are not an HTTP/1.1 request, or its framing is ambiguous.
    case malformedRequest
    /// The version is not HTTP/1.0 or HTTP/1.1.
    case unsupportedVersion
    /// The request target is longer than the limit.
    case targetTooLong
    /// The header fields are too many or too large.
    case headersTooLarge
    /// The transfer coding is not `chunked`.
    case unsupportedTransferEncoding
    /// `Expect` asks for something else than `100-continue`.
    case unknownExpectation
    /// The body is larger than the responder allows for this request.
    case bodyTooLarge(limitBytes: Int)
    /// The head did not arrive in time.
    case headTimeout
    /// The body did not arrive in time.
    case bodyTimeout
    /// The responder did not answer in time.
    case answerOverdue
    /// The server holds as many connections as it may.
    case tooManyConnections
    /// The peer's address, or its IPv6 /64, holds as many connections as it may.
    case tooManyConnectionsFromAddress

    /// The machine-readable code: in the answer and the metric label.
    package var code: String {
        switch self {
        case .malformedRequest: "malformed_request"
        case .unsupportedVersion: "unsupported_version"
        case .targetTooLong: "target_too_long"
        case .headersTooLarge: "headers_too_large"
        case .unsupportedTransferEncoding: "unsupported_transfer_encoding"
        case .unknownExpectation: "unknown_expectation"
        case .bodyTooLarge: "body_too_large"
        case .headTimeout: "head_timeout"
        case .bodyTimeout: "body_timeout"
        case .answerOverdue: "answer_overdue"
        case .tooManyConnections: "too_many_connections"
        case .tooManyConnectionsFromAddress: "too_many_connections_from_address"
        }
    }

    /// The status of the answer.
    ///
    /// Source: RFC 9110, section 15; RFC 6585, sections 4 and 5.
    package var status: HTTPResponseStatus {
        switch self {
        case .malformedRequest: .badRequest
        case .unsupportedVersion: .httpVersionNotSupported
        case .targetTooLong: .uriTooLong
        case .headersTooLarge: .requestHeaderFieldsTooLarge
        case .unsupportedTransferEncoding: .notImplemented
        case .unknownExpectation: .expectationFailed
        case .bodyTooLarge: .payloadTooLarge
        case .headTimeout, .bodyTimeout: .requestTimeout
        case .answerOverdue, .tooManyConnections: .serviceUnavailable
        case .tooManyConnectionsFromAddress: .tooManyRequests
        }
    }

    /// Seconds after which the sender may try again; `nil` when trying again would not help.
    package var retryAfterSeconds: Int? {
        switch self {
        case .answerOverdue, .tooManyConnections, .tooManyConnectionsFromAddress: 5
        case .malformedRequest, .unsupportedVersion, .targetTooLong, .headersTooLarge, .unsupportedTransferEncoding,
            .unknownExpectation, .bodyTooLarge, .headTimeout, .bodyTimeout:
            nil
        }
    }

    /// What happened, for people.
    package var message: String {
        switch self {
        case .malformedRequest: "The request is not valid HTTP/1.1."
        case .unsupportedVersion: "The HTTP version is not supported."
        case .targetTooLong: "The request target is too long."
        case .headersTooLarge: "The request line and header fields are too large or too many."
        case .unsupportedTransferEncoding: "The transfer coding is not supported."
        case .unknownExpectation: "The expectation is not supported."
        case .bodyTooLarge(let limitBytes): "The body is larger than \(limitBytes) bytes."
        case .headTimeout: "The request head did not arrive in time."
        case .bodyTimeout: "The request body did not arrive in time."
        case .answerOverdue: "The answer took too long."
        case .tooManyConnections: "The server has too many connections."
        case .tooManyConnectionsFromAddress: "Your address has too many connections."
        }
    }

    /// What the sender can do about it.
    package var suggestedAction: String {
        switch self {
        case .malformedRequest: "Send one well-formed request with a Host field and one body length."
        case .unsupportedVersion: "Use HTTP/1.1."
        case .targetTooLong: "Shorten the URL."
        case .headersTooLarge: "Send fewer or shorter header fields."
        case .unsupportedTransferEncoding: "Send the body with Content-Length or chunked."
        case .unknownExpectation: "Leave out Expect, or send 100-continue."
        case .bodyTooLarge: "Send a smaller body."
        case .headTimeout, .bodyTimeout: "Send the request without pauses."
        case .answerOverdue: "Send the request again."
        case .tooManyConnections: "Try again shortly."
        case .tooManyConnectionsFromAddress: "Reuse connections instead of opening new ones."
        }
    }

    /// Builds the answer in the shape all JSON answers of Postern have.
    ///
    /// Not for the path of a good request: each call serializes anew.
    package var preparedAnswer: PreparedAnswer {
        let retry = self.retryAfterSeconds.map { ",\"retry_after\":\($0)" } ?? ""
        // The texts above are ours and need no JSON escapes; a test holds them to it.
        let body = """
            {"success":false,"message":"\(self.message)","code":"\(self.code)","errors":[],\
            "suggested_action":"\(self.suggestedAction)"\(retry)}
            """
        let fields = self.retryAfterSeconds.map { [(name: "Retry-After", value: String($0))] } ?? []
        return PreparedAnswer(status: self.status, text: body, fields: fields)
    }
}
