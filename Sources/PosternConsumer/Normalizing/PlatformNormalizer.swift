internal import PosternModel
package import PosternPlatforms
package import PosternStore

/// Normalizes by the platforms' definitions.
package struct PlatformNormalizer: DeliveryNormalizer {
    private let catalog: PlatformCatalog

    /// Takes the definitions to go by.
    package init(_ catalog: PlatformCatalog) { self.catalog = catalog }

    package func normalize(_ content: DeliveryContent, parameters: [String: String]) -> Normalization {
        guard let name = content.platformName, let platform = self.catalog.platform(named: name) else {
            return .transient(
                reason: "unknown_platform",
                detail: "no definition of \"\(content.platform)\" is known to this consumer; "
                    + "upgrade it, or give it the folder with the definition"
            )
        }
        let lines = RequestLines(content.headers)
        let version = Int32(clamping: platform.version)
        let source = DeliveryFacts(
            headers: lines.fields,
            parameters: parameters,
            query: lines.query,
            method: "POST",
            url: lines.target,
            deliveryID: Self.deliveryID(platform, lines, content.body)
        )
        do throws(NormalizationError) {
            let normalized = try platform.events.events(
                body: content.body,
                contentType: lines.value("content-type"),
                source: source,
                storedID: content.id.description
            )
            return .events(normalized, platform: name, definitionVersion: version)
        } catch {
            return .permanent(reason: error.code, detail: error.description, definitionVersion: version)
        }
    }

    private static func deliveryID(_ platform: Platform, _ lines: RequestLines, _ body: [UInt8]) -> String? {
        guard !platform.deliveryIDs.isEmpty else { return nil }
        let facts = RequestFacts(platform: platform, method: "POST", target: lines.target)
        for (name, value) in lines.fields { facts.note(name, value) }
        return platform.deliveryID(for: facts, body: platform.deliveryIDReadsBody ? body : [])
    }
}
