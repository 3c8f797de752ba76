internal import PosternJSON
internal import PosternModel

extension CloudEvent {
    /// The media type of ``structured()``.
    ///
    /// Source: CloudEvents 1.0.2, "JSON Event Format", section 3.
    package static let structuredContentType = "application/cloudevents+json"

    /// The media type of the data.
    package static let dataContentType = "application/json"

    /// All attributes as one JSON object, for the retry queue.
    ///
    /// The same members as in ``structured()``, so that a row of the queue reads like what is sent.
    package var attributes: [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        self.writeAttributes(into: &writer)
        writer.endObject()
        return writer.bytes
    }

    /// The body of the structured form: attributes and data in one JSON object.
    ///
    /// The data go in byte for byte. A parser that knows doubles only would spoil the long numbers in them.
    ///
    /// Source: CloudEvents 1.0.2, "JSON Event Format", section 3.1.
    package func structured() -> [UInt8] {
        var writer = JSONWriter(capacity: self.data.count + 1024)
        writer.beginObject()
        self.writeAttributes(into: &writer)
        if !self.data.isEmpty { writer.member("data", raw: self.data) }
        writer.endObject()
        return writer.bytes
    }

    /// Reads what ``attributes`` wrote, and joins it with the data.
    ///
    /// Members of other names are passed over, so that an older program can read a newer one's rows.
    package init(attributes: [UInt8], data: [UInt8]) throws(CloudEventError) {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(bytes: attributes, limits: JSONLimits(depth: 4, bytes: 1 << 20))
        } catch {
            throw .malformed(error)
        }
        let root = document.root
        guard root.kind == .object else { throw .notAnObject }
        guard try Self.text("specversion", in: root) == "1.0" else { throw .unknownVersion }
        guard let version = root.member("posterndefinition") else { throw .missing("posterndefinition") }
        guard let number = version.integer.flatMap(Int32.init(exactly:)) else { throw .invalid("posterndefinition") }
        self.init(
            id: try Self.identifier("id", in: root),
            organization: try Self.identifier("posternorganization", in: root),
            endpoint: try Self.identifier("posternendpoint", in: root),
            delivery: try Self.identifier("posterndelivery", in: root),
            platform: try Self.text("posternplatform", in: root),
            definitionVersion: number,
            type: try Self.text("type", in: root),
            source: try Self.text("source", in: root),
            subject: try Self.optionalText("subject", in: root),
            account: try Self.optionalText("posternaccount", in: root),
            time: root.member("time") == nil ? nil : try Self.timestamp("time", in: root),
            key: try Self.text("posternkey", in: root),
            storedAt: try Self.timestamp("recordedtime", in: root),
            data: data
        )
    }

    private func writeAttributes(into writer: inout JSONWriter) {
        writer.member("specversion", string: "1.0" as Substring)
        self.eachAttribute { name, value in writer.member(name, string: value[...]) }
        // A number, because CloudEvents has the type Integer, and JSON numbers are how it is written.
        writer.member("posterndefinition", integer: self.definitionVersion)
        writer.member("datacontenttype", string: Self.dataContentType[...])
    }

    /// Lends every attribute but `specversion`, `datacontenttype` and the number `posterndefinition`.
    func eachAttribute(_ body: (_ name: String, _ value: String) -> Void) {
        body("id", self.id.description)
        body("source", self.source)
        body("type", self.type)
        if let subject = self.subject { body("subject", subject) }
        if let time = self.time { body("time", time.description) }
        body("recordedtime", self.storedAt.description)
        body("posternorganization", self.organization.description)
        body("posternendpoint", self.endpoint.description)
        body("posterndelivery", self.delivery.description)
        body("posternplatform", self.platform)
        if let account = self.account { body("posternaccount", account) }
        body("posternkey", self.key)
    }

    private static func text(_ name: String, in root: JSONValue) throws(CloudEventError) -> String {
        guard let value = root.member(name) else { throw .missing(name) }
        guard let text = value.text else { throw .invalid(name) }
        return text
    }

    private static func optionalText(_ name: String, in root: JSONValue) throws(CloudEventError) -> String? {
        root.member(name) == nil ? nil : try Self.text(name, in: root)
    }

    private static func identifier<ID: TypedIdentifier>(
        _ name: String,
        in root: JSONValue
    ) throws(CloudEventError) -> ID {
        guard let identifier = ID(text: try Self.text(name, in: root)) else { throw .invalid(name) }
        return identifier
    }

    private static func timestamp(_ name: String, in root: JSONValue) throws(CloudEventError) -> Timestamp {
        guard let time = Timestamp(iso8601: try Self.text(name, in: root)) else { throw .invalid(name) }
        return time
    }
}
