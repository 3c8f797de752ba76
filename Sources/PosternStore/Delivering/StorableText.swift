/// Makes foreign text fit for a text column.
enum StorableText {
    /// Replaces NUL, which PostgreSQL cannot hold, and cuts between characters (Unicode scalars).
    ///
    /// - Parameters:
    ///   - text: any text.
    ///   - limit: the most bytes of UTF-8 to keep; `nil` keeps all.
    /// - Returns: the text itself where nothing is to be done.
    static func of(_ text: String, atMost limit: Int? = nil) -> String {
        let limit = limit ?? .max
        guard text.utf8.count > limit || text.utf8.contains(0) else { return text }
        var kept = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            let scalar = scalar == "\0" ? "\u{FFFD}" : scalar
            bytes += UTF8.width(scalar)
            guard bytes <= limit else { break }
            kept.append(scalar)
        }
        return String(kept)
    }
}
