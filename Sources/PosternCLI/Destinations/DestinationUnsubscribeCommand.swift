internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern destination unsubscribe`.
struct DestinationUnsubscribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unsubscribe",
        abstract: "Take a subscription away; 'postern destination show' lists them.",
        discussion: """
            Without the last subscription a destination gets everything: that is done with --all-events only.

            Example: postern destination unsubscribe shop 019aa000-0000-7000-8000-000000000001
            """
    )

    @OptionGroup var reference: DestinationReference
    @Argument(help: "The subscription's id.") var subscription: String
    @Flag(help: "Take the last one away too: the destination gets everything then.") var allEvents = false
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let reference = self.reference
        let text = self.subscription
        let allEvents = self.allEvents
        let left = try await self.administration.run { administration, connection in
            let destination = try reference.find(administration, &connection).destination
            guard let id = SubscriptionID(text: text) else { throw ConfigurationError.subscriptionNotFound(text) }
            if destination.subscriptions.map(\.id) == [id], !allEvents {
                throw CommandFailure(
                    code: "last_subscription",
                    message: """
                        it is the last one, and without it the destination gets everything: add another first, or say \
                        --all-events
                        """
                )
            }
            return try administration.removeSubscription(
                id,
                from: destination.id,
                &connection,
                within: AdministrationOptions.limit
            )
        }
        guard self.output.json else {
            print("subscription \(text) removed; \(left == 0 ? "the destination gets everything" : "\(left) left")")
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", string: text)
        writer.member("left", integer: left)
        writer.endObject()
        print(writer.text)
    }
}
