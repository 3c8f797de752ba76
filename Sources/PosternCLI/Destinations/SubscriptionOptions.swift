internal import ArgumentParser
internal import PosternStore

/// Which events a subscription asks for.
struct SubscriptionOptions: ParsableArguments {
    @Option(
        name: .customLong("type"),
        help: "Events of this type, with * for any run of characters and ? for one. May be repeated."
    )
    var types: [String] = []
    @Option(
        name: .customLong("filter"),
        help: """
            What must hold besides: FIELD=VALUE, FIELD!=VALUE, FIELD=A|B, FIELD^=PREFIX, FIELD? (is there), or JSON; a \
            field is platform, account, subject, type, endpoint or data.PATH. May be repeated; all must hold.
            """
    )
    var filters: [String] = []

    /// A subscription for each type, each with all filters; one for every type when there are filters alone.
    ///
    /// - Throws: ``CommandFailure``.
    func subscriptions() throws -> [NewSubscription] {
        let filters = try FilterText.parse(self.filters)
        if self.types.isEmpty { return filters.isEmpty ? [] : [NewSubscription(filters: filters)] }
        return self.types.map { type in NewSubscription(typeGlob: type, filters: filters) }
    }
}
