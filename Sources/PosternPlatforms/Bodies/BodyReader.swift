package import PosternJSON

/// Reads the bodies of one platform as JSON: as they are, out of a form's field, or as a projection.
package struct BodyReader: Hashable, Sendable {
    /// How bodies are read.
    package let format: BodyFormat
    /// The form field that holds the JSON document, if form bodies of this platform have one.
    package let field: String?

    /// Takes the `body:` and `body_field:` of a definition.
    package init(format: BodyFormat, field: String? = nil) {
        self.format = format
        self.field = field
    }

    /// The body as a JSON document.
    ///
    /// - Throws: ``NormalizationError`` when the body cannot be read; it never will be.
    package func document(body: [UInt8], contentType: String?) throws(NormalizationError) -> JSONDocument {
        try self.read(body: body, contentType: contentType).document
    }

    /// The body as a JSON document, and as a form when it is one.
    ///
    /// For JSON the document's bytes are the body's own; for JSON in a form field they are the field's, decoded; for
    /// other forms and XML they are the projection that ``FormBody`` and ``XMLProjection`` describe. A form without the
    /// named field is projected like any other.
    ///
    /// - Throws: ``NormalizationError`` when the body cannot be read; it never will be.
    package func read(
        body: [UInt8],
        contentType: String?
    ) throws(NormalizationError) -> (document: JSONDocument, form: FormBody?) {
        guard body.contains(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else { throw .emptyBody }
        switch try self.medium(of: body, contentType: contentType) {
        case .form:
            let form = FormBody(bytes: body)
            if let offset = form.malformedUTF8Offset { throw .malformedUTF8(offset: offset) }
            guard !form.isCut else { throw .tooManyFields(limit: FormBody.fieldLimit) }
            guard let name = self.field, let value = form.first(name) else { return (try Self.json(form.json()), form) }
            return (try Self.json(Array(value.utf8)), form)
        case .xml:
            let projection = try XMLProjection.json(body)
            return (try Self.json(projection, limits: XMLProjection.jsonLimits), nil)
        case .json, .unspecific, .other:
            return (try Self.json(body), nil)
        }
    }

    private func medium(of body: [UInt8], contentType: String?) throws(NormalizationError) -> MediaType {
        let media = MediaType(contentType)
        switch self.format {
        case .json:
            // Senders that mean JSON may say anything, so the body decides; only a named field makes it a form.
            guard self.field != nil, media == .form || media == .unspecific else { return .json }
            return MediaType(sniffing: body) == .json ? .json : .form
        case .form: return media == .json ? .json : .form
        case .xml: return .xml
        case .any:
            switch media {
            case .json, .form, .xml: return media
            case .unspecific, .other:
                guard let sniffed = MediaType(sniffing: body) else {
                    throw .unsupportedMedia(contentType ?? "no Content-Type")
                }
                return sniffed
            }
        }
    }

    private static func json(
        _ bytes: [UInt8],
        limits: JSONLimits = .standard
    ) throws(NormalizationError) -> JSONDocument {
        do throws(JSONError) {
            return try JSONDocument(bytes: bytes, limits: limits)
        } catch {
            switch error {
            case .tooDeep(let limit, _): throw .tooDeep(limit: limit)
            case .tooLarge(let limit, _): throw .tooLarge(limitBytes: limit)
            case .malformedUTF8(let offset): throw .malformedUTF8(offset: offset)
            case .unexpectedEnd, .unexpectedByte, .trailingBytes, .malformedNumber, .numberOutOfRange,
                .malformedEscape, .controlCharacter:
                throw .malformedJSON(offset: error.offset, reason: error.reason)
            }
        }
    }
}
