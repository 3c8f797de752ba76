internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import PosternSettings
internal import ServiceLifecycle

/// Waits until the gateway answers, then says so; runs on until shutdown.
struct Greeter: Service {
    let environment: [String: String]
    let greet: @Sendable () -> Void

    func run() async throws {
        let origin = try await Settings(environment: self.environment).listeningOrigin
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if await Self.isReady(origin) {
                    self.greet()
                    break
                }
                do { try await Task.sleep(for: .milliseconds(100)) } catch { return }
            }
        }
        try? await gracefulShutdown()
    }

    private static func isReady(_ origin: String) async -> Bool {
        let request = HTTPClientRequest(url: "\(origin)/health/ready")
        do {
            return try await HTTPClient.shared.execute(request, timeout: .seconds(5)).status == .ok
        } catch {
            // Nobody listens yet: that is what is waited for.
            return false
        }
    }
}
