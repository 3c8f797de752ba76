import PosternGateway
import Testing

@Suite struct RequestPathTests {
    @Test(arguments: [
        ("/webhooks/meta/abcdefgh", "meta/abcdefgh"),
        ("/webhooks/meta/abcdefgh?hub.mode=subscribe", "meta/abcdefgh"),
        ("/webhooks/mailchimp-marketing/abcdefgh/token", "mailchimp-marketing/abcdefgh"),
        ("/webhooks/meta/", "meta/"),
        ("/webhooks//", "/"),
    ])
    func `finds platform and key`(target: String, key: String) {
        #expect(RequestPath(target: target) == .webhook(directoryKey: key[...]))
    }

    @Test(arguments: [
        "", "/", "*", "/webhooks", "/webhooks/", "/webhooks/meta", "/Webhooks/meta/abcdefgh", "/healthz", "/health/",
        "http://host/webhooks/meta/abcdefgh", "/webhooks/meta?x=/abcdefgh",
    ])
    func `knows no other path`(target: String) {
        #expect(RequestPath(target: target) == .unknown)
    }

    @Test(arguments: [("/health", false), ("/health/live", false), ("/health/ready", true), ("/health?x", false)])
    func `knows health`(target: String, ready: Bool) {
        #expect(RequestPath(target: target) == .health(ready: ready))
    }
}
