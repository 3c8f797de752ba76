/// What a run sends, and where to.
package struct LoadPlan {
    /// One for each server among the URLs.
    package let targets: [LoadTarget]
    /// What the bodies are.
    package let bodies: BodyChoice
}
