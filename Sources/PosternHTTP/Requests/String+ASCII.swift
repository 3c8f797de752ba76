extension String {
    /// Compares with a lowercase ASCII word, not minding the case of this text.
    func equalsASCII(_ word: String) -> Bool {
        let mine = self.utf8.span
        let letters = word.utf8.span
        guard mine.count == letters.count else { return false }
        for index in mine.indices {
            let byte = mine[index]
            let isUppercase = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            guard (isUppercase ? byte | 0x20 : byte) == letters[index] else { return false }
        }
        return true
    }
}
