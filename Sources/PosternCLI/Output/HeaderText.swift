/// Options of the form 'Name: value'.
enum HeaderText {
    /// Cuts each text at its first colon; blanks before the value are dropped.
    ///
    /// Throws ``CommandFailure`` for a text without a colon or without a name.
    static func parse(_ texts: [String]) throws -> [(name: String, value: String)] {
        try texts.map { text in
            guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else {
                throw CommandFailure(code: "bad_header", message: "--header takes 'Name: value', not '\(text)'")
            }
            let value = text[text.index(after: colon)...].drop { character in character == " " }
            return (String(text[..<colon]), String(value))
        }
    }
}
