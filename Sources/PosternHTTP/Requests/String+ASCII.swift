extension String {
    /// Compares with a lowercase ASCII word, not minding the case of this text.
    func equalsASCII(_ word: String) -> Bool {
        // Nearly all words of the same length differ in their first letter already.
        guard self.utf8.count == word.utf8.count, let first = self.utf8.first, first | 0x20 == word.utf8.first else {
            return false
        }
        return self.utf8.elementsEqual(word.utf8) { byte, letter in
            let isUppercase = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            return (isUppercase ? byte | 0x20 : byte) == letter
        }
    }
}
