/// One answer as a client reads it.
struct ReceivedAnswer: Equatable {
    let status: Int
    let fields: [String: String]
    let body: String

    /// Reads all complete answers at the start of some bytes.
    ///
    /// The first `bodyless` answers belong to HEAD requests.
    static func all(in bytes: [UInt8], bodyless: Int = 0) -> [ReceivedAnswer] {
        var answers: [ReceivedAnswer] = []
        var rest = bytes[...]
        while let end = Self.endOfHead(rest) {
            let lines = String(decoding: rest[..<end], as: UTF8.self).split(separator: "\r\n")
            guard let words = lines.first?.split(separator: " "), words.count >= 2, let status = Int(words[1]) else {
                break
            }
            var fields: [String: String] = [:]
            for line in lines.dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                fields[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
            }
            let hasBody = answers.count >= bodyless && status != 100 && status != 204
            let length = hasBody ? Int(fields["content-length"] ?? "0") ?? 0 : 0
            rest = rest[end...]
            guard rest.count >= length else { break }
            answers.append(
                .init(status: status, fields: fields, body: String(decoding: rest.prefix(length), as: UTF8.self))
            )
            rest = rest.dropFirst(length)
        }
        return answers
    }

    private static func endOfHead(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in bytes.startIndex...(bytes.endIndex - 4) where bytes[index..<index + 4] == [13, 10, 13, 10] {
            return index + 4
        }
        return nil
    }
}
