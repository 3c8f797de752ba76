internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// One event as a JSON line: CloudEvents 1.0 in structured form, with extension attributes for what is ours.
///
/// Source: CloudEvents 1.0.2, "JSON Event Format", section 3; extension names are lowercase letters and digits only.
enum EventLine {
    /// Writes the line, without its end.
    static func json(_ event: EventRecord) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("specversion", string: "1.0")
        writer.member("id", string: event.id.description)
        writer.member("source", string: event.source)
        writer.member("type", string: event.type)
        if let subject = event.subject { writer.member("subject", string: subject) }
        writer.member("time", string: (event.time ?? event.storedAt).description)
        writer.member("datacontenttype", string: "application/json")
        writer.member("platform", string: event.platform)
        if let account = event.account { writer.member("account", string: account) }
        writer.member("key", string: event.key)
        writer.member("organization", string: event.organization.description)
        writer.member("endpoint", string: event.endpoint.description)
        writer.member("delivery", string: event.delivery.description)
        writer.member("lane", integer: Int64(event.lane.number))
        writer.member("number", integer: event.number)
        writer.member("definitionversion", integer: Int64(event.definitionVersion))
        writer.member("storedat", string: event.storedAt.description)
        writer.member("data", raw: event.data)
        writer.endObject()
        return writer.text
    }
}
