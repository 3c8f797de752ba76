internal import PosternJSON
internal import PosternModel
internal import PosternStore

extension DeadLetterListing {
    /// Writes the members of a JSON object.
    func write(_ names: ReviewNames, into writer: inout JSONWriter) {
        writer.member("id", string: self.id.description)
        writer.member("state", string: self.state.rawValue)
        writer.member("replaying", boolean: self.replay != nil)
        writer.member("organization", string: self.organization.description)
        writer.member("organization_name", string: names.organizations[self.organization])
        writer.member("platform", string: self.platform)
        writer.member("endpoint", string: self.endpoint.description)
        writer.member("delivery", string: self.delivery.description)
        writer.member("type", string: self.type)
        writer.member("event", string: self.event?.description)
        writer.member("destination", string: self.destination?.description)
        writer.member("destination_name", string: self.destination.flatMap { names.destinations[$0]?.name })
        writer.member(
            "destination_deleted",
            boolean: self.destination.flatMap { names.destinations[$0]?.isDeleted } ?? false
        )
        writer.member("reason", string: self.reason)
        writer.member("detail", string: self.detail)
        writer.member("attempts", integer: Int64(self.attempts))
        writer.member("requires_manual_review", boolean: self.requiresManualReview)
        writer.member("fingerprint", string: self.fingerprint.description)
        writer.member("payload_bytes", integer: self.payloadBytes)
        writer.member("created_at", string: self.createdAt.description)
        writer.member("failed_at", string: self.failedAt.description)
    }

    /// The state with what is under way.
    var standing: String { self.replay == nil ? self.state.rawValue : "\(self.state.rawValue), replaying" }
}
