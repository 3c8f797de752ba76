extension ProgressLine {
    private static let width = 30

    /// Replaces the line with a bar: how much of a whole is done.
    func show(_ done: Int64, of total: Int64, note: String) {
        let share = total > 0 ? min(1, max(0, Double(done) / Double(total))) : 0
        let full = Int(share * Double(Self.width))
        let bar = String(repeating: "#", count: full) + String(repeating: ".", count: Self.width - full)
        self.show("[\(bar)] \(Int(share * 100)) %  \(done) of \(total)  \(note)")
    }
}
