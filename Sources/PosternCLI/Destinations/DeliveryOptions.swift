internal import ArgumentParser
internal import PosternStore

/// How a destination is sent to, when it is made and when it is changed; what is not given has its default or stays.
struct DeliveryOptions: ParsableArguments {
    @Option(help: "structured, binary or raw; of kind alert json or slack.") var form: String?
    @Option(help: "How long one attempt may take in all, in milliseconds: 100 to 120000; 15000 unless said.")
    var timeoutMs: Int?
    @Option(help: "How many attempts may be under way at once: 1 to 1000; 8 unless said.") var concurrency: Int?
    @Option(help: "How many attempts may begin in a second: 1 to 100000; as many as it answers unless said.")
    var ratePerSecond: Int?
    @Option(
        help: """
            The waits before each retry, in seconds: at most 20, each up to 604800; 'none' for no retry; \
            60,300,900,3600,7200 unless said.
            """
    )
    var retryDelays: String?
    @Flag(inversion: .prefixedNo, help: "Send the events of one account one at a time, in order.") var ordered: Bool?
    @Flag(inversion: .prefixedNo, help: "Let it have a loopback or private address: the operator's to say.")
    var allowPrivate: Bool?

    /// The form that was asked for.
    ///
    /// - Throws: ``CommandFailure`` for a word that is none.
    func chosenForm() throws -> DestinationForm? {
        try self.form.map { text in
            guard let form = DestinationForm(rawValue: text) else {
                let all = DestinationForm.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure(code: "bad_option", message: "--form is '\(text)', must be one of \(all)")
            }
            return form
        }
    }

    /// Refuses what has no meaning for a destination of this kind, so that nobody relies on it.
    ///
    /// - Throws: ``CommandFailure``.
    func require(meaningFor kind: DestinationKind) throws {
        let given: [(option: String, isGiven: Bool, kinds: [DestinationKind])] = [
            ("--form", self.form != nil, [.http, .alert]),
            ("--timeout-ms", self.timeoutMs != nil, [.http, .alert]),
            ("--concurrency", self.concurrency != nil, [.http]),
            ("--rate-per-second", self.ratePerSecond != nil, [.http, .postgresNotify]),
            ("--retry-delays", self.retryDelays != nil, [.http]), ("--ordered", self.ordered != nil, [.http]),
            ("--allow-private", self.allowPrivate != nil, [.http, .alert]),
        ]
        for (option, isGiven, kinds) in given where isGiven && !kinds.contains(kind) {
            throw CommandFailure(
                code: "bad_option",
                message: "\(option) means nothing for a destination of kind \(kind.rawValue): leave it out"
            )
        }
    }

    /// The waits that were asked for.
    ///
    /// - Throws: ``CommandFailure`` for what is no list of seconds.
    func chosenDelays() throws -> [Duration]? {
        guard let text = self.retryDelays else { return nil }
        if text == "none" { return [] }
        return try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let seconds = Int32(part) else {
                throw CommandFailure(
                    code: "bad_option",
                    message: "--retry-delays takes whole seconds with commas between, or none, not '\(text)'"
                )
            }
            return .seconds(seconds)
        }
    }

    /// The time for one attempt that was asked for.
    var timeout: Duration? { self.timeoutMs.map { .milliseconds($0) } }
}
