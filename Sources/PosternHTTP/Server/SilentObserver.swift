/// Counts nothing.
package struct SilentObserver: HTTPServerObserver {
    /// Makes an observer that counts nothing.
    package init() {}
}
