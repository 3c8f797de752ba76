internal import PosternModel
internal import PosternPlatforms
internal import PosternStore

/// A directory as the gateway reads it from the database: organizations with one endpoint each.
struct LimitedEndpoints {
    let contents: DirectoryContents

    /// Makes organizations that all have the same limit; the limits that belong to none are those of a new database.
    ///
    /// `request`: what the first endpoint gets; without one it has a platform and no secret.
    init(
        organizations: Int,
        limit: ConfiguredLimit,
        request: PlatformRequest? = nil
    ) throws(CaseFailure) {
        let platform: PlatformName
        if let request { platform = request.platform.name } else { platform = try PlatformRequest.name("github") }
        let key = try PlatformRequest.endpointKey()
        var contents = DirectoryContents()
        contents.limits = [
            .address: ConfiguredLimit(requestsPerMinute: 600),
            .unverified: ConfiguredLimit(requestsPerMinute: 3000, burst: 1000),
            .endpoint: .unlimited,
            .global: .unlimited,
        ]
        for number in 0..<organizations {
            let organization = OrganizationID(UniqueID(high: 1, low: UInt64(number)))
            let secrets = request.map { request in
                [
                    SecretRecord(
                        id: SecretID(UniqueID(high: 0, low: 1)),
                        kind: SecretKind.signing,
                        secret: request.secret,
                        createdAt: PlatformRequest.now
                    )
                ]
            }
            contents.organizations.append(OrganizationLimit(organization: organization, tier: "load", limit: limit))
            contents.endpoints.append(
                EndpointRecord(
                    id: EndpointID(UniqueID(high: 2, low: UInt64(number))),
                    organization: organization,
                    platform: platform,
                    scheme: request?.scheme.name.text ?? "default",
                    key: key,
                    name: "measured",
                    lane: Lane(Int32(number % 16)),
                    parameters: request?.parameters ?? [:],
                    createdAt: PlatformRequest.now,
                    secrets: secrets ?? []
                )
            )
        }
        self.contents = contents
    }
}
