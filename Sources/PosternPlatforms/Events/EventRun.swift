internal import PosternJSON
internal import PosternModel

/// The evaluation of a plan's rules over one delivery.
struct EventRun {
    /// The most bytes of UTF-8 a type, key, account or subject has; PostgreSQL's indexes refuse rows of a few KiB.
    static let textLimit = 512

    private let body: [UInt8]
    private let document: JSONDocument
    private let deliveryID: String?
    private let storedID: String?
    private let masked: [Range<Int>]
    private let limits: EventLimits
    private var dataBytes = 0
    private var bodyDigest: String?
    private(set) var events: [NormalizedEvent] = []
    private(set) var unrecognized = 0

    /// Prepares a run.
    ///
    /// - Parameters:
    ///   - body: the body as it came, for the key that is its hash.
    ///   - document: the body as it is read.
    ///   - redact: the paths of values that must not appear in data.
    ///   - deliveryID: the sender's id of the delivery.
    ///   - storedID: Postern's own id of the delivery.
    ///   - limits: how much the delivery may become.
    init(
        body: [UInt8],
        document: JSONDocument,
        redact: [ValuePath],
        deliveryID: String?,
        storedID: String?,
        limits: EventLimits
    ) {
        self.body = body
        self.document = document
        self.masked = Redaction.ranges(document, paths: redact)
        self.deliveryID = deliveryID.flatMap { $0.isEmpty ? nil : $0 }
        self.storedID = storedID
        self.limits = limits
    }

    /// Runs rules beside each other, in order.
    mutating func run(_ rules: [EventRule], in scope: ReferenceScope) throws(NormalizationError) {
        for rule in rules {
            guard let each = rule.each else {
                try self.apply(rule, in: scope)
                continue
            }
            for item in each.items(in: scope) { try self.apply(rule, in: scope.binding(item)) }
        }
    }

    /// Adds the one event of a delivery that no rule says anything about.
    mutating func addUnknown() throws(NormalizationError) {
        try self.add(type: nil, naming: EventNaming(), data: self.document.root, recognized: false, in: nil)
    }

    private mutating func apply(_ rule: EventRule, in scope: ReferenceScope) throws(NormalizationError) {
        guard rule.conditions.allHold(in: scope) else { return }
        let before = self.events.count
        try self.run(rule.nested, in: scope)
        guard self.events.count == before else { return }
        let innermost = scope.bindings.last?.value ?? self.document.root
        try self.add(
            type: rule.naming.type.firstText(in: scope, refusingEmpty: true),
            naming: rule.naming,
            data: rule.data?.value(in: scope) ?? innermost,
            recognized: rule.recognized,
            in: scope
        )
    }

    private mutating func add(
        type: String?,
        naming: EventNaming,
        data: JSONValue,
        recognized: Bool,
        in scope: ReferenceScope?
    ) throws(NormalizationError) {
        guard self.events.count < self.limits.events else { throw .tooManyEvents(limit: self.limits.events) }
        let bytes = self.bytes(of: data)
        self.dataBytes += bytes.count
        guard self.dataBytes <= self.limits.dataBytes else { throw .eventsTooLarge(limitBytes: self.limits.dataBytes) }
        let (key, keySource) = self.key(naming.key, in: scope)
        let isRecognized = recognized && type != nil
        if !isRecognized { self.unrecognized += 1 }
        self.events.append(
            NormalizedEvent(
                type: Self.bounded(type ?? "unknown"),
                key: Self.bounded(key),
                keySource: keySource,
                account: scope.flatMap { naming.account.firstText(in: $0, refusingEmpty: true) }.map(Self.bounded),
                subject: scope.flatMap { naming.subject.firstText(in: $0, refusingEmpty: true) }.map(Self.bounded),
                time: scope.flatMap { scope in naming.time.lazy.compactMap { $0.timestamp(in: scope) }.first },
                data: bytes,
                recognized: isRecognized,
                index: self.events.count
            )
        )
    }

    private func bytes(of value: JSONValue) -> [UInt8] {
        guard !self.masked.isEmpty, value.document.isSame(as: self.document) else { return Array(value.rawBytes) }
        return Redaction.masked(value.rawBytes, ranges: self.masked)
    }

    private mutating func key(
        _ key: EventNaming.Key,
        in scope: ReferenceScope?
    ) -> (String, NormalizedEvent.KeySource) {
        let index = self.events.count
        switch key {
        case .templates(let templates):
            if let scope, let text = templates.firstText(in: scope, refusingEmpty: true) { return (text, .event) }
        case .unique:
            if let storedID = self.storedID { return ("\(storedID)#\(index)", .stored) }
        }
        if let deliveryID = self.deliveryID { return ("\(deliveryID)#\(index)", .delivery) }
        let digest = self.bodyDigest ?? TextDigest.sha256(self.body.span)
        self.bodyDigest = digest
        return ("\(digest)#\(index)", .body)
    }

    /// The text as it can be stored: without NUL, which PostgreSQL has no place for, and never overlong.
    private static func bounded(_ text: String) -> String {
        // PostgreSQL's text holds no NUL. What stands for it is longer, so the length is looked at afterwards.
        let text =
            Self.holdsNUL(text.utf8.span)
            ? String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 })) : text
        return text.utf8.count <= Self.textLimit ? text : "sha256:" + TextDigest.sha256(text.utf8)
    }

    private static func holdsNUL(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices where bytes[index] == 0 { return true }
        return false
    }
}
