/// Which request comes next: its kind, its place in the turn of URLs and bodies, and the number of its key.
struct RequestOrders: Sendable {
    /// One request to be made; for a duplicate, turn and number mean nothing.
    struct Order: Sendable {
        /// What it is to be.
        let kind: RequestKind
        /// Its place in the turn of URLs and bodies.
        let turn: Int
        /// The number of its key.
        let number: UInt64
    }

    private var mix: RequestMix
    private var turn = 0
    private var number: UInt64
    private var hasGenuine = false

    /// Starts with the numbers of one share.
    init(_ mix: RequestMix, share: Int) {
        self.mix = mix
        self.number = EventKeyText.firstNumber(loop: share)
    }

    /// Whether earlier requests must be remembered.
    var repeats: Bool { self.mix.duplicates > 0 }

    /// The next one.
    mutating func next() -> Order {
        let kind = self.mix.next(canRepeat: self.hasGenuine)
        guard kind != .duplicate else { return Order(kind: kind, turn: 0, number: 0) }
        if kind == .genuine { self.hasGenuine = true }
        defer {
            self.turn += 1
            self.number += 1
        }
        return Order(kind: kind, turn: self.turn, number: self.number)
    }
}
