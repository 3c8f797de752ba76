import Glibc
import PosternTesting
import Testing

/// The reference library of Standard Webhooks for Python (`.ci/python` installs it).
enum ReferenceLibrary {
    /// Lets the library verify a message as a destination would; its answer is `verified` or the error's name.
    static func verify(secret: String, headers: [(name: String, value: String)], body: [UInt8]) async throws -> String {
        let python = try #require(
            unsafe getenv("POSTERN_PYTHON").map { unsafe String(cString: $0) },
            "set POSTERN_PYTHON to what .ci/python prints"
        )
        let script = """
            import sys
            from standardwebhooks.webhooks import Webhook
            headers = dict(zip(sys.argv[3::2], sys.argv[4::2]))
            try:
                Webhook(sys.argv[1]).verify(sys.argv[2].encode(), headers)
                print("verified")
            except Exception as error:
                print(type(error).__name__)
            """
        let arguments = ["-c", script, secret, String(decoding: body, as: UTF8.self)]
        let fields = headers.flatMap { [$0.name, $0.value] }
        return try await onThread { try Command.run(python, arguments + fields) }
    }
}
