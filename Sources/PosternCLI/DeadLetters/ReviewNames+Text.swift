internal import PosternModel
internal import PosternStore

extension ReviewNames {
    /// An organization's name, or its identifier where it has none.
    func text(_ organization: OrganizationID) -> String {
        self.organizations[organization].map(PrintableText.escape) ?? "\(organization)"
    }

    /// A destination's name: `shop`, `shop (deleted)`; its identifier where it has none, `-` for no destination.
    func text(_ destination: DestinationID?) -> String {
        guard let destination else { return "-" }
        guard let found = self.destinations[destination] else { return "\(destination)" }
        return PrintableText.escape(found.name) + (found.isDeleted ? " (deleted)" : "")
    }
}
