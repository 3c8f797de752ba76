package import PosternModel

/// A destination as one request needs it.
package struct OutboundTarget: Sendable {
    /// Whose connections to use.
    package let destination: DestinationID
    /// Where it is.
    package let url: OutboundURL
    /// Fields of the destination's own; what ``CustomHeader`` refuses is left out.
    package let headers: [(name: String, value: Secret)]
    /// All secrets that are active, newest first.
    package let signing: [SigningSecret]
    /// What it wants events to look like.
    package let form: PayloadForm
    /// How long one attempt may take, from looking up the name to the end of the answer.
    package let timeout: Duration
    /// Whether it may be at a private address.
    package let allowsPrivate: Bool

    /// Joins the fields.
    package init(
        destination: DestinationID,
        url: OutboundURL,
        headers: [(name: String, value: Secret)],
        signing: [SigningSecret],
        form: PayloadForm,
        timeout: Duration,
        allowsPrivate: Bool
    ) {
        self.destination = destination
        self.url = url
        self.headers = headers
        self.signing = signing
        self.form = form
        self.timeout = timeout
        self.allowsPrivate = allowsPrivate
    }
}
