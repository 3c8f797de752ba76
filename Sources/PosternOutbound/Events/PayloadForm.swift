/// How an event is written into a request.
package enum PayloadForm: String, Sendable, CaseIterable {
    /// One JSON document that holds attributes and data (`application/cloudevents+json`).
    case structured
    /// Data as the body, attributes as `ce-` header fields.
    case binary
    /// The body and the header fields the platform sent, as Postern received them.
    case raw
}
