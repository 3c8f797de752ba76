/// What a request is in the eyes of the server that gets it.
package enum RequestKind: Equatable, Sendable {
    /// New and signed rightly.
    case genuine
    /// Sent before, byte for byte.
    case duplicate
    /// New and signed wrongly: it must be refused.
    case forged
}
