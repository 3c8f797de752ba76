package import PosternModel

/// One rule by which a destination gets events: their type, and what else must hold.
///
/// A destination gets what any of its subscriptions asks for; one without subscriptions gets everything.
package struct SubscriptionRecord: Sendable, Equatable {
    package let id: SubscriptionID
    /// The whole type must match: `*` stands for any run of characters, dots included, and `?` for one.
    package let typeGlob: String
    /// All of them must hold.
    package let filters: [SubscriptionFilter]

    /// Joins the values.
    package init(id: SubscriptionID, typeGlob: String = "*", filters: [SubscriptionFilter] = []) {
        self.id = id
        self.typeGlob = typeGlob
        self.filters = filters
    }
}
