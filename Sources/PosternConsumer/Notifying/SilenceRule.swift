package import PosternModel
package import PosternStore

/// Decides when an endpoint has been silent for longer than its own rhythm explains.
package struct SilenceRule: Sendable {
    /// Over how long the rhythm is learned.
    package var history: Duration = .seconds(7 * 86_400)
    /// An endpoint with fewer minutes that had a request has no rhythm.
    package var minutes = 20
    /// Nor has one whose first and last request lie closer together.
    package var span: Duration = .seconds(2 * 86_400)
    /// How many times the longest gap so far it may be silent.
    package var factor = 3
    /// It may always be silent for so long.
    package var shortest: Duration = .seconds(3600)
    /// How much longer than the longest gap it may be silent at most: after a weekend without requests, three weekends
    /// would say nothing.
    package var longestExcess: Duration = .seconds(86_400)

    /// Takes the defaults.
    package init() {}

    /// How long an endpoint may be silent; `nil` for one without a rhythm.
    package func bound(for rhythm: EndpointRhythm) -> Duration? {
        guard rhythm.minutes >= Int64(self.minutes), rhythm.first.advanced(by: self.span) <= rhythm.last else {
            return nil
        }
        let longest = min(rhythm.longestGap * self.factor, rhythm.longestGap + self.longestExcess)
        return max(self.shortest, longest)
    }

    /// What is to be told of an endpoint at `now`, if it has been silent for too long.
    ///
    /// It is told for the hour in which the silence began: once for each silence.
    package func notification(of rhythm: EndpointRhythm, at now: Timestamp) -> NewNotification? {
        guard let bound = self.bound(for: rhythm), rhythm.last.advanced(by: bound) < now else { return nil }
        return NewNotification(
            organization: rhythm.organization,
            kind: .endpointSilent,
            subject: rhythm.endpoint.description,
            at: rhythm.last,
            message: "endpoint \(rhythm.name) (\(rhythm.platform)) has had no request since \(rhythm.last); "
                + "the longest silence before was \(Self.text(rhythm.longestGap)): is the platform still sending?"
        )
    }

    private static func text(_ duration: Duration) -> String {
        let minutes = duration.components.seconds / 60
        return minutes < 120 ? "\(minutes) minutes" : "\(minutes / 60) hours"
    }
}
