import PosternJSON
import PosternPlatforms

extension EventPlan {
    /// A plan from the parts of a definition that matter for events: `body`, `body_field`, `redact`, `events`.
    init(yaml: String) throws {
        var fields = try DefinitionFile.read(yaml, name: "test.yaml").fields("a definition")
        var redact: [ValuePath] = []
        for node in try fields.take("redact")?.list() ?? [] {
            redact.append(try ValuePath(try node.text(), iterating: true))
        }
        try self.init(
            events: fields.take("events"),
            format: try fields.take("body")?.word(BodyFormat.self) ?? .json,
            bodyField: try fields.take("body_field")?.text(),
            redact: redact
        )
        try fields.finish()
    }

    /// The events of a body given as text.
    func events(
        _ body: String,
        contentType: String? = "application/json",
        source: DeliveryFacts = DeliveryFacts(),
        storedID: String? = nil,
        limits: EventLimits = .standard
    ) throws(NormalizationError) -> Normalized {
        try self.events(
            body: Array(body.utf8),
            contentType: contentType,
            source: source,
            storedID: storedID,
            limits: limits
        )
    }
}

extension NormalizedEvent {
    /// The data as text.
    var dataText: String { String(decoding: self.data, as: UTF8.self) }
}
