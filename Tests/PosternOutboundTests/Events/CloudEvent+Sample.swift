import PosternModel
import PosternOutbound

extension CloudEvent {
    /// An event with every attribute; what a test is about is said in its own call.
    static func sample(
        type: String = "meta.whatsapp.message",
        source: String = "/meta/whatsapp/1029",
        subject: String? = "wamid.HBgL",
        account: String? = "1029",
        time: Timestamp? = Timestamp(microseconds: 1_795_219_198_123_000),
        key: String = "message:wamid.HBgL",
        storedAt: Timestamp = Timestamp(microseconds: 1_795_219_200_123_456),
        data: String = #"{ "id" : 18446744073709551616, "amount":1.10, "name":"J\u00fcrgen", "id":2 }"#
    ) -> CloudEvent {
        CloudEvent(
            id: EventID(UniqueID(high: 0x0199_0000_0000_7000, low: 0x8000_0000_0000_0001)),
            organization: OrganizationID(UniqueID(high: 0x0199_0000_0000_7000, low: 0x8000_0000_0000_0002)),
            endpoint: EndpointID(UniqueID(high: 0x0199_0000_0000_7000, low: 0x8000_0000_0000_0003)),
            delivery: DeliveryID(UniqueID(high: 0x0199_0000_0000_7000, low: 0x8000_0000_0000_0004)),
            platform: "meta",
            definitionVersion: 3,
            type: type,
            source: source,
            subject: subject,
            account: account,
            time: time,
            key: key,
            storedAt: storedAt,
            data: Array(data.utf8)
        )
    }
}
