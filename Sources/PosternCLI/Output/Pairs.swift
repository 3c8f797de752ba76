/// Options of the form NAME=VALUE.
enum Pairs {
    /// Cuts each text at its first equals sign.
    ///
    /// - Throws: ``CommandFailure`` naming the option.
    static func parse(_ texts: [String], option: String) throws -> [(name: String, value: String)] {
        try texts.map { text in
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw CommandFailure(code: "bad_option", message: "\(option) takes NAME=VALUE, not '\(text)'")
            }
            return (String(text[..<equals]), String(text[text.index(after: equals)...]))
        }
    }
}
