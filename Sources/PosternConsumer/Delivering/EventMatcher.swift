internal import PosternJSON
package import PosternModel
package import PosternStore

/// Which events a destination gets: its subscriptions, compiled once.
///
/// An event is matched if one subscription matches it; a destination without subscriptions gets everything. The data is
/// read only if what else is asked holds already, once for all subscriptions, and no tree is built of it.
package struct EventMatcher: Sendable {
    /// One subscription.
    private struct Rule {
        let types: TypeGlob
        /// On attributes: cheap, so they are asked first.
        let attributes: [EventCondition]
        let data: [EventCondition]
    }

    /// Those that need no data first.
    private let rules: [Rule]

    /// Compiles the subscriptions of one destination.
    package init(_ subscriptions: [SubscriptionRecord]) {
        let rules = subscriptions.map { subscription in
            let conditions = subscription.filters.map(EventCondition.init)
            return Rule(
                types: TypeGlob(subscription.typeGlob),
                attributes: conditions.filter { !$0.needsData },
                data: conditions.filter(\.needsData)
            )
        }
        self.rules = rules.filter(\.data.isEmpty) + rules.filter { !$0.data.isEmpty }
    }

    /// Whether every event is matched, so that none needs to be looked at.
    package var matchesEverything: Bool {
        guard let first = self.rules.first else { return true }
        return first.data.isEmpty
            && self.rules.contains { $0.types.matchesEverything && $0.attributes.isEmpty && $0.data.isEmpty }
    }

    /// Says whether the destination gets an event.
    package func matches(_ event: EventRecord) -> Bool {
        self.matches(
            type: event.type,
            account: event.account,
            platform: event.platform,
            subject: event.subject,
            endpoint: event.endpoint,
            data: event.data
        )
    }

    /// Says whether the destination gets the event with these attributes and this data.
    ///
    /// O(subscriptions × (type + filters)), and once O(data) if a filter asks for it. Data that is no JSON has no
    /// fields.
    package func matches(
        type: String,
        account: String?,
        platform: String,
        subject: String?,
        endpoint: EndpointID,
        data: [UInt8]
    ) -> Bool {
        guard !self.rules.isEmpty else { return true }
        var document: JSONDocument?
        var isRead = false
        for rule in self.rules where rule.types.matches(type) {
            let holds = rule.attributes.allSatisfy { condition in
                switch condition.place {
                case .platform: condition.holds(ofText: platform)
                case .account: condition.holds(ofText: account)
                case .subject: condition.holds(ofText: subject)
                case .type: condition.holds(ofText: type)
                case .endpoint: condition.holds(ofText: endpoint.description)
                case .data: false
                }
            }
            guard holds else { continue }
            if rule.data.isEmpty { return true }
            if !isRead {
                document = Self.read(data)
                isRead = true
            }
            let root = document?.root
            let dataHolds = rule.data.allSatisfy { condition in
                if case .data(let steps) = condition.place { condition.holds(ofData: root, at: steps) } else { false }
            }
            if dataHolds { return true }
        }
        return false
    }

    private static func read(_ data: [UInt8]) -> JSONDocument? {
        do throws(JSONError) {
            return try JSONDocument(bytes: data)
        } catch {
            // The store's column takes JSON only, so this is data past the reader's limits: it has no fields to ask for.
            return nil
        }
    }
}
