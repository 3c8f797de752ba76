/// A subscription to be made.
package struct NewSubscription: Sendable, Equatable {
    /// 1 to 200 characters; `*` stands for any run of characters, `?` for one.
    package var typeGlob: String
    /// All of them must hold.
    package var filters: [SubscriptionFilter]

    /// Describes a subscription; unless something is said it takes everything.
    package init(typeGlob: String = "*", filters: [SubscriptionFilter] = []) {
        self.typeGlob = typeGlob
        self.filters = filters
    }
}
