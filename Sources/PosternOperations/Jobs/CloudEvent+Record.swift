package import PosternOutbound
package import PosternStore

extension CloudEvent {
    /// An event of the log as it is sent.
    package init(_ record: EventRecord) {
        self.init(
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
    }
}
