internal import PosternModel

/// What a destination may look like, checked before the database is asked, so that a refusal names the field.
///
/// Whether a URL or a header can be sent at all is for `PosternOutbound` to say; here it is text of the right shape.
enum DestinationRules {
    static let subscriptionLimit = 50
    static let headerLimit = 20
    static let signingLimit = 10
    static let channelPrefix = "postern"

    /// Checks everything of a destination to be made.
    static func require(_ new: NewDestination) throws(ConfigurationError) {
        try Self.requireName(new.name)
        switch new.kind {
        case .http, .alert:
            guard let url = new.url else { throw .invalid(field: "url", reason: "is missing") }
            try Self.requireURL(url)
            if new.channel != nil { throw .invalid(field: "channel", reason: "is for postgres-notify") }
            if new.signing == nil { throw .invalid(field: "signing_secret", reason: "is missing") }
        case .postgresNotify:
            guard let channel = new.channel else { throw .invalid(field: "channel", reason: "is missing") }
            try Self.requireChannel(channel)
            if new.url != nil { throw .invalid(field: "url", reason: "is for http and alert") }
            if new.signing != nil || !new.headers.isEmpty {
                throw .invalid(field: "secrets", reason: "are for http and alert")
            }
        }
        try Self.requireForm(new.form, of: new.kind)
        try Self.requireTimeout(new.timeout)
        try Self.requireConcurrency(new.concurrency)
        if let rate = new.ratePerSecond { try Self.requireRate(rate) }
        try Self.requireDelays(new.retryDelays)
        if new.headers.count > Self.headerLimit {
            throw .invalid(field: "headers", reason: "at most \(Self.headerLimit)")
        }
        var names: Set<String> = []
        for (name, value) in new.headers {
            try Self.requireHeader(name, value)
            guard names.insert(name.lowercased()).inserted else {
                throw .invalid(field: "headers", reason: "'\(name)' is there twice")
            }
        }
        if new.kind == .alert, !new.subscriptions.isEmpty { throw Self.alertsTakeNoEvents }
        if new.subscriptions.count > Self.subscriptionLimit {
            throw .invalid(field: "subscriptions", reason: "at most \(Self.subscriptionLimit)")
        }
        for subscription in new.subscriptions { try Self.require(subscription) }
    }

    /// Checks what is to be changed of a destination of this kind.
    static func require(_ change: DestinationChange, of kind: DestinationKind) throws(ConfigurationError) {
        if let name = change.name { try Self.requireName(name) }
        if let url = change.url {
            if kind == .postgresNotify { throw .invalid(field: "url", reason: "is for http and alert") }
            try Self.requireURL(url)
        }
        if let channel = change.channel {
            if kind != .postgresNotify { throw .invalid(field: "channel", reason: "is for postgres-notify") }
            try Self.requireChannel(channel)
        }
        if let form = change.form { try Self.requireForm(form, of: kind) }
        if let timeout = change.timeout { try Self.requireTimeout(timeout) }
        if let concurrency = change.concurrency { try Self.requireConcurrency(concurrency) }
        if case .perSecond(let rate) = change.rate { try Self.requireRate(rate) }
        if let delays = change.retryDelays { try Self.requireDelays(delays) }
    }

    /// Checks a subscription's type and filters; the filters by the reader that will meet them again.
    static func require(_ subscription: NewSubscription) throws(ConfigurationError) {
        let glob = subscription.typeGlob
        guard (1...200).contains(glob.unicodeScalars.count), !glob.unicodeScalars.contains(where: Self.isControl) else {
            throw .invalid(field: "type", reason: "1 to 200 characters, * for any run of them and ? for one")
        }
        do throws(SubscriptionFilterError) {
            let written = SubscriptionFilter.json(subscription.filters)
            guard try SubscriptionFilter.list(reading: written) == subscription.filters else {
                throw .notAnArray
            }
        } catch {
            throw .invalid(field: "filters", reason: error.description)
        }
    }

    static let alertsTakeNoEvents = ConfigurationError.invalid(
        field: "subscriptions",
        reason: "a destination of kind alert gets no events"
    )

    private static func requireName(_ name: String) throws(ConfigurationError) {
        guard (1...100).contains(name.unicodeScalars.count), !name.unicodeScalars.contains(where: Self.isControl) else {
            throw .invalid(field: "name", reason: "1 to 100 characters, none of them a control character")
        }
        // A name that looks like an identifier could be taken for another destination's.
        if UniqueID(name) != nil { throw .invalid(field: "name", reason: "must not look like an id") }
    }

    private static func requireURL(_ url: String) throws(ConfigurationError) {
        guard (1...2000).contains(url.utf8.count), url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalid(field: "url", reason: "1 to 2000 visible ASCII characters, the rest percent-encoded")
        }
        let lowered = url.lowercased()
        guard lowered.hasPrefix("https://") || lowered.hasPrefix("http://") else {
            throw .invalid(field: "url", reason: "must begin with https:// or http://")
        }
    }

    private static func requireChannel(_ channel: String) throws(ConfigurationError) {
        let bytes = Array(channel.utf8)
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard (1...63).contains(bytes.count),
            bytes.allSatisfy({ letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_") }),
            !digits.contains(bytes[0])
        else {
            throw .invalid(
                field: "channel",
                reason: "1 to 63 lower-case letters, digits and underscores, no digit first"
            )
        }
        if channel.hasPrefix(Self.channelPrefix) {
            throw .invalid(field: "channel", reason: "must not begin with \(Self.channelPrefix): those are our own")
        }
    }

    private static func requireForm(_ form: DestinationForm, of kind: DestinationKind) throws(ConfigurationError) {
        if form.fits(kind) { return }
        let fitting = DestinationForm.allCases.filter { $0.fits(kind) }.map(\.rawValue).joined(separator: ", ")
        throw .invalid(field: "form", reason: "is \(form.rawValue), of kind \(kind.rawValue) there are \(fitting)")
    }

    private static func requireTimeout(_ timeout: Duration) throws(ConfigurationError) {
        if !(.milliseconds(100)...(.seconds(120))).contains(timeout) {
            throw .invalid(field: "timeout", reason: "100 ms to 120 s")
        }
    }

    private static func requireConcurrency(_ concurrency: Int) throws(ConfigurationError) {
        if !(1...1000).contains(concurrency) { throw .invalid(field: "concurrency", reason: "1 to 1000") }
    }

    private static func requireRate(_ rate: Int) throws(ConfigurationError) {
        if !(1...100_000).contains(rate) { throw .invalid(field: "rate_per_second", reason: "1 to 100000") }
    }

    private static func requireDelays(_ delays: [Duration]) throws(ConfigurationError) {
        let range = Duration.zero...(.seconds(604_800))
        guard delays.count <= 20, delays.allSatisfy({ range.contains($0) && $0.components.attoseconds == 0 }) else {
            throw .invalid(field: "retry_delays", reason: "at most 20, each of 0 to 604800 whole seconds")
        }
    }

    /// Checks that a secret header is one line.
    static func requireHeader(_ name: String, _ value: Secret) throws(ConfigurationError) {
        guard (1...256).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x3A })
        else { throw .invalid(field: "header", reason: "'\(name)' is no name of a header") }
        guard (1...8192).contains(value.bytes.count),
            value.bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
        else {
            throw .invalid(field: "header", reason: "the value of '\(name)' has 1 to 8192 bytes, none of control")
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 || scalar.value == 0x7F }
}
