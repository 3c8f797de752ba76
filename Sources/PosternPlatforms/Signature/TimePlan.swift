internal import PosternModel

/// Where the signed time stands, how it is written, and how far it may be from now.
struct TimePlan: Sendable {
    /// A place where the time may stand.
    enum Source: Sendable {
        case header(HeaderSlot)
        /// A key of the list the signature stands in.
        case listKey(String)
        case json(ValuePath)
    }

    /// How the time is written.
    enum Unit: String, Sendable, CaseIterable {
        case seconds = "s"
        case milliseconds = "ms"
        case iso8601

        /// Reads a time; `nil` when it is written otherwise.
        func read(_ text: Substring) -> Timestamp? {
            switch self {
            case .seconds:
                if let whole = Self.whole(text.utf8.span, digits: 11) {
                    Timestamp(seconds: whole)
                } else {
                    Timestamp(decimal: text, unit: .seconds)
                }
            case .milliseconds:
                if let whole = Self.whole(text.utf8.span, digits: 14) {
                    Timestamp(milliseconds: whole)
                } else {
                    Timestamp(decimal: text, unit: .milliseconds)
                }
            case .iso8601: Timestamp(iso8601: text)
            }
        }

        /// The number that up to so many digits stand for: what nearly every signed time is.
        ///
        /// The reader of the model is generic and not specialized across modules, which shows in a profile.
        private static func whole(_ text: Span<UInt8>, digits limit: Int) -> Int64? {
            guard text.count > 0, text.count <= limit else { return nil }
            var value: Int64 = 0
            for index in text.indices {
                guard case UInt8(ascii: "0")...UInt8(ascii: "9") = text[index] else { return nil }
                value = value * 10 + Int64(text[index] - UInt8(ascii: "0"))
            }
            return value
        }

        /// Writes a time.
        func write(_ time: Timestamp) -> String {
            switch self {
            case .seconds: String(time.seconds)
            case .milliseconds: String(time.microseconds / 1000)
            case .iso8601: time.description
            }
        }
    }

    /// The places in the order they are tried.
    let sources: [Source]
    let unit: Unit
    /// Seconds before now; `nil` for no limit.
    let pastSeconds: Int?
    /// Seconds after now; `nil` for no limit, 0 for none at all.
    let futureSeconds: Int?
    /// Whether the limits hold for endpoints that do not set their own.
    let isEnforced: Bool

    /// Whether the time may stand in the body.
    var readsBody: Bool {
        self.sources.contains { if case .json = $0 { true } else { false } }
    }

    /// The key of the signature's list that holds the time, if that is a place for it.
    var listKey: String? {
        for source in self.sources {
            if case .listKey(let key) = source { return key }
        }
        return nil
    }

    /// Finds the time as it was sent: in the first place that has one.
    func text(_ facts: RequestFacts, _ candidates: SignatureCandidates, _ scope: ReferenceScope?) -> Substring? {
        for source in self.sources {
            let found: Substring? =
                switch source {
                case .header(let slot): facts.header(slot)?[...]
                case .listKey: candidates.listTime
                case .json(let path): scope.flatMap { path.text(in: $0) }?[...]
                }
            if let found, !found.isEmpty { return found }
        }
        return nil
    }
}
