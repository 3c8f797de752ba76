import PosternModel
import PosternPlatforms
import Testing

/// What every shipped definition must be, whatever the platform.
@Suite struct BuiltInPlatformTests {
    @Test func `none answers with anything but success`() throws {
        for platform in try SharedCatalog.get().all {
            #expect((200...299).contains(platform.sender.answer.status), "\(platform.name)")
        }
    }

    @Test func `an unconfirmed one has no default`() throws {
        for platform in try SharedCatalog.get().all where platform.confidence == .unconfirmed {
            #expect(platform.defaultScheme == nil, "\(platform.name)")
        }
    }

    @Test func `those that leave the body open to exchange are known`() throws {
        // "Traps worth a test each", number 3: whoever closes one of these by accident learns it here.
        let open = try SharedCatalog.get().all.filter { $0.schemes.first?.bindsBody == false }.map(\.name.text)
        #expect(
            open.sorted() == [
                "adyen", "gitlab", "google-ads-lead", "mailchimp-marketing", "mailgun", "microsoft-graph", "telegram",
            ]
        )
    }

    @Test func `those that wait for the whole body are known`() throws {
        // All others are hashed as they arrive; a platform that joins this list by accident costs every request.
        let waiting = try SharedCatalog.get().all.filter { $0.schemes.first?.needsWholeBody == true }.map(\.name.text)
        #expect(
            waiting.sorted() == [
                "adyen", "google-ads-lead", "linear", "mailchimp-transactional", "mailgun", "microsoft-graph",
                "tiktok-ads-lead", "twilio",
            ]
        )
    }
}
