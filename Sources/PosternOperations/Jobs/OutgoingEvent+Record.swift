internal import PosternModel
internal import PosternOutbound
internal import PosternStore

extension OutgoingEvent {
    /// A stored event on its way to a destination.
    init(_ record: EventRecord, to destination: DestinationID) {
        let event = CloudEvent(
            id: record.id,
            organization: record.organization,
            endpoint: record.endpoint,
            delivery: record.delivery,
            platform: record.platform,
            definitionVersion: record.definitionVersion,
            type: record.type,
            source: record.source,
            subject: record.subject,
            account: record.account,
            time: record.time,
            key: record.key,
            storedAt: record.storedAt,
            data: record.data
        )
        self.init(
            lane: record.lane,
            destination: destination,
            organization: record.organization,
            endpoint: record.endpoint,
            delivery: record.delivery,
            platform: record.platform,
            event: record.id,
            number: record.number,
            attributes: event.attributes,
            headers: [],
            payload: record.data
        )
    }
}
