import PosternJSON
import PosternModel
import PosternOutbound
import Testing

@Suite struct CloudEventTests {
    @Test func `has no word for what is empty, and none for years that RFC 3339 cannot write`() {
        let event = CloudEvent.sample(subject: "", account: "", time: Timestamp(seconds: 253_402_300_800))
        #expect(event.subject == nil)
        #expect(event.account == nil)
        #expect(event.time == nil)
    }

    @Test(arguments: [-62_135_596_800, 253_402_300_799] as [Int64])
    func `keeps the first and the last second that can be written`(seconds: Int64) throws {
        let event = CloudEvent.sample(time: Timestamp(seconds: seconds))
        #expect(event.time == Timestamp(seconds: seconds))
        #expect(try CloudEvent(attributes: event.attributes, data: event.data) == event)
    }

    @Test func `is one JSON document with every attribute in the structured form`() throws {
        let root = try JSONDocument(bytes: CloudEvent.sample().structured()).root
        let texts = Dictionary(
            uniqueKeysWithValues: root.members.compactMap { name, value in value.scalarText.map { (name, $0) } }
        )
        #expect(
            texts == [
                "specversion": "1.0",
                "id": "01990000-0000-7000-8000-000000000001",
                "source": "/meta/whatsapp/1029",
                "type": "meta.whatsapp.message",
                "subject": "wamid.HBgL",
                "time": "2026-11-20T23:59:58.123Z",
                "recordedtime": "2026-11-21T00:00:00.123456Z",
                "posternorganization": "01990000-0000-7000-8000-000000000002",
                "posternendpoint": "01990000-0000-7000-8000-000000000003",
                "posterndelivery": "01990000-0000-7000-8000-000000000004",
                "posternplatform": "meta",
                "posterndefinition": "3",
                "posternaccount": "1029",
                "posternkey": "message:wamid.HBgL",
                "datacontenttype": "application/json",
            ]
        )
    }

    @Test func `names its attributes as CloudEvents demands`() throws {
        for (name, _) in try JSONDocument(bytes: CloudEvent.sample().structured()).root.members {
            #expect((1...20).contains(name.count), "\(name)")
            #expect(name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber) }, "\(name)")
        }
    }

    @Test func `leaves out what it has not`() throws {
        let event = CloudEvent.sample(subject: nil, account: nil, time: nil, data: "")
        let names = try JSONDocument(bytes: event.structured()).root.members.map(\.name)
        #expect(Set(["subject", "posternaccount", "time", "data"]).isDisjoint(with: names))
        #expect(try CloudEvent(attributes: event.attributes, data: []) == event)
    }

    @Test(
        arguments: [
            #"{ "id" : 18446744073709551616, "amount":1.10, "name":"J\u00fcrgen", "id":2 }"#,
            "[1,2 , 3]", "\"text\"", "1e400", "null", "{\"a\":\"\u{2028}\"}",
        ]
    )
    func `carries the data byte for byte`(data: String) throws {
        let body = CloudEvent.sample(data: data).structured()
        let root = try JSONDocument(bytes: body).root
        #expect(root.member("data")?.description == data)
        #expect(String(decoding: body, as: UTF8.self).hasSuffix("\"data\":\(data)}"))
    }
}
