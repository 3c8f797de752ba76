package import PosternModel
package import PosternOutbound
package import PosternStore

/// What a destination is asked before it is stored: whether requests can be sent as it says.
///
/// The store checks the shape of values; here is what only the sender knows.
package struct DestinationCheck: Sendable {
    private let addresses: AddressGuard

    /// Checks against the networks that this installation allows.
    package init(addresses: AddressGuard = AddressGuard()) { self.addresses = addresses }

    /// Reads a URL and gives it in its one spelling.
    ///
    /// A host that is an address is checked now; a name is checked whenever its addresses are looked up.
    ///
    /// - Parameters:
    ///   - text: as it was given.
    ///   - allowsPrivate: whether the operator lets the destination reach private addresses.
    /// - Returns: the URL to store.
    /// - Throws: ``PosternStore/ConfigurationError/invalid(field:reason:)``.
    package func url(_ text: String, allowsPrivate: Bool) throws(ConfigurationError) -> String {
        let url: OutboundURL
        do throws(OutboundURLError) {
            url = try OutboundURL(text)
        } catch {
            throw .invalid(field: "url", reason: error.description)
        }
        if let address = url.address,
            let refusal = self.addresses.refusal(of: address, allowsPrivate: allowsPrivate)
        {
            let advice =
                refusal.isPrivate ? ": the operator can let this destination have it (--allow-private)" : ""
            let article = refusal == .unspecified ? "an" : "a"
            throw .invalid(field: "url", reason: "\(url.host) is \(article) \(refusal.rawValue) address\(advice)")
        }
        return url.text
    }

    /// Checks a header that is to go with every request.
    ///
    /// - Throws: ``PosternStore/ConfigurationError/invalid(field:reason:)``.
    package func header(_ name: String, _ value: Secret) throws(ConfigurationError) {
        do throws(CustomHeaderError) {
            try CustomHeader.check(name: name, value: value)
        } catch {
            throw .invalid(field: "header", reason: error.description)
        }
    }

    /// Reads a signing secret that somebody brought along.
    ///
    /// - Throws: ``PosternStore/ConfigurationError/invalid(field:reason:)``.
    package func signing(_ text: String) throws(ConfigurationError) -> Secret {
        guard let secret = SigningSecret(text) else {
            throw .invalid(
                field: "signing_secret",
                reason: "must be whsec_ and the base64 of 24 to 64 bytes; leave it out for a random one"
            )
        }
        return Secret(secret.text)
    }

    /// Checks all of a new destination, and gives it as it is to be stored.
    ///
    /// - Throws: ``PosternStore/ConfigurationError/invalid(field:reason:)``.
    package func checked(_ new: NewDestination) throws(ConfigurationError) -> NewDestination {
        var checked = new
        if let url = new.url { checked.url = try self.url(url, allowsPrivate: new.allowsPrivate) }
        for (name, value) in new.headers { try self.header(name, value) }
        if let signing = new.signing {
            checked.signing = try self.signing(String(decoding: signing.bytes, as: UTF8.self))
        }
        return checked
    }

    /// Checks a change of a destination, and gives it as it is to be stored.
    ///
    /// What is not changed counts too: a private address may lose its permission.
    ///
    /// - Throws: ``PosternStore/ConfigurationError/invalid(field:reason:)``.
    package func checked(
        _ change: DestinationChange,
        of destination: DestinationRecord
    ) throws(ConfigurationError) -> DestinationChange {
        var checked = change
        let allowsPrivate = change.allowsPrivate ?? destination.allowsPrivate
        if let url = change.url {
            checked.url = try self.url(url, allowsPrivate: allowsPrivate)
        } else if let url = destination.url, change.allowsPrivate != nil {
            _ = try self.url(url, allowsPrivate: allowsPrivate)
        }
        return checked
    }
}
