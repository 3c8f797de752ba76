internal import PosternGateway
internal import PosternJSON
internal import PosternModel
internal import PosternPlatforms

/// What each platform's sender does after 429 and 503, and which of the two a gateway answers over a limit.
struct LimitAnswers {
    private struct Row {
        let platform: PlatformName
        let tooMany: SenderAction?
        let unavailable: SenderAction?
        let answered: Int
        let retriesFor: Duration?
    }

    private let rows: [Row]

    /// Reads the definitions of a catalog.
    init(_ catalog: PlatformCatalog) {
        self.rows = catalog.all.map { platform in
            let sender = platform.sender
            return Row(
                platform: platform.name,
                tooMany: sender.action(after: 429),
                unavailable: sender.action(after: 503),
                answered: Rejection.organizationLimited.status { status in sender.action(after: status) },
                retriesFor: sender.retriesFor
            )
        }
    }

    /// A table for the documentation.
    var markdown: String {
        var lines = [
            "| platform | after 429 | after 503 | over a limit it gets | comes back for |",
            "| --- | --- | --- | --- | --- |",
        ]
        for row in self.rows {
            let cells = [
                "`\(row.platform)`", Self.words(row.tooMany), Self.words(row.unavailable), "\(row.answered)",
                Self.words(row.retriesFor),
            ]
            lines.append("| \(cells.joined(separator: " | ")) |")
        }
        return lines.joined(separator: "\n")
    }

    /// The same as an array of objects.
    var json: String {
        var writer = JSONWriter()
        writer.beginArray()
        for row in self.rows {
            writer.beginObject()
            writer.member("platform", string: row.platform.text)
            writer.member("after_429", string: row.tooMany?.rawValue)
            writer.member("after_503", string: row.unavailable?.rawValue)
            writer.member("over_limit", integer: row.answered)
            writer.member("retries_for_seconds", integer: row.retriesFor.map { period in Int64(period / .seconds(1)) })
            writer.endObject()
        }
        writer.endArray()
        return writer.text
    }

    private static func words(_ action: SenderAction?) -> String {
        switch action {
        case .retry: "sends again"
        case .final: "gives up"
        case .disable: "disables the URL"
        case nil: "unknown"
        }
    }

    private static func words(_ period: Duration?) -> String {
        guard let period else { return "unknown" }
        let minutes = Int64(period / .seconds(60))
        if minutes == 0 { return period == .zero ? "never" : "\(Int64(period / .seconds(1))) s" }
        if minutes % (24 * 60) == 0 { return "\(minutes / (24 * 60)) d" }
        return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes) min"
    }
}
