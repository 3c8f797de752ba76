/// Where a shared token stands.
package struct TokenPlan: Sendable {
    /// A place for a token.
    enum Location: Sendable {
        case header(HeaderSlot)
        /// One value in the body.
        case json(ValuePath)
        /// One value in each of the items at the first path: every item must carry a right one.
        case eachItem(ValuePath, ValuePath)
    }

    let location: Location
    /// Whether the token is to be masked before the body is stored.
    let redacts: Bool

    /// Whether the body must be read to find it.
    var readsBody: Bool {
        switch self.location {
        case .header: false
        case .json, .eachItem: true
        }
    }
}
