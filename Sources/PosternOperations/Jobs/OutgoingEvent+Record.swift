package import PosternModel
internal import PosternOutbound
package import PosternStore

extension OutgoingEvent {
    /// A stored event on its way to a destination.
    package init(_ record: EventRecord, to destination: DestinationID) {
        self.init(
            lane: record.lane,
            destination: destination,
            organization: record.organization,
            endpoint: record.endpoint,
            delivery: record.delivery,
            platform: record.platform,
            event: record.id,
            number: record.number,
            attributes: CloudEvent(record).attributes,
            headers: [],
            payload: record.data
        )
    }
}
