/// An identifier of one kind of thing, so that one cannot be passed for another.
package protocol TypedIdentifier: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The 128 bits behind the type.
    var id: UniqueID { get }
    /// Wraps the 128 bits.
    init(_ id: UniqueID)
}

extension TypedIdentifier {
    /// Reads the UUID text form; `nil` for anything else.
    package init?(text: some StringProtocol) {
        guard let id = UniqueID(text) else { return nil }
        self.init(id)
    }

    /// Makes a fresh, time-ordered identifier.
    package static func fresh(at time: Timestamp) -> Self { Self(UniqueID.timeOrdered(at: time)) }

    package var description: String { self.id.description }

    package static func < (left: Self, right: Self) -> Bool { left.id < right.id }
}

/// A tenant.
package struct OrganizationID: TypedIdentifier {
    package let id: UniqueID
    package init(_ id: UniqueID) { self.id = id }
}

/// One URL of one organization for one platform and purpose.
package struct EndpointID: TypedIdentifier {
    package let id: UniqueID
    package init(_ id: UniqueID) { self.id = id }
}

/// One sealed secret of an endpoint.
package struct SecretID: TypedIdentifier {
    package let id: UniqueID
    package init(_ id: UniqueID) { self.id = id }
}

/// One accepted request: what a platform posted, as it was committed.
package struct DeliveryID: TypedIdentifier {
    package let id: UniqueID
    package init(_ id: UniqueID) { self.id = id }
}

/// One normalized event.
package struct EventID: TypedIdentifier {
    package let id: UniqueID
    package init(_ id: UniqueID) { self.id = id }
}

/// One running consumer process.
package struct ConsumerID: TypedIdentifier {
    package let id: UniqueID
    package init(_ id: UniqueID) { self.id = id }
}

/// One place where an organization's events go.
package struct DestinationID: TypedIdentifier {
    package let id: UniqueID
    package init(_ id: UniqueID) { self.id = id }
}

/// One rule by which a destination gets events.
package struct SubscriptionID: TypedIdentifier {
    package let id: UniqueID
    package init(_ id: UniqueID) { self.id = id }
}

/// One row of the retry queue.
package struct RetryID: TypedIdentifier {
    package let id: UniqueID
    package init(_ id: UniqueID) { self.id = id }
}

/// One dead letter.
package struct DeadLetterID: TypedIdentifier {
    package let id: UniqueID
    package init(_ id: UniqueID) { self.id = id }
}

/// One background job.
package struct JobID: TypedIdentifier {
    package let id: UniqueID
    package init(_ id: UniqueID) { self.id = id }
}
