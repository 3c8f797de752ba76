extension String {
    /// The text with blanks behind it, `width` characters at least and one blank always.
    func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(1, width - self.count))
    }
}
