/// One piece of a signed message.
enum MessagePart: Sendable {
    /// The body, byte by byte.
    case body
    /// The body with every character outside ASCII written as `\uXXXX`.
    case escapedBody
    /// The signed time as it was sent.
    case timestamp
    /// The request's method.
    case method
    /// The full public URL.
    case url
    /// The fields of a form body: distinct name and value pairs, sorted, names and values run together.
    case sortedForm
    /// The secret itself, in hashes without a key.
    case secret
    case literal([UInt8])
    case header(HeaderSlot)
    /// A text, number or truth value in the body.
    case json(ValuePath, absentIsEmpty: Bool)
    /// A setting of the endpoint.
    case parameter(String)

    /// Whether the piece cannot be hashed before the body is complete; the raw body itself can be, in chunks.
    var needsWholeBody: Bool {
        switch self {
        case .escapedBody, .sortedForm, .json: true
        case .body, .timestamp, .method, .url, .secret, .literal, .header, .parameter: false
        }
    }

    /// Whether the piece is the body in some notation.
    var coversBody: Bool {
        switch self {
        case .body, .escapedBody, .sortedForm: true
        case .timestamp, .method, .url, .secret, .literal, .header, .json, .parameter: false
        }
    }

    /// The endpoint setting the piece is.
    var parameterName: String? {
        if case .parameter(let name) = self { name } else { nil }
    }
}
