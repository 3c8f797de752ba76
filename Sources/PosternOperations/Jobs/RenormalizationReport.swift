package import PosternModel
internal import PosternStore

/// What normalizing again would change, or has changed.
package struct RenormalizationReport: Sendable, Equatable {
    /// One change, for a person.
    package struct Example: Sendable, Equatable {
        package let delivery: DeliveryID
        package let key: String
        /// What is different: `type order.created -> order.updated`.
        package let what: String
    }

    /// More examples than these are not kept.
    package static let exampleLimit = 10

    /// Deliveries looked at.
    package private(set) var deliveries: Int64 = 0
    package private(set) var unchanged: Int64 = 0
    package private(set) var changed: Int64 = 0
    package private(set) var new: Int64 = 0
    package private(set) var gone: Int64 = 0
    /// Deliveries that the present definition cannot read.
    package private(set) var failed: Int64 = 0
    /// Deliveries that are not kept any more.
    package private(set) var missing: Int64 = 0
    package private(set) var examples: [Example] = []

    /// Starts at nothing.
    package init() {}

    /// Counts a delivery.
    package mutating func add(_ diff: RenormalizationDiff, of delivery: DeliveryID) {
        self.deliveries += 1
        self.unchanged += Int64(diff.unchanged.count)
        self.changed += Int64(diff.changed.count)
        self.new += Int64(diff.new.count)
        self.gone += Int64(diff.gone.count)
        for change in diff.changed {
            let (before, after) = (change.before, change.after)
            let what =
                before.type == after.type
                ? (before.data == after.data ? "subject or time" : "data") : "type \(before.type) -> \(after.type)"
            self.addExample(delivery, after.key, "changed: \(what)")
        }
        for event in diff.new { self.addExample(delivery, event.key, "new: \(event.type)") }
        for event in diff.gone { self.addExample(delivery, event.key, "gone: \(event.type)") }
    }

    /// Counts a delivery that cannot be read.
    package mutating func addFailure(_ reason: String, of delivery: DeliveryID) {
        self.deliveries += 1
        self.failed += 1
        self.addExample(delivery, "", "cannot be read: \(reason)")
    }

    /// Counts a delivery whose days retention has taken.
    package mutating func addMissing() {
        self.deliveries += 1
        self.missing += 1
    }

    /// The counts by name, as a job keeps them.
    package var counts: [String: Int64] {
        [
            "unchanged": self.unchanged, "changed": self.changed, "new": self.new, "gone": self.gone,
            "failed": self.failed, "missing": self.missing,
        ]
    }

    private mutating func addExample(_ delivery: DeliveryID, _ key: String, _ what: String) {
        guard self.examples.count < Self.exampleLimit else { return }
        self.examples.append(Example(delivery: delivery, key: key, what: what))
    }
}
