internal import PosternJSON
internal import PosternPlatforms

/// Forms and XML: whatever is read becomes JSON.
enum BodyFuzz {
    static func form(_ bytes: [UInt8]) {
        let form = FormBody(bytes: bytes)
        precondition(form.pairs.count <= FormBody.fieldLimit, "\(form.pairs.count) fields")
        JSONFuzz.expect(form.json())
        Self.read(bytes, .form)
    }

    static func xml(_ bytes: [UInt8]) {
        guard let json = try? XMLProjection.json(bytes) else { return }
        // Each level of XML makes at most two of JSON.
        JSONFuzz.expect(json, limits: JSONLimits(depth: XMLLimits.standard.depth * 2 + 2))
        Self.read(bytes, .xml)
    }

    private static func read(_ bytes: [UInt8], _ format: BodyFormat) {
        let type = format == .form ? "application/x-www-form-urlencoded" : "application/atom+xml"
        // Why a body cannot be read is another matter; that it is said, and nothing worse happens, is this one.
        _ = try? BodyReader(format: format).document(body: bytes, contentType: type)
    }
}
