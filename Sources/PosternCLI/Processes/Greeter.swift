internal import Foundation
internal import FoundationNetworking
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
        guard let url = URL(string: "\(origin)/health/ready") else { return false }
        // Nobody listens yet: that is what is waited for.
        guard let (_, response) = try? await URLSession.shared.data(from: url) else { return false }
        return (response as? HTTPURLResponse)?.statusCode == 200
    }
}
