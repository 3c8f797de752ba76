internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// The test of a destination of kind `postgres-notify`: the identifier of an event that is not there, on its channel.
struct ChannelProbe {
    private let event: EventID
    private let channel: String

    /// Announces it, as for an event that is there.
    ///
    /// Throws ``CommandFailure``.
    static func send(on channel: String, _ administration: AdministrationOptions) async throws -> ChannelProbe {
        let event = EventID.fresh(at: .now())
        try await administration.run { _, connection in
            try ChannelNotice.send(event, on: channel, &connection, within: AdministrationOptions.limit)
        }
        return ChannelProbe(event: event, channel: channel)
    }

    /// One line for a person.
    var text: String {
        "event \(self.event) announced on the channel \(self.channel); whether anybody listens is not known here"
    }

    /// Writes it as an object.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("event", string: self.event.description)
        writer.member("channel", string: self.channel)
        writer.member("delivered", boolean: true)
        writer.endObject()
    }
}
