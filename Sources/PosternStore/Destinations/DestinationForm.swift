/// What a destination's requests look like.
package enum DestinationForm: String, Sendable, CaseIterable {
    /// CloudEvents' structured mode: attributes and data in one JSON object.
    case structured
    /// CloudEvents' binary mode: attributes in headers, data as the body.
    case binary
    /// The platform's own request again, headers and body.
    case raw
    /// An alert as one JSON object.
    case json
    /// An alert as Slack's incoming webhooks take it.
    case slack

    /// Whether a destination of this kind may have this form.
    package func fits(_ kind: DestinationKind) -> Bool {
        switch (self, kind) {
        case (.structured, .http), (.binary, .http), (.raw, .http): true
        case (.structured, .postgresNotify), (.binary, .postgresNotify), (.raw, .postgresNotify): true
        case (.json, .alert), (.slack, .alert): true
        case (.json, .http), (.slack, .http), (.json, .postgresNotify), (.slack, .postgresNotify): false
        case (.structured, .alert), (.binary, .alert), (.raw, .alert): false
        }
    }

    /// What a destination of this kind has unless somebody asks otherwise.
    package static func standard(of kind: DestinationKind) -> DestinationForm {
        switch kind {
        case .http, .postgresNotify: .structured
        case .alert: .json
        }
    }
}
