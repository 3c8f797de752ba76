/// The program's version, as `--version` and the health report show it.
package enum PosternVersion {
    /// Semantic version.
    package static let text = "0.1.0"
}
