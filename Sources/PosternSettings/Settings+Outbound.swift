package import PosternOutbound

extension Settings {
    /// How requests to destinations go out; see `deploy/postern.yaml` for the meaning of each key.
    ///
    /// `version` is the program's, for the header `user-agent`.
    ///
    /// - Throws: ``SettingsError/badValue(key:reason:)``.
    package func outbound(version: String) throws(SettingsError) -> OutboundConfiguration {
        var outbound = OutboundConfiguration(userAgent: "Postern/\(version)")
        outbound.connectTimeout = try self.duration(
            "outbound.connectSeconds",
            secondsIn: 0.1...60,
            default: outbound.connectTimeout
        )
        outbound.answerLimitBytes = try self.integer(
            "outbound.answerBytes",
            in: 1024...16_777_216,
            default: outbound.answerLimitBytes
        )
        outbound.allowedNetworks = try self.networks("outbound.allowedNetworks")
        outbound.additionalCertificates = self.text("outbound.certificates")
        return outbound
    }
}
