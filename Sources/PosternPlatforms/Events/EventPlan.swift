internal import PosternJSON

/// What turns a platform's deliveries into events: the `events:` section of its definition, ready to run.
///
/// A value without state: any number of tasks may use one plan at once.
package struct EventPlan: Hashable, Sendable {
    /// How bodies are read.
    package let reader: BodyReader
    private let rules: [EventRule]
    private let redact: [ValuePath]

    /// Reads the section.
    ///
    /// - Parameters:
    ///   - events: the list of rules; without one every delivery is a single event of type `unknown`.
    ///   - format: the definition's `body:`.
    ///   - bodyField: its `body_field:`.
    ///   - redact: the paths of its `redact:`; their values are masked in data.
    /// - Throws: an error at the line of the first rule, path or template that cannot be read.
    package init(
        events: DefinitionNode?,
        format: BodyFormat,
        bodyField: String? = nil,
        redact: [ValuePath] = []
    ) throws(DefinitionError) {
        self.reader = BodyReader(format: format, field: bodyField)
        self.rules = if let events { try EventRule.list(events) } else { [] }
        self.redact = redact
    }

    /// The events of one delivery; at least one.
    ///
    /// - Parameters:
    ///   - body: the body as it came.
    ///   - contentType: its Content-Type, if it had one.
    ///   - source: headers, parameters and the sender's delivery id.
    ///   - storedID: Postern's own id of the delivery, for rules with `unique: true`; without it they take the key
    ///     that rules without a key take.
    ///   - limits: how much the delivery may become.
    /// - Returns: the events, in order.
    /// - Throws: ``NormalizationError``, always for good: the same delivery will fail again.
    package func events(
        body: [UInt8],
        contentType: String?,
        source: some ReferenceSource,
        storedID: String? = nil,
        limits: EventLimits = .standard
    ) throws(NormalizationError) -> Normalized {
        let (document, form) = try self.reader.read(body: body, contentType: contentType)
        var run = EventRun(
            body: body,
            document: document,
            redact: self.redact,
            deliveryID: source.deliveryID,
            storedID: storedID,
            limits: limits
        )
        try run.run(self.rules, in: ReferenceScope(source: source, body: document.root, form: form))
        if run.events.isEmpty { try run.addUnknown() }
        return Normalized(events: run.events, unrecognized: run.unrecognized)
    }
}
