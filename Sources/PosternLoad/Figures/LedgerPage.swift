package import PosternModel

/// The lines of one event loop that were not handed over yet.
///
/// A line is `<Postern-Delivery-Id or -> <event key> <microseconds since 1970 of the answer>`.
package struct LedgerPage: Sendable {
    private var bytes: [UInt8] = []

    /// Starts empty.
    package init() {}

    /// Whether there is nothing to hand over.
    package var isEmpty: Bool { self.bytes.isEmpty }

    /// Adds the line of one acknowledged request.
    ///
    /// - Parameters:
    ///   - id: what the server calls the delivery.
    ///   - time: when the answer came.
    ///   - key: appends the event key, which must not hold a blank.
    package mutating func add(_ id: DeliveryIDText, at time: Timestamp, key: (inout [UInt8]) -> Void) {
        id.append(to: &self.bytes)
        self.bytes.append(UInt8(ascii: " "))
        key(&self.bytes)
        self.bytes.append(UInt8(ascii: " "))
        self.bytes.append(contentsOf: String(time.microseconds).utf8)
        self.bytes.append(UInt8(ascii: "\n"))
    }

    /// Takes all lines.
    package mutating func take() -> [UInt8] {
        defer {
            let count = self.bytes.count
            self.bytes = []
            self.bytes.reserveCapacity(count)
        }
        return self.bytes
    }
}
