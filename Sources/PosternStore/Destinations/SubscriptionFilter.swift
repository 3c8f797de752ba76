/// One condition of a subscription: a field of the event, and a test it must pass.
///
/// Stored as JSON: `{"field": "data.customer.tier", "op": "in", "value": ["gold", "silver"]}`.
package struct SubscriptionFilter: Sendable, Equatable {
    /// What of the event is tested.
    package enum Field: Sendable, Hashable {
        case platform
        case account
        case subject
        case type
        case endpoint
        /// A value in the event's data, by the names of the members that lead there.
        case data([String])
    }

    /// What must hold of the field.
    package enum Test: Sendable, Equatable {
        case equals(Scalar)
        /// The field has another value, or none.
        case notEquals(Scalar)
        case oneOf([Scalar])
        /// The field is there and is not `null`.
        case exists
        /// The field is text that begins so.
        case prefix(String)
    }

    /// A value a field is compared with.
    package enum Scalar: Sendable, Hashable {
        case text(String)
        /// A number as JSON writes it, so that none is changed by being read.
        case number(String)
        case boolean(Bool)
    }

    package let field: Field
    package let test: Test

    /// Joins the two.
    package init(field: Field, test: Test) {
        self.field = field
        self.test = test
    }
}
