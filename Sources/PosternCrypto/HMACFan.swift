/// The authentication codes of one message under several keys at once, for endpoints that rotate their secrets.
///
/// The first key has a place of its own, so that the usual case allocates nothing but its context. Belongs to one
/// thread at a time.
package struct HMACFan: ~Copyable {
    /// One of the further keys.
    private final class Branch {
        let key: HMACKey
        var context = DigestContext()

        init(_ key: HMACKey) {
            self.key = key
            key.begin(&self.context)
        }
    }

    private let key: HMACKey
    private var context = DigestContext()
    private let others: [Branch]

    /// Starts a message under `first` and all of `others`.
    package init(_ first: HMACKey, _ others: [HMACKey]) {
        self.key = first
        self.others = others.isEmpty ? [] : others.map(Branch.init)
        first.begin(&self.context)
    }

    /// Hashes the next piece under every key.
    package mutating func update(_ bytes: RawSpan) {
        self.context.update(bytes)
        for branch in self.others { branch.context.update(bytes) }
    }

    /// Hashes the next piece under every key.
    package mutating func update(_ bytes: Span<UInt8>) {
        self.context.update(bytes)
        for branch in self.others { branch.context.update(bytes) }
    }

    /// Ends the message; `body` gets each key's position (0 is the first key) and code, in order.
    package consuming func finish(_ body: (_ position: Int, _ code: Digest) -> Void) {
        body(0, self.key.finish(&self.context))
        for (index, branch) in self.others.enumerated() { body(index + 1, branch.key.finish(&branch.context)) }
    }
}
