/// What a platform does after an answer that is not its idea of success.
package enum SenderAction: String, Sendable, CaseIterable {
    /// It sends the same again later.
    case retry
    /// It gives this delivery up.
    case final
    /// It stops sending to this URL until somebody intervenes.
    case disable
}
