internal import PosternJSON
internal import PosternModel
internal import PosternOperations
internal import PosternStore

/// The secrets of an endpoint that were not revoked, with their use and what to do about each.
struct SecretTable {
    private let rows: [(use: SecretUse, advice: SecretAdvice)]

    /// Judges the secrets, newest first.
    init(_ uses: [SecretUse], now: Timestamp = .now()) {
        self.rows = Array(zip(uses, SecretAdvice.judge(uses, now: now)))
    }

    /// Prints them for a person.
    func printText() {
        var table = TextTable("KIND", "ID", "CREATED", "EXPIRES", "LAST MATCHED", "IN 24 H", "ADVICE")
        for (use, advice) in self.rows {
            table.add(
                use.kind,
                "\(use.id)",
                "\(use.createdAt)",
                use.expiresAt.map(\.description) ?? "-",
                use.lastMatchedAt.map(\.description) ?? "-",
                "\(use.matchesIn24Hours)",
                advice.text
            )
        }
        print(table.text)
    }

    /// Writes them as an array.
    func write(to writer: inout JSONWriter) {
        writer.beginArray()
        for (use, advice) in self.rows {
            writer.beginObject()
            writer.member("id", string: use.id.description)
            writer.member("kind", string: use.kind)
            writer.member("created_at", string: use.createdAt.description)
            writer.member("expires_at", string: use.expiresAt?.description)
            writer.member("last_matched_at", string: use.lastMatchedAt?.description)
            writer.member("matches_in_24_hours", integer: use.matchesIn24Hours)
            writer.member("advice", string: advice.code)
            writer.member("advice_text", string: advice.text)
            writer.endObject()
        }
        writer.endArray()
    }
}
