/// What a job does: the word in `job_status`.
package enum JobKind: String, Sendable, CaseIterable {
    case replayDeadLetters = "replay-dead-letters"
    case discardDeadLetters = "discard-dead-letters"
    case acknowledgeDeadLetters = "acknowledge-dead-letters"
    case reopenDeadLetters = "reopen-dead-letters"
    case replayEvents = "replay-events"
    case renormalize
}
