internal import ArgumentParser
internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// `postern destination subscribe`.
struct DestinationSubscribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscribe",
        abstract: "Give a destination the events of a type, or those for which filters hold.",
        discussion: """
            A destination without subscriptions gets everything, so the first one narrows. Each --type becomes a \
            subscription with all --filter; an event that matches several is sent once. What the destination passed over \
            stays passed over.

            Examples:
              postern destination subscribe shop --type push --type 'issues.*'
              postern destination subscribe shop --type 'charge.*' --filter 'data.object.amount=1000|2000'
              postern destination subscribe shop --filter account=12345 --filter 'data.order.id?'
              postern destination subscribe shop --filter '{"field": "type", "op": "prefix", "value": "page.messaging."}'
            """
    )

    @OptionGroup var reference: DestinationReference
    @OptionGroup var subscription: SubscriptionOptions
    @OptionGroup var administration: AdministrationOptions
    @OptionGroup var output: OutputOptions

    mutating func run() async throws {
        let subscriptions = try self.subscription.subscriptions()
        if subscriptions.isEmpty {
            throw CommandFailure(
                code: "nothing_to_subscribe",
                message: "say which events with --type or --filter; --type '*' stands for all"
            )
        }
        let reference = self.reference
        let (listing, added, warnings) = try await self.administration.run { administration, connection in
            let limit = AdministrationOptions.limit
            let id = try reference.find(administration, &connection).destination.id
            var added: [SubscriptionID] = []
            for subscription in subscriptions {
                added.append(try administration.addSubscription(subscription, to: id, &connection, within: limit))
            }
            let listing = try administration.destination("\(id)", &connection, within: limit)
            let organization = listing.destination.organization
            return (
                listing, added,
                try DestinationWarnings.types(subscriptions, of: organization, administration, &connection)
            )
        }
        guard self.output.json else {
            DestinationReport(listing).printText()
            DestinationWarnings.printText(warnings)
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("added")
        writer.beginArray()
        for id in added { writer.string(id.description) }
        writer.endArray()
        writer.name("destination")
        writer.beginObject()
        DestinationReport(listing).write(to: &writer)
        writer.endObject()
        DestinationWarnings.write(warnings, to: &writer)
        writer.endObject()
        print(writer.text)
    }
}
