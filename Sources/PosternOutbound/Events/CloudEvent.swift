package import PosternModel

/// An event as destinations get it: CloudEvents 1.0, with what Postern knows beyond that as extensions.
///
/// Source: CloudEvents 1.0.2, "Core Specification", sections 2 and 3.
package struct CloudEvent: Sendable, Equatable {
    /// `id`: the same on every attempt, and on every replay.
    package let id: EventID
    /// `posternorganization`.
    package let organization: OrganizationID
    /// `posternendpoint`.
    package let endpoint: EndpointID
    /// `posterndelivery`: the request that the event was in.
    package let delivery: DeliveryID
    /// `posternplatform`.
    package let platform: String
    /// `posterndefinition`: which version of the platform's definition made the event.
    package let definitionVersion: Int32
    /// `type`.
    package let type: String
    /// `source`.
    package let source: String
    /// `subject`; never empty.
    package let subject: String?
    /// `posternaccount`: the platform's identifier of the account the event is about; never empty.
    package let account: String?
    /// `time`: when it happened, as the platform says; always in the years 1 to 9999.
    package let time: Timestamp?
    /// `posternkey`: what makes the event known when the platform sends it again.
    package let key: String
    /// `recordedtime`: when Postern stored the event.
    package let storedAt: Timestamp
    /// `data`: JSON text as the platform sent it; empty when there is none.
    package let data: [UInt8]

    /// Joins the fields.
    ///
    /// CloudEvents has no word for an empty `subject` and RFC 3339 none for a year past 9999: such values become `nil`.
    package init(
        id: EventID,
        organization: OrganizationID,
        endpoint: EndpointID,
        delivery: DeliveryID,
        platform: String,
        definitionVersion: Int32,
        type: String,
        source: String,
        subject: String?,
        account: String?,
        time: Timestamp?,
        key: String,
        storedAt: Timestamp,
        data: [UInt8]
    ) {
        self.id = id
        self.organization = organization
        self.endpoint = endpoint
        self.delivery = delivery
        self.platform = platform
        self.definitionVersion = definitionVersion
        self.type = type
        self.source = source
        self.subject = subject.flatMap { $0.isEmpty ? nil : $0 }
        self.account = account.flatMap { $0.isEmpty ? nil : $0 }
        self.time = time.flatMap { Self.writableTimes.contains($0) ? $0 : nil }
        self.key = key
        self.storedAt = storedAt
        self.data = data
    }

    /// 0001-01-01 to the end of 9999: what `YYYY-MM-DD` can say.
    private static let writableTimes =
        Timestamp(seconds: -62_135_596_800)...Timestamp(microseconds: 253_402_300_799_999_999)
}
