/// Event sections for the platforms of `sample-payloads.json`, written for these tests alone.
///
/// They are not the definitions Postern ships: those have tests of their own, and these must not change with them.
enum SampleDefinitions {
    /// The definition for a platform as the samples name it.
    static func text(_ platform: String) -> String? { Self.all[platform] }

    private static let all = [
        "meta": Self.meta, "tiktok_developers": Self.tiktok, "tiktok_business": Self.tiktok,
        "tiktok_ads_lead": Self.tiktokAds, "tiktok_shop": Self.tiktokShop, "google_ads_lead": Self.googleAds,
        "google_pubsub": Self.pubsub, "youtube_websub": Self.youtube, "linkedin": Self.linkedin, "x": Self.x,
        "snapchat": Self.snapchat,
    ]

    static let meta = """
        body: json
        events:
          - each: body.entry[]
            as: entry
            account: "{entry.id}"
            time: entry.time auto
            events:
              - each: entry.changes[]
                as: change
                type: "{body.object}.{change.field}"
                time: [change.value.created_time s, entry.time auto]
                events:
                  - when: body.object = page
                    key:
                      - "leadgen:{change.value.leadgen_id}"
                      - "comment:{change.value.comment_id}:{change.value.verb}"
                      - "post:{change.value.post_id}:{change.value.verb}"
                    type: ["page.{change.field}.{change.value.item}.{change.value.verb}", "page.{change.field}"]
                  - when: body.object = instagram
                    key: "ig_comment:{change.value.id}"
                  - when: body.object = whatsapp_business_account
                    type: "whatsapp.{change.field}"
                    subject: "{change.value.metadata.phone_number_id}"
                    events:
                      - each: change.value.messages[]
                        as: message
                        type: "whatsapp.{change.field}.message.{message.type}"
                        key: "{message.id}"
                        time: message.timestamp s
                      - each: change.value.statuses[]
                        as: status
                        type: "whatsapp.{change.field}.status.{status.status}"
                        key: "{status.id}:{status.status}"
                        time: status.timestamp s
              - each: entry.messaging[]
                as: m
                type: "{body.object}.messaging.{m ? message, postback, read, delivery, reaction, optin, referral}"
                time: m.timestamp ms
                key:
                  - "mid:{m.message.mid}"
                  - "mid:{m.postback.mid}"
                  - "delivery:{m.sender.id}:{m.delivery.watermark}"
                  - "read:{m.sender.id}:{m.read.watermark}"
              - each: entry.standby[]
                as: m
                type: "{body.object}.standby.{m ? message, postback, read, delivery}"
                time: m.timestamp ms
                key: ["standby:{m.message.mid}", "standby:{m.postback.mid}"]
              - each: entry.changed_fields[]
                as: field
                type: "{body.object}.{field}"
                key: "field:{entry.id}:{field}:{entry.time}"
        """

    private static let tiktok = """
        body: json
        events:
          - type: "{body.event}"
            account: "{body.user_openid}"
            time: body.create_time s
            key: "{sha256({body.event}|{body.user_openid}|{body.create_time}|{body.content})}"
            subject: ["{parse(body.content).share_id}", "{parse(body.content).request_id}"]
        """

    private static let tiktokAds = """
        body: json
        events:
          - each: body.entry[]
            as: lead
            when: body.object = 1
            type: lead
            account: "{lead.advertiser_id}"
            key: "{lead.id}"
            time: lead.create_time s
        """

    private static let tiktokShop = """
        body: json
        events:
          - type: "{body.type}"
            account: "{body.shop_id}"
            key: "{body.tts_notification_id}"
            time: body.timestamp s
        """

    static let googleAds = """
        body: json
        redact: ["body.google_key"]
        events:
          - type: lead
            account: "form:{body.form_id}"
            key: "{body.lead_id}"
            time: body.lead_submit_time iso8601
            events:
              - when: body.is_test = true
                type: lead.test
        """

    private static let pubsub = """
        body: json
        events:
          - type: pubsub.push
            account: "{body.subscription}"
            key: ["{body.message.messageId}", "{body.message.message_id}"]
            time: body.message.publishTime iso8601
        """

    static let youtube = """
        body: xml
        events:
          - each: body.entry[]
            as: entry
            type: youtube.video
            account: '{entry."yt:channelId"}'
            key: "{entry.id}:{entry.updated}"
            time: entry.updated iso8601
          - each: body."at:deleted-entry"[]
            as: entry
            type: youtube.deleted
            key: '{entry."@ref"}:{entry."@when"}'
            time: entry."@when" iso8601
        """

    private static let linkedin = """
        body: json
        events:
          - each: body.notifications[]
            as: notification
            type: "{body.type}.{notification.action}"
            account: "{notification.organizationalEntity}"
            key: "{notification.notificationId}"
            time: notification.lastModifiedAt ms
          - when: body.type = LEAD_ACTION
            type: "LEAD_ACTION.{body.leadAction}"
            account: ["{body.owner.sponsoredAccount}", "{body.owner.organization}"]
            key: "{body.leadGenFormResponse}:{body.leadAction}"
            time: [body.occuredAt ms, body.occurredAt ms]
        """

    static let x = """
        body: json
        events:
          - when: body.data.event_uuid
            type: "{body.data.event_type}"
            account: "{body.data.filter.user_id}"
            key: "{body.data.event_uuid}"
            time: [body.data.payload.created_at iso8601, body.data.payload.timestamp_ms ms]
          - each: body.*_events[]
            as: item
            type: "{name(item)}"
            account: "{body.for_user_id}"
            key: ["{item.id}", "{item.id_str}"]
            time: [item.timestamp_ms ms, item.created_timestamp ms, item.created_at ruby]
        """

    private static let snapchat = """
        body: json
        events:
          - type: lead
            account: "{body.ad_account_id}"
            key: "{body.lead_id}"
            time: body.create_time auto
        """
}
