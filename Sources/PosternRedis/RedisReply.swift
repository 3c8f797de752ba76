/// One answer of Redis, copied out of the library's memory.
package indirect enum RedisReply: Equatable, Sendable {
    /// Bytes of a value.
    case bytes([UInt8])
    /// A short word, such as `OK`.
    case status(String)
    /// An error of one command; the others of its pipeline were run all the same.
    case error(String)
    /// A number.
    case integer(Int64)
    /// Several answers in one.
    case array([RedisReply])
    /// Nothing is there.
    case null

    /// The value or word as text; `nil` for other kinds.
    ///
    /// Bytes that are not UTF-8 are replaced, never refused: they only ever come from somebody else's keys.
    package var text: String? {
        switch self {
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .status(let word): word
        case .error, .integer, .array, .null: nil
        }
    }

    /// The answers in an array; `nil` for other kinds.
    package var elements: [RedisReply]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The error, wherever in the answer it is; `nil` when there is none.
    package var failure: String? {
        switch self {
        case .error(let message): message
        case .array(let elements): elements.lazy.compactMap(\.failure).first
        case .bytes, .status, .integer, .null: nil
        }
    }
}
