internal import PosternStore

/// What administrators are told about, and how often.
package struct NotificationConfiguration: Sendable {
    /// How often it is looked.
    package var interval: Duration = .seconds(60)
    /// How far back a look goes for what happened at a moment; longer than ``interval``, so that a late look misses
    /// nothing.
    package var lookback: Duration = .seconds(600)
    /// How old the oldest delivery not processed, or event not delivered, may be.
    package var backlogAge: Duration = .seconds(900)
    /// How long before a secret expires it is told, once for each span.
    package var secretSpans: [Duration] = [.seconds(7 * 86_400), .seconds(86_400)]
    /// Over how long requests refused for their signature are counted.
    package var signatureWindow: Duration = .seconds(600)
    /// An endpoint with fewer requests in the window is left alone.
    package var signatureRequests = 20
    /// How large a part of them must have been refused, 0 to 1.
    package var signatureRatio = 0.5
    /// When an endpoint counts as silent.
    package var silence = SilenceRule()
    /// How long looking for silent endpoints may take at a time; one lane is looked at in any case, and all in turn.
    package var silenceBudget: Duration = .seconds(1)
    /// How often the delivery of a notification is tried, once each ``interval``.
    package var attempts: Int32 = 5
    /// The most notifications that are delivered at a time; the others wait for the next look.
    package var deliveriesAtOnce = 100
    /// How long notifications are remembered.
    package var memory: Duration = .seconds(30 * 86_400)
    /// The longest time one statement may take.
    package var databaseLimit: Duration = .seconds(30)

    /// Takes the defaults.
    package init() {}

    /// How long after one notification the next on the same subject is made; what is told for the hour in which a state
    /// began comes once anyway.
    func pause(after kind: NotificationKind) -> Duration {
        switch kind {
        case .deadLetters, .circuitOpened, .backlog, .signatureFailures: .seconds(3600)
        case .destinationDisabled: .seconds(86_400)
        case .endpointSilent, .secretExpiring: .zero
        }
    }
}
