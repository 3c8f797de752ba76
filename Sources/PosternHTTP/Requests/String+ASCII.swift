internal import PosternModel

extension String {
    /// Compares with a lowercase ASCII word, not minding the case of this text.
    func equalsASCII(_ word: String) -> Bool {
        self.utf8.span.equalsIgnoringCase(word.utf8.span)
    }

    /// This text without the blanks and tabs behind it, which are no part of a field's value but which the parser
    /// leaves there (RFC 9112, section 5.1).
    var trimmingTrailingBlanks: String {
        guard let byte = self.utf8.last, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") else { return self }
        return String(self[...].trimmingBlanks)
    }
}

extension Substring {
    /// This text without the blanks and tabs around it (`OWS` in RFC 9110, section 5.6.3).
    var trimmingBlanks: Substring {
        var text = self
        while let byte = text.utf8.first, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { text.removeFirst() }
        while let byte = text.utf8.last, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { text.removeLast() }
        return text
    }
}
