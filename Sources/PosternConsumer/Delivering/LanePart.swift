/// Which part of all lanes a consumer holds, by which what a destination allows is divided among consumers.
struct LanePart: Equatable {
    /// At least 1.
    let held: Int
    /// At least as many.
    let all: Int

    /// Brings the two into range.
    init(held: Int, of all: Int) {
        self.held = max(1, held)
        self.all = max(self.held, all)
    }
}
